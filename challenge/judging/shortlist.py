"""Decides which entries the panel judges: those through the gates that the board cannot keep from the first ranks."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A team's final submission as the shortlist sees it."""

    submission_id: int
    reference: str
    team: str
    eligible: bool
    verdict: str | None
    """The licence verdict in force; None where there is none yet."""
    licence_passes: bool
    rank_low: int | None
    """The best rank that the private board cannot exclude; None where the entry is unranked."""


@dataclass(frozen=True)
class Choice:
    """An entry with the sentence that says why it is on the list or not."""

    entry: Entry
    reason: str


@dataclass(frozen=True)
class Shortlist:
    """The finalists and those left out, each in the order of references."""

    named: tuple[Choice, ...]
    left_out: tuple[Choice, ...]


def shortlist(entries: Iterable[Entry], *, finalists: int) -> Shortlist:
    """Part the entries by gates first and by best possible rank second; nobody is cut by a point estimate."""
    named, left_out = [], []
    for entry in sorted(entries, key=lambda one: one.reference):
        obstacle = why_not_finalist(entry, finalists=finalists)
        if obstacle:
            left_out.append(Choice(entry, obstacle))
        else:
            reason = f"Eligible, licence verdict {_words(entry.verdict)}, best possible rank {entry.rank_low} "
            named.append(Choice(entry, reason + f"of the first {finalists} on the private board."))
    return Shortlist(tuple(named), tuple(left_out))


def why_not_finalist(entry: Entry, *, finalists: int) -> str | None:
    """Return None where an entry is to be judged, else every reason why it is not, in sentences."""
    reasons = []
    if not entry.eligible:
        reasons.append("The team is not eligible.")
    if entry.verdict is None:
        reasons.append("There is no licence verdict yet.")
    elif not entry.licence_passes:
        reasons.append(f"The licence verdict is {_words(entry.verdict)}.")
    if entry.rank_low is None:
        reasons.append("It is not ranked on the private board.")
    elif entry.rank_low > finalists:
        reasons.append(f"Its best possible rank is {entry.rank_low}, beyond the first {finalists}.")
    return " ".join(reasons) or None


def _words(verdict: str | None) -> str:
    return (verdict or "none").replace("_", " ")
