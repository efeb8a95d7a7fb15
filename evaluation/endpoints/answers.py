"""What came back for each item, and what is to be said of the whole: an error is never a wrong answer."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class Outcome(StrEnum):
    """How one item ended. Only ANSWERED is for a scorer; whoever evaluates decides what the others count for."""

    ANSWERED = "answered"
    EMPTY = "empty"
    """The answer has no text: null, or nothing; often a model that thought until its tokens were spent."""
    CUT_OFF = "cut_off"
    """The text ends because the tokens were spent."""
    FILTERED = "filtered"
    """The server held the text back."""
    REJECTED = "rejected"
    """The server refused the request (HTTP 4xx)."""
    REDIRECTED = "redirected"
    """The server pointed elsewhere (HTTP 3xx), which is never followed."""
    FAILED = "failed"
    """The server failed (HTTP 5xx), each time."""
    THROTTLED = "throttled"
    """The server was asked too often (HTTP 429), each time."""
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    """There was no connection, or it broke off."""
    MALFORMED = "malformed"
    """The body is no JSON, or not of the agreed shape."""
    TOO_LARGE = "too_large"
    """The body is larger than is read."""
    UNSCORED = "unscored"
    """The server gave no log-probabilities, or none that belong to the continuations alone."""
    NOT_ASKED = "not_asked"
    """The run ended before."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one item. `scores` are sums of natural log-probabilities, one a continuation, with token counts."""

    item: str
    outcome: Outcome
    enquiry: str
    """The digest of what was sent."""
    text: str | None = None
    scores: tuple[float, ...] = ()
    lengths: tuple[int, ...] = ()
    finish: str | None = None
    model: str | None = None
    fingerprint: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    attempts: int = 0
    status: int | None = None
    detail: str = ""

    @property
    def is_heard(self) -> bool:
        """Whether the server said anything by HTTP at the last try, were it an error."""
        return self.status is not None

    @property
    def best(self) -> int | None:
        """The place of the likeliest continuation, the first of equal ones; `None` without scores."""
        return max(range(len(self.scores)), key=lambda place: self.scores[place]) if self.scores else None

    def to_data(self) -> dict[str, Any]:
        """Turn the answer into plain data for JSON."""
        return asdict(self) | {"outcome": self.outcome.value}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` gave."""
        changed = {"outcome": Outcome(data["outcome"])} | {key: tuple(data[key]) for key in ("scores", "lengths")}
        return cls(**{**data, **changed})


class End(StrEnum):
    """Why no further item was asked."""

    COMPLETE = "complete"
    REQUESTS_SPENT = "requests_spent"
    TOKENS_SPENT = "tokens_spent"
    TIME_SPENT = "time_spent"
    SHUT_OUT = "shut_out"
    """The server knows not the key, or not the model (HTTP 401, 403, 404): it would say so to every item."""
    FAILING = "failing"
    """Too many items in a row ended without an answer."""


class Finding(StrEnum):
    """What was seen of the endpoint itself."""

    MODEL_CHANGED = "model_changed"
    """Answers name more than one model or fingerprint."""
    MODEL_OTHER = "model_other"
    """Answers name another model than the one that was asked."""
    MODEL_UNNAMED = "model_unnamed"
    """Answers name no model."""
    USAGE_UNTOLD = "usage_untold"
    """Answers do not say how many tokens they took; bytes were counted, which are never fewer."""
    ANSWERS_DIFFER = "answers_differ"
    """The same question was answered in two ways."""


@dataclass(frozen=True)
class Drift:
    """How many items were asked a second time, and for how many of these the answer was another.

    `largest` is the largest difference of a log-probability, in nats; 0 where nothing was scored.
    """

    asked: int = 0
    differing: int = 0
    largest: float = 0.0

    @property
    def share(self) -> float | None:
        """The share of differing answers; `None` where nothing was compared."""
        return self.differing / self.asked if self.asked else None


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers in the order of the items, and what the run took: requests (every try), tokens, seconds."""

    answers: tuple[Answer, ...]
    end: End
    findings: tuple[Finding, ...]
    versions: tuple[tuple[str, str, int], ...]
    """Model, fingerprint ("" where untold) and how many answers named them, the most frequent first."""
    drift: Drift
    requests: int
    tokens: int
    seconds: float

    @property
    def outcomes(self) -> dict[Outcome, int]:
        """How many items ended in each way."""
        return dict(Counter(answer.outcome for answer in self.answers))
