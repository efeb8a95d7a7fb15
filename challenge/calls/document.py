"""The rules of a call as its document holds them: validated, dates in UTC, never a float."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

OFFICIAL_DRAWS = 100_000
"""The fewest draws of a board that decides, where the call asks for an official one."""
UPLOAD_GRACE = timedelta(hours=1)
"""So long may an upload take that began before the deadline; longer, and it could carry later work."""


class PhaseKind(StrEnum):
    """What happens in a phase."""

    SUBMISSION = "submission"
    JUDGING = "judging"
    ACCESS = "access"


@dataclass(frozen=True)
class Phase:
    """A time in which something may be done: from `opens` until just before `closes`."""

    key: str
    title: str
    kind: PhaseKind
    opens: datetime
    closes: datetime
    submissions: int = 0
    """How many submissions a team has in this phase."""
    failures: int = 0
    """How many unreadable submissions are given back before they count."""

    def covers(self, now: datetime) -> bool:
        """Tell whether `now` lies in the phase; the one place where a deadline is compared."""
        return self.opens <= now < self.closes


@dataclass(frozen=True)
class Criterion:
    """What judges score, 0 to 5 in half marks."""

    key: str
    title: str
    question: str
    threshold_halves: int
    weight: int = 1
    """Weights rank; they never lift a score over a threshold."""
    anchors: tuple[str, ...] = ()
    """What 0, 1, 2, 3, 4 and 5 marks mean here; empty where the call leaves it at the general scale."""


@dataclass(frozen=True)
class SuiteRule:
    """A suite that the call measures by."""

    key: str
    folder: str


@dataclass(frozen=True)
class RankingRules:
    """How a board is computed."""

    confidence: str
    draws: int
    seed: int
    missing: str
    """What an incomplete result is: `unranked` or `floor`."""
    decimals: int
    official: bool = False
    """Whether winners are chosen only from a board with at least OFFICIAL_DRAWS draws and this seed."""


@dataclass(frozen=True)
class SelectionRule:
    """How winners are found."""

    winners: int
    finalists: int
    board_weight: str
    board_anchor: tuple[str, str]
    jury_anchor_halves: tuple[int, int]
    tie_break: tuple[str, ...]
    most_finalists: int | None = None
    """The most entries that the panel takes; None where it takes all that cannot be excluded."""
    tie: str = "equal"
    """What is a tie at the cut: `equal` results alone, or any closer than their `interval`."""


@dataclass(frozen=True)
class Prize:
    """The money that winners share."""

    cents: int
    currency: str
    minimum_cents: int = 0
    above: str | None = None
    """Points from which on money follows points; None where shares are equal."""


@dataclass(frozen=True)
class MachineHours:
    """The hours that winners share on one machine."""

    machine: str
    hours: int
    unit: str
    """What one hour is, as the site accounts it."""
    cap: int | None = None
    """The most that one entrant is given."""
    minimum: int = 0
    """The least that a winner is given, unless it asked for less."""
    leftover: str = "unassigned"
    """Where hours go that winners cannot take: `unassigned`, or down the `reserve` list."""


@dataclass(frozen=True)
class EligibilityRules:
    """Who may enter."""

    countries: tuple[str, ...]
    control: tuple[str, ...]
    """Countries from which an entrant may be controlled."""
    sme: bool
    """Fewer than 250 persons, and turnover up to EUR 50 million or balance up to EUR 43 million."""
    founded_after: int | None
    experience: bool
    """Whether evidence of work with large models is asked for."""
    honour: bool
    """Whether a declaration on honour is asked for."""


@dataclass(frozen=True)
class Limits:
    """Sizes of what is handed in, in bytes."""

    predictions: int
    package: int


@dataclass(frozen=True)
class Rules:
    """Everything a call says."""

    key: str
    title: str
    summary: str
    authority: str
    zone: str
    phases: tuple[Phase, ...]
    criteria: tuple[Criterion, ...]
    total_threshold_halves: int
    suites: tuple[SuiteRule, ...]
    ranking: RankingRules
    selection: SelectionRule
    prize: Prize
    hours: tuple[MachineHours, ...]
    eligibility: EligibilityRules
    limits: Limits
    routes: tuple[str, ...]
    obligation_months: int
    endpoints: bool = False
    """Whether a team may hand in an endpoint in place of a model in its package."""

    def phase(self, kind: PhaseKind) -> Phase | None:
        """Return the first phase of a kind, None if the call has none."""
        return next((phase for phase in self.phases if phase.kind is kind), None)

    def open_phase(self, now: datetime) -> Phase | None:
        """Return the submission phase that covers `now`."""
        return next((p for p in self.phases if p.kind is PhaseKind.SUBMISSION and p.covers(now)), None)

    @property
    def last_deadline(self) -> datetime:
        """The instant from which on no upload may begin."""
        return max(phase.closes for phase in self.phases if phase.kind is PhaseKind.SUBMISSION)

    @property
    def last_arrival(self) -> datetime:
        """The instant by which every upload that began in time has come to its end."""
        return self.last_deadline + UPLOAD_GRACE


def read_document(plain: Mapping[str, Any]) -> Rules:
    """Build the rules from the plain data of a call's document, as `write_document` wrote it."""
    return Rules(
        **{name: plain[name] for name in ("key", "title", "summary", "authority", "zone")},
        phases=tuple(_phase(phase) for phase in plain["phases"]),
        criteria=tuple(Criterion(**_tuples(criterion)) for criterion in plain["criteria"]),
        total_threshold_halves=plain["total_threshold_halves"],
        suites=tuple(SuiteRule(**suite) for suite in plain["suites"]),
        ranking=RankingRules(**plain["ranking"]),
        selection=SelectionRule(**_tuples(plain["selection"])),
        prize=Prize(**plain["prize"]),
        hours=tuple(MachineHours(**machine) for machine in plain["hours"]),
        eligibility=EligibilityRules(**_tuples(plain["eligibility"])),
        limits=Limits(**plain["limits"]),
        routes=tuple(plain["routes"]),
        obligation_months=plain["obligation_months"],
        endpoints=plain.get("endpoints", False),
    )


def _tuples(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}


def _phase(plain: Mapping[str, Any]) -> Phase:
    instants = {name: datetime.fromisoformat(plain[name]) for name in ("opens", "closes")}
    return Phase(**{**plain, **instants, "kind": PhaseKind(plain["kind"])})
