"""Whether an endpoint is one model that answers alike: what its answers name, and what it says when asked twice."""

import hashlib
import math
from collections import Counter
from collections.abc import Sequence

from evaluation.endpoints.answers import Answer, Drift, Finding, Outcome

_HEARD = frozenset({Outcome.ANSWERED, Outcome.CUT_OFF})


def sample(answers: Sequence[Answer], share: float, seed: int) -> list[str]:
    """Choose items to be asked again: at least one where `share` is above 0, in an order that only the seed decides."""
    heard = [answer.item for answer in answers if answer.outcome in _HEARD]
    count = math.ceil(share * len(heard))
    return sorted(heard, key=lambda item: hashlib.sha256(f"{seed}|again|{item}".encode()).digest())[:count]


def compared(firsts: Sequence[Answer], seconds: Sequence[Answer]) -> Drift:
    """Hold second answers against the first to the same items; only pairs of which both were heard count."""
    before = {answer.item: answer for answer in firsts}
    pairs = [(before[second.item], second) for second in seconds if second.outcome in _HEARD]
    gaps = [
        abs(one - other) for first, second in pairs for one, other in zip(first.scores, second.scores, strict=False)
    ]
    return Drift(
        asked=len(pairs),
        differing=sum((first.text, first.best) != (second.text, second.best) for first, second in pairs),
        largest=max(gaps, default=0.0),
    )


def versions_of(answers: Sequence[Answer]) -> tuple[tuple[str, str, int], ...]:
    """Count the models and fingerprints that answers name, the most frequent first."""
    counts = Counter((answer.model or "", answer.fingerprint or "") for answer in answers if _came(answer))
    return tuple((model, fingerprint, count) for (model, fingerprint), count in sorted(counts.items(), key=_frequent))


def findings_of(answers: Sequence[Answer], *, model: str, untold: bool, drift: Drift) -> tuple[Finding, ...]:
    """List what is to be said of an endpoint that was asked for `model`, in the order of Finding."""
    versions = versions_of(answers)
    named = {name for name, _, _ in versions}
    seen = {
        Finding.MODEL_CHANGED: len(versions) > 1,
        Finding.MODEL_OTHER: bool(named - {model, ""}),
        Finding.MODEL_UNNAMED: "" in named,
        Finding.USAGE_UNTOLD: untold,
        Finding.ANSWERS_DIFFER: drift.differing > 0,
    }
    return tuple(finding for finding in Finding if seen[finding])


def _came(answer: Answer) -> bool:
    """Say whether a body of the agreed shape came back for an item."""
    return answer.outcome in _HEARD | {Outcome.EMPTY, Outcome.FILTERED, Outcome.UNSCORED}


def _frequent(entry: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -entry[1], entry[0]
