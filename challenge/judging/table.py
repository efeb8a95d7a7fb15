"""Lays the panel's scores for one entry side by side, and says where judges are apart and what is missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from challenge.calls.document import Rules
from challenge.judging.docket import Agreed, Docket, Duty, Listed, Seat
from challenge.judging.marks import far_apart, mean, thresholds_missed


@dataclass(frozen=True)
class SeatMarks:
    """One judge's line: what they owe, and their half marks where they are in and may be shown."""

    seat: Seat
    duty: Duty
    halves: Mapping[str, int] | None
    total: int | None


@dataclass(frozen=True)
class Row:
    """One finalist as the panel sees it."""

    listed: Listed
    is_open: bool
    """Whether scores are shown; they are not before the reader's own review is in."""
    marks: tuple[SeatMarks, ...]
    means: Mapping[str, Decimal | None]
    total: Decimal | None
    apart: tuple[str, ...]
    """Titles of criteria on which judges are 1.5 marks apart or more."""
    agreed: Agreed | None
    agreed_total: int | None
    missed: tuple[str, ...]
    """Thresholds that the consensus stays under, in sentences."""


@dataclass(frozen=True)
class Spread:
    """All marks on one criterion of one entry: the reader's own apart, and how far the outermost lie apart."""

    criterion: str
    marks: tuple[tuple[str, int], ...]
    """Judges by name with their half marks, in the order of seats."""
    own: int | None
    mean: Decimal | None
    apart: int
    """Half marks between the highest and the lowest."""
    is_far: bool


def spreads(docket: Docket, submission_id: int, rules: Rules, *, reader: int | None) -> tuple[Spread, ...]:
    """Lay out how the marks on an entry are spread by criterion, for somebody to whom its scores are open."""
    reports = docket.reports_on(submission_id)
    named = {seat.account_id: seat.name for seat in docket.seats}
    found = []
    for criterion in rules.criteria:
        marks = [(named[account_id], report.halves[criterion.key]) for account_id, report in reports.items()]
        halves = [value for _, value in marks]
        own = reports[reader].halves[criterion.key] if reader in reports and reader is not None else None
        apart = max(halves) - min(halves) if halves else 0
        found.append(Spread(criterion.title, tuple(marks), own, mean(halves), apart, far_apart(halves)))
    return tuple(found)


def row(docket: Docket, listed: Listed, rules: Rules, *, is_open: bool) -> Row:
    """Lay out one finalist; where `is_open` is false, nothing that a score could be told from is in it."""
    reports = docket.reports_on(listed.submission_id) if is_open else {}
    keys = [criterion.key for criterion in rules.criteria]
    columns = {key: [report.halves[key] for report in reports.values()] for key in keys}
    agreed = docket.agreed.get(listed.submission_id) if is_open else None
    return Row(
        listed=listed,
        is_open=is_open,
        marks=tuple(_marks(docket, seat, listed, is_open=is_open) for seat in docket.seats),
        means={key: mean(column) for key, column in columns.items()},
        total=_total(columns, len(reports)),
        apart=tuple(criterion.title for criterion in rules.criteria if far_apart(columns[criterion.key])),
        agreed=agreed,
        agreed_total=sum(agreed.halves[key] for key in keys) if agreed else None,
        missed=thresholds_missed(agreed.halves, rules) if agreed else (),
    )


def _marks(docket: Docket, seat: Seat, listed: Listed, *, is_open: bool) -> SeatMarks:
    report = docket.reports_on(listed.submission_id).get(seat.account_id) if is_open else None
    return SeatMarks(
        seat=seat,
        duty=docket.duty(seat.account_id, listed.submission_id),
        halves=report.halves if report else None,
        total=sum(report.halves.values()) if report else None,
    )


def _total(columns: Mapping[str, Sequence[int]], judges: int) -> Decimal | None:
    """Return the mean of the judges' totals in marks, rounded once and not criterion by criterion."""
    if not judges:
        return None
    return mean([sum(column[place] for column in columns.values()) for place in range(judges)])
