"""What the choice of winners starts from: every final entry with its gates, and what the panel said beyond scores."""

from collections.abc import Mapping
from dataclasses import dataclass

BEFORE_THE_PANEL = ("eligibility", "licence", "board")
"""The gates that decide who comes before the panel; the others follow from what the panel does."""


@dataclass(frozen=True)
class GateFact:
    """A yes or no about an entry, with its evidence."""

    name: str
    passed: bool
    evidence: str


@dataclass(frozen=True)
class Contestant:
    """A team's final entry before the choice; `points` as the board's decimal text."""

    reference: str
    submission_id: int
    team_id: int
    team: str
    country: str
    gates: tuple[GateFact, ...]
    points: str | None
    rank_low: int | None
    rank_high: int | None
    halves: Mapping[str, int]
    """What the panel agreed on, in half marks by criterion; empty for an entry it did not judge."""
    requests: Mapping[str, int]
    """GPU-hours asked for, by machine."""


@dataclass(frozen=True)
class Vote:
    """The panel's vote on one of several entries that the declared steps leave tied, with its reason."""

    reference: str
    votes: int
    reason: str


@dataclass(frozen=True)
class Withheld:
    """The panel's word that an entry shall not be awarded although it passed every threshold, with its reason."""

    reference: str
    reason: str


@dataclass(frozen=True)
class Deliberation:
    """What the panel decided beyond scores: votes on ties, and awards it does not recommend."""

    votes: tuple[Vote, ...] = ()
    withheld: tuple[Withheld, ...] = ()

    def withheld_reason(self, reference: str) -> str | None:
        """Return why the panel withholds an award from an entry, None where it does not."""
        return next((one.reason for one in self.withheld if one.reference == reference), None)


@dataclass(frozen=True)
class Facts:
    """What the rooms before know of an entry, as far as its gates need it."""

    eligible: bool
    verdict: str | None
    licence_passes: bool
    points: str | None
    is_finalist: bool


def gates(facts: Facts, *, withheld: str | None) -> tuple[GateFact, ...]:
    """Turn facts into gates; no score makes up for a gate, and the panel's own gate can only hold an entry back."""
    verdict = (facts.verdict or "none yet").replace("_", " ")
    eligible = "the team is eligible" if facts.eligible else "the team is not eligible"
    judged = "judged by the panel" if facts.is_finalist else "not among the finalists"
    return (
        GateFact("eligibility", facts.eligible, eligible),
        GateFact("licence", facts.licence_passes, f"licence verdict {verdict}"),
        GateFact("board", facts.points is not None, "ranked on the private board" if facts.points else "not ranked"),
        GateFact("finalist", facts.is_finalist, judged),
        GateFact("recommendation", withheld is None, "no objection of the panel" if withheld is None else withheld),
    )
