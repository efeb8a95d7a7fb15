"""What a registrar says of an article is data from outside: it is read with limits, and nothing in it is believed.

The metadata are CSL-JSON (Citation Style Language 1.0.2), which Crossref and DataCite give by content negotiation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LONGEST, MOST_AUTHORS = 1_000, 500
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


class Found(StrEnum):
    """Whether a DOI is registered; unknown where nobody who could tell was reached."""

    REGISTERED = "registered"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Publication:
    """An article as its registrar describes it; what it does not say is empty."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    """A year, a month or a day, as 2026, 2026-05 or 2026-05-02."""
    publisher: str = ""
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """What was found out about a DOI; `publication` only where it is registered and its metadata were readable."""

    doi: str
    found: Found
    sentence: str
    publication: Publication | None = None


def read_metadata(data: object) -> Publication | None:
    """Read CSL-JSON; None where it is no such thing or names no title."""
    if not isinstance(data, Mapping):
        return None
    title = _text(data.get("title"))
    if not title:
        return None
    authors = data.get("author")
    named = [_name(one) for one in authors[:MOST_AUTHORS]] if isinstance(authors, list) else []
    return Publication(
        title=title,
        authors=tuple(name for name in named if name),
        published=_published(data),
        publisher=_text(data.get("publisher")),
        kind=_text(data.get("type")),
    )


def _name(author: object) -> str:
    if not isinstance(author, Mapping):
        return ""
    whole = " ".join(filter(None, (_text(author.get(key)) for key in ("given", "family"))))
    return whole or _text(author.get("literal")) or _text(author.get("name"))


def _published(data: Mapping[str, Any]) -> str:
    """Return the earliest day on which it came out, as far as it is told."""
    for key in ("issued", "published", "published-online", "published-print"):
        said = data.get(key)
        if not isinstance(said, Mapping):
            continue
        parts = said.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list):
            numbers = [str(part) for part in parts[0][:3]]
            if numbers and all(number.isdecimal() for number in numbers):
                day = "-".join([numbers[0].zfill(4), *(number.zfill(2) for number in numbers[1:])])
                if _DAY.fullmatch(day):
                    return day
        raw = said.get("raw")
        if isinstance(raw, str) and (start := _DAY.match(raw)):
            return start[0]
    return ""


def _text(value: object) -> str:
    """Return a text in one line without control characters, cut where it is too long; the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if not isinstance(value, str):
        return ""
    printable = "".join(letter if letter.isprintable() else " " for letter in value[: 4 * LONGEST])
    return " ".join(printable.split())[:LONGEST]
