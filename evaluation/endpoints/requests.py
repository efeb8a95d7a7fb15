"""What an endpoint is asked: to continue a text, or to score choices; the bytes are the same whenever they are sent."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from evaluation.endpoints.endpoint import Endpoint, Route


@dataclass(frozen=True)
class Generation:
    """One item for which a text is to be generated, up to a stop or to so many tokens."""

    item: str
    prompt: str
    stop: tuple[str, ...] = ()
    max_tokens: int = 256
    system: str | None = None
    """What stands before the prompt as the message of the system; by completions it is put before the prompt."""

    def __post_init__(self) -> None:
        """Refuse what no endpoint takes."""
        if not self.prompt or not 1 <= self.max_tokens <= 1_000_000 or len(self.stop) > 4 or not all(self.stop):
            raise ValueError(f"{self.item}: a generation needs a prompt, 1 to 1,000,000 tokens and at most 4 stops.")


@dataclass(frozen=True)
class Choices:
    """One item whose choices are scored: how likely is each continuation after the prompt?"""

    item: str
    prompt: str
    continuations: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be scored."""
        if not self.prompt or len(self.continuations) < 2 or not all(self.continuations):
            raise ValueError(f"{self.item}: choices need a prompt and at least two continuations, none of them empty.")


Request = Generation | Choices


@dataclass(frozen=True)
class Enquiry:
    """What is sent for a request: the path after the endpoint's address, and the body."""

    path: str
    body: bytes

    @property
    def digest(self) -> str:
        """Name the enquiry: the SHA-256 of path and body; an answer is kept for just this enquiry."""
        return hashlib.sha256(self.path.encode() + b"\n" + self.body).hexdigest()


def enquiry_for(request: Request, endpoint: Endpoint) -> Enquiry:
    """Write what is sent for a request.

    Choices are scored as lm-evaluation-harness does it: prompt and continuation are echoed with the log-probability of
    each token. One token more is asked for, because some servers take no nought; it is left out of the sum.
    """
    body: dict[str, Any] = {"model": endpoint.model, "temperature": endpoint.temperature, "top_p": endpoint.top_p}
    if endpoint.seed is not None:
        body["seed"] = endpoint.seed
    if isinstance(request, Choices):
        texts = [request.prompt + continuation for continuation in request.continuations]
        body |= {"prompt": texts, "max_tokens": 1, "echo": True, "logprobs": 1}
        return Enquiry(Route.COMPLETIONS.value, _canonical(body))
    body |= {"max_tokens": request.max_tokens}
    if request.stop:
        body["stop"] = list(request.stop)
    if endpoint.route is Route.CHAT:
        system = [{"role": "system", "content": request.system}] if request.system else []
        body["messages"] = [*system, {"role": "user", "content": request.prompt}]
    else:
        body["prompt"] = f"{request.system}\n\n{request.prompt}" if request.system else request.prompt
    return Enquiry(endpoint.route.value, _canonical(body))


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
