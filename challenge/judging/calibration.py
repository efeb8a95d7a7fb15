"""What a panel's marks say taken together: means on one scale, each judge's shift, agreement, and what to talk about.

The instrument computes it; here it is put into the shapes that pages and files need. Points run from 0 to 5.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from challenge.judging.docket import Docket


class MarkGiven(NamedTuple):
    """One mark of one judge on one criterion of an entry, in half marks."""

    entry: str
    judge: str
    criterion: str
    halves: int


@dataclass(frozen=True)
class Estimate:
    """A number with its interval; None where the marks do not say."""

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class EntryMeans:
    """An entry's raw mean, which always stands, and its calibrated score beside it."""

    raw: Decimal | None
    calibrated: Estimate
    judges: int


@dataclass(frozen=True)
class JudgeShift:
    """How far a judge marks above the panel, in points, and that as a sentence for the judge."""

    judge: str
    shift: Estimate
    entries: int
    sentence: str


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha on one criterion, or on all together where `criterion` is empty."""

    criterion: str
    alpha: Estimate
    units: int


@dataclass(frozen=True)
class Disputed:
    """A criterion of an entry on which the lowest and the highest mark lie far apart; in half marks."""

    entry: str
    criterion: str
    lowest: int
    highest: int


@dataclass(frozen=True)
class PanelStatistics:
    """All of it, with the digests of what went in and of what came out."""

    is_calibrated: bool
    sentence: str
    """Whether the marks could be brought onto one scale, and if not, why not."""
    components: int
    """Into how many groups without a common judge the marks fall; 1 is what calibration needs."""
    entries: Mapping[str, EntryMeans] = field(default_factory=dict)
    shifts: Mapping[str, JudgeShift] = field(default_factory=dict)
    agreements: tuple[Agreement, ...] = ()
    disputed: tuple[Disputed, ...] = ()
    """The widest first."""
    input_digest: str = ""
    result_digest: str = ""


def names_of_judges(docket: Docket) -> dict[int, str]:
    """Name every panellist so that no two share a name."""
    names = [seat.name for seat in docket.seats]
    return {
        seat.account_id: seat.name if names.count(seat.name) == 1 else f"{seat.name} ({seat.affiliation})"
        for seat in docket.seats
    }


def marks_of(docket: Docket, open_to_reader: Collection[int]) -> tuple[MarkGiven, ...]:
    """Gather the marks on those submissions that are open to a reader, and on no other.

    A calibrated mean rests on everything that its judges gave elsewhere. Were an entry in it from which the reader
    stands back, its scores could be told from the others' means; so whatever is computed for a reader starts here.
    """
    names = names_of_judges(docket)
    return tuple(
        MarkGiven(listed.reference, names[account_id], criterion, halves)
        for listed in docket.finalists
        if listed.submission_id in open_to_reader
        for account_id, report in sorted(docket.reports_on(listed.submission_id).items())
        for criterion, halves in sorted(report.halves.items())
    )


def discussion_order(statistics: PanelStatistics) -> list[tuple[str, tuple[Disputed, ...]]]:
    """Return the entries with something to talk about, the widest difference first, then the most criteria."""
    by_entry: dict[str, list[Disputed]] = {}
    for one in statistics.disputed:
        by_entry.setdefault(one.entry, []).append(one)

    def weight(entry: str) -> tuple[int, int, str]:
        spans = [one.highest - one.lowest for one in by_entry[entry]]
        return -max(spans), -len(spans), entry

    return [(entry, tuple(by_entry[entry])) for entry in sorted(by_entry, key=weight)]
