"""Every team's final entry before a choice: its gates, its place on the deciding board, what the panel agreed on."""

from collections.abc import Mapping
from dataclasses import dataclass

from challenge.compliance.evidence import verdict_in_words

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
    """The best rank that the private board cannot exclude; None where the entry is unranked, as are the points."""
    rank_high: int | None
    is_finalist: bool
    halves: Mapping[str, int]
    """What the panel agreed on, in half marks by criterion; empty for an entry that it has not agreed on."""
    requests: Mapping[str, int]
    """GPU-hours asked for, by machine."""
    verdict: str | None = None
    """The licence verdict in force; None before the package is examined."""


def gates_before_panel(
    *, eligible: bool, verdict: str | None, licence_passes: bool, ranked: bool
) -> tuple[GateFact, ...]:
    """Turn facts into the gates before the panel, in the order of BEFORE_THE_PANEL; no score makes up for one."""
    return (
        GateFact("eligibility", eligible, "the team is eligible" if eligible else "the team is not eligible"),
        GateFact("licence", licence_passes, f"licence verdict {verdict_in_words(verdict or 'none yet')}"),
        GateFact("board", ranked, "ranked on the private board" if ranked else "not ranked"),
    )
