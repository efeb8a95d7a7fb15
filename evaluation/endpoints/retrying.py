"""What is tried again, and after how long: as the server says, else in growing steps with jitter from a seed.

Waiting is a pure function of seed, item and attempt, so a run waits as it did before, in whatever order it asks.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

AGAIN = frozenset({408, 425, 429})
"""What is tried again among HTTP 4xx: request timeout, too early, too many requests."""
SHUT_OUT = frozenset({401, 403, 404})
"""What every further item would hear too."""


@dataclass(frozen=True, kw_only=True)
class Retries:
    """How often an item is tried, and how long is waited between, in seconds."""

    attempts: int = 5
    first: float = 1.0
    longest: float = 60.0
    longest_told: float = 300.0
    """At most so long is waited because the server says so."""
    seed: int = 0


def is_tried_again(status: int) -> bool:
    """Say whether a status of HTTP may be another at the next try."""
    return status in AGAIN or (500 <= status <= 599 and status not in {501, 505})


def delay(retries: Retries, item: str, attempt: int, told: float | None) -> float:
    """Give the seconds to wait after the failed attempt (1, 2, …) of an item, `told` of which the server asks for.

    Without a word of the server: between half and the whole of first · 2^(attempt − 1), at most `longest`. What the
    server says is the least that is waited, up to `longest_told`.
    """
    step = min(retries.longest, retries.first * 2.0 ** (attempt - 1))
    drawn = hashlib.sha256(f"{retries.seed}|{item}|{attempt}".encode()).digest()
    jitter = int.from_bytes(drawn[:8], "big") / 2**64
    own = step * (0.5 + 0.5 * jitter)
    return own if told is None else max(own, min(told, retries.longest_told))


def told_delay(header: str | None, date: float) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3), seconds or a date, as seconds from `date`; `None` where it says nothing."""
    if header is None:
        return None
    value = header.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    instant = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    return max(0.0, instant.timestamp() - date)
