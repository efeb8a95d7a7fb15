"""A body from an endpoint is read strictly: what is not of the agreed shape is no answer, and never a wrong one."""

import json
import math
from dataclasses import dataclass
from typing import Any

from evaluation.endpoints.answers import Outcome
from evaluation.endpoints.requests import Choices, Request


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What one body says about one request."""

    outcome: Outcome
    text: str | None = None
    scores: tuple[float, ...] = ()
    lengths: tuple[int, ...] = ()
    finish: str | None = None
    model: str | None = None
    fingerprint: str | None = None
    usage: tuple[int, int] | None = None
    """Tokens of the prompt and of the completion, `None` where the server does not say."""
    detail: str = ""
    again: bool = False
    """Whether another try could end otherwise: what is no JSON is often a page of something in between."""


def read_reply(body: bytes, request: Request) -> Reply:
    """Read the body of an answer with status 200; what cannot be read is MALFORMED, with the reason in `detail`."""
    try:
        data = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return Reply(outcome=Outcome.MALFORMED, detail="the body is not JSON", again=True)
    choices = data.get("choices") if isinstance(data, dict) else None
    if not isinstance(choices, list) or not choices or not all(isinstance(choice, dict) for choice in choices):
        return Reply(outcome=Outcome.MALFORMED, detail="the body has no list of choices")
    known = {
        "model": _text(data.get("model")),
        "fingerprint": _text(data.get("system_fingerprint")),
        "usage": _usage(data.get("usage")),
    }
    if isinstance(request, Choices):
        return _scored(choices, request, known)
    return _generated(choices[0], known)


def _generated(choice: dict[str, Any], known: dict[str, Any]) -> Reply:
    """Read a generated text, from a message of a chat or from a completion."""
    finish = _text(choice.get("finish_reason"))
    if "message" in choice:
        message = choice["message"]
        if not isinstance(message, dict):
            return Reply(outcome=Outcome.MALFORMED, detail="the message is not an object", **known)
        text = message.get("content")
    elif "text" in choice:
        text = choice["text"]
    else:
        return Reply(outcome=Outcome.MALFORMED, detail="the choice has neither a message nor a text", **known)
    if text is not None and not isinstance(text, str):
        return Reply(outcome=Outcome.MALFORMED, detail="the text is not a text", **known)
    if text is not None and not _is_whole(text):
        return Reply(outcome=Outcome.MALFORMED, detail="the text holds half of a character", **known)
    if finish == "content_filter":
        outcome = Outcome.FILTERED
    elif not text:
        outcome = Outcome.EMPTY
    elif finish == "length":
        outcome = Outcome.CUT_OFF
    else:
        outcome = Outcome.ANSWERED
    return Reply(outcome=outcome, text=text, finish=finish, **known)


def _scored(choices: list[dict[str, Any]], request: Choices, known: dict[str, Any]) -> Reply:
    """Add up the log-probabilities of each continuation."""
    places = [choice.get("index", place) for place, choice in enumerate(choices)]
    if sorted(map(str, places)) != sorted(str(place) for place in range(len(request.continuations))):
        return Reply(outcome=Outcome.MALFORMED, detail="there is not one choice for each continuation", **known)
    ordered = dict(zip(map(int, places), choices, strict=True))
    sums: list[float] = []
    lengths: list[int] = []
    for place, continuation in enumerate(request.continuations):
        found = _sum(ordered[place].get("logprobs"), len(request.prompt), len(continuation))
        if isinstance(found, str):
            return Reply(outcome=Outcome.UNSCORED, detail=found, **known)
        sums.append(found[0])
        lengths.append(found[1])
    return Reply(outcome=Outcome.ANSWERED, scores=tuple(sums), lengths=tuple(lengths), **known)


def _sum(logprobs: Any, begin: int, length: int) -> tuple[float, int] | str:
    """Sum the log-probabilities of the tokens in `[begin, begin + length)` characters; a sentence where that fails."""
    if not isinstance(logprobs, dict):
        return "the server gives no log-probabilities"
    offsets, values = logprobs.get("text_offset"), logprobs.get("token_logprobs")
    if not isinstance(offsets, list) or not isinstance(values, list) or len(offsets) != len(values):
        return "the server gives no log-probability for each token"
    if not all(type(offset) is int for offset in offsets):
        return "the server does not say where tokens begin"
    inside = [value for offset, value in zip(offsets, values, strict=True) if begin <= offset < begin + length]
    if begin not in offsets:
        return "a token lies across the end of the prompt; end the prompt, or begin the continuation, with a blank"
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in inside):
        return "the server gives no log-probability for each token"
    if not all(-1e6 <= value <= 0 for value in inside):
        return "a log-probability is no logarithm of a probability"
    total = math.fsum(inside)
    return total, len(inside)


def _usage(data: Any) -> tuple[int, int] | None:
    """Read how many tokens were taken; a completion without an entry of its own took the rest of the total."""
    if not isinstance(data, dict):
        return None
    prompt, completion = data.get("prompt_tokens"), data.get("completion_tokens", 0)
    if completion is None:
        completion = 0
    if not all(type(count) is int and 0 <= count < 10**9 for count in (prompt, completion)):
        return None
    return prompt, completion  # type: ignore[return-value]


def _text(value: Any) -> str | None:
    return value[:200].encode("utf-8", "replace").decode() if isinstance(value, str) else None


def _is_whole(text: str) -> bool:
    """Say whether a text can be written as UTF-8: JSON may name lone surrogates, which are no characters."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")
