"""Everything a panel has before it, in one piece: who sits, who stands back from what, who has said what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Pair = tuple[int, int]
"""A judge's account and a submission."""


class Duty(StrEnum):
    """What a panellist still owes one finalist: a declaration, a review, nothing more, or nothing at all."""

    UNDECLARED = "undeclared"
    RECUSED = "recused"
    OWED = "owed"
    DRAFT = "draft"
    SUBMITTED = "submitted"


@dataclass(frozen=True)
class Seat:
    """A judge on the panel."""

    account_id: int
    name: str
    affiliation: str
    is_chair: bool


@dataclass(frozen=True)
class Listed:
    """A finalist, with what a judge must know to declare a conflict."""

    submission_id: int
    reference: str
    team: str
    members: tuple[str, ...]
    member_ids: frozenset[int]
    reason: str


@dataclass(frozen=True)
class Word:
    """A judge's declaration on one finalist."""

    conflict: bool
    statement: str
    at: datetime


@dataclass(frozen=True)
class Report:
    """A judge's latest submitted review of one finalist, half marks and comments by criterion."""

    version: int
    halves: Mapping[str, int]
    comments: Mapping[str, str]
    at: datetime


@dataclass(frozen=True)
class Agreed:
    """What the panel agreed on for one finalist."""

    version: int
    halves: Mapping[str, int]
    statement: str
    reason: str
    recorded_by: str
    at: datetime


@dataclass(frozen=True)
class Docket:
    """A call's judging at one moment; finalists by name of team, so that their order says nothing about merit."""

    seats: tuple[Seat, ...]
    finalists: tuple[Listed, ...]
    links: Mapping[Pair, tuple[str, ...]] = field(default_factory=dict)
    """What the platform found between a judge and a team, in sentences."""
    words: Mapping[Pair, Word] = field(default_factory=dict)
    drafts: frozenset[Pair] = frozenset()
    reports: Mapping[Pair, Report] = field(default_factory=dict)
    agreed: Mapping[int, Agreed] = field(default_factory=dict)
    competitors: frozenset[int] = frozenset()
    """Accounts of everybody who is a member of a team in the call."""

    def seat(self, account_id: int | None) -> Seat | None:
        """Return a person's seat on the panel, None for those who have none."""
        return next((seat for seat in self.seats if seat.account_id == account_id), None)

    def listed(self, reference: str) -> Listed | None:
        """Return the finalist of that reference, None if it is not on the list."""
        return next((one for one in self.finalists if one.reference == reference), None)

    def is_recused(self, account_id: int, submission_id: int) -> bool:
        """Tell whether a conflict, found or declared, keeps a person from an entry."""
        pair = (account_id, submission_id)
        return bool(self.links.get(pair)) or (pair in self.words and self.words[pair].conflict)

    def duty(self, account_id: int, submission_id: int) -> Duty:
        """Say what a panellist still owes a finalist."""
        pair = (account_id, submission_id)
        if self.is_recused(account_id, submission_id):
            return Duty.RECUSED
        if pair not in self.words:
            return Duty.UNDECLARED
        if pair in self.reports:
            return Duty.SUBMITTED
        return Duty.DRAFT if pair in self.drafts else Duty.OWED

    def judges_of(self, submission_id: int) -> tuple[Seat, ...]:
        """Return the panellists who judge an entry: all whom no conflict keeps from it."""
        return tuple(seat for seat in self.seats if not self.is_recused(seat.account_id, submission_id))

    def reports_on(self, submission_id: int) -> dict[int, Report]:
        """Return the reviews that count for an entry, by account: latest, submitted, of present panellists."""
        pairs = ((seat.account_id, submission_id) for seat in self.judges_of(submission_id))
        return {pair[0]: self.reports[pair] for pair in pairs if pair in self.reports}

    def missing(self, submission_id: int) -> tuple[Seat, ...]:
        """Return the panellists who judge an entry and have not submitted their review."""
        done = self.reports_on(submission_id)
        return tuple(seat for seat in self.judges_of(submission_id) if seat.account_id not in done)

    def has_done_all(self, account_id: int) -> bool:
        """Tell whether a panellist has submitted every review that is theirs to give."""
        duties = {self.duty(account_id, one.submission_id) for one in self.finalists}
        return bool(self.finalists) and duties <= {Duty.SUBMITTED, Duty.RECUSED}

    def seen_by(self, account_id: int) -> tuple[Listed, ...]:
        """Return the finalists of which a person may see rows: none with a conflict, none of an own team."""
        return tuple(
            one
            for one in self.finalists
            if account_id not in one.member_ids and not self.is_recused(account_id, one.submission_id)
        )
