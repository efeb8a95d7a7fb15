"""Where the places end, and how near everybody stands to that line: for people to read, after the choice is made.

The line is the lowest composite among those who won or are undecided. Its interval is that of the difference to the
entry on the line, joint over items and judges, whichever way the rules declare ties.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from leaderboards.candidates import BY_INTERVAL, Candidate, SelectionRules
from leaderboards.decimals import from_exact
from leaderboards.selection import Selection
from leaderboards.spread import Spread
from leaderboards.ties import Contender
from leaderboards.winners import contend


@dataclass(frozen=True)
class Distance:
    """How far an entrant's composite lies above (or below, negative) the line, as decimals of six places.

    half_width: None where nothing is known about the spread of the difference. tied: by the rules' own kind of tie.
    """

    entrant: str
    above: str
    half_width: str | None
    tied: bool
    apart: bool
    """Whether the difference lies outside its interval, so that more than chance parts the two."""


@dataclass(frozen=True)
class Cut:
    """The entry on the line, and everybody's distance to it, in order of places."""

    at: str
    distances: tuple[Distance, ...]

    @property
    def tied(self) -> tuple[str, ...]:
        """Name all who are tied with the entry on the line, itself included."""
        return tuple(one.entrant for one in self.distances if one.tied)


def cut(candidates: Sequence[Candidate], rules: SelectionRules, selection: Selection, *, spread: Spread) -> Cut | None:
    """Find the line of a choice that `choose_winners` made; None where there was a place for everybody."""
    if len(selection.places) <= rules.max_winners and not selection.undecided:
        return None
    contenders = {one.entrant: one for one in contend(candidates, rules, [])[0]}
    ordered = [contenders[place.entrant] for place in selection.places]
    taken = [contenders[name] for name in (*selection.winners, *selection.undecided)]
    line = min(taken, key=lambda one: one.composite)
    return Cut(line.entrant, tuple(_distance(one, line, rules, spread) for one in ordered))


def _distance(one: Contender, line: Contender, rules: SelectionRules, spread: Spread) -> Distance:
    above = one.composite - line.composite
    half = spread.half_width(one.entrant, line.entrant) if one is not line else None
    apart = half is not None and abs(above) > Fraction(half)
    tied = one is line or above == 0 or (rules.tie == BY_INTERVAL and not apart)
    shown = None if half is None else format(half, "f")
    return Distance(one.entrant, format(from_exact(above), "f"), shown, tied, apart)
