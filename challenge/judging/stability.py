"""How much a choice of winners hangs on the weight, on one judge, and on which items and judges there were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from challenge.judging.outlook import Outlook, OutlookPlace


@dataclass(frozen=True)
class Varied:
    """The winners if one thing were otherwise; `changed` says what, `same` whether they are those of the outlook."""

    changed: str
    winners: tuple[str, ...]
    undecided: tuple[str, ...]
    same: bool


@dataclass(frozen=True)
class Drawn:
    """How often somebody, or a whole set, won when items and judges were drawn anew; out of the draws of the whole."""

    names: tuple[str, ...]
    times: int
    percent: str


@dataclass(frozen=True)
class Stability:
    """All three variations, entries by the names of their teams; and who is tied with the cut."""

    weights: tuple[Varied, ...]
    judges: tuple[Varied, ...]
    draws: int
    selected: tuple[Drawn, ...]
    sets: tuple[Drawn, ...]
    at_cut: tuple[str, ...]
    """Teams on either side of the cut that the joint interval of items and judges does not part from it."""
    input_digest: str
    result_digest: str

    @property
    def sets_by_weight(self) -> int:
        """How many different sets of winners the weights give."""
        return len({frozenset(one.winners) for one in self.weights})

    @property
    def sets_by_judge(self) -> int:
        """How many different sets of winners there are if a judge is left out."""
        return len({frozenset(one.winners) for one in self.judges})


def tied_with_cut(outlook: Outlook, half_widths: Mapping[tuple[str, str], Decimal]) -> tuple[str, ...]:
    """Return the entries whose distance to the cut lies within its interval, best first; none where nothing is cut.

    A winner is tied with the cut where the first entry behind it may be as good; an entry behind it where it may be
    as good as the last winner. `half_widths` by the sorted pair of references; a pair that is absent is never parted.
    """
    winners = [place for place in outlook.places if place.outcome == "winner"]
    behind = [place for place in outlook.places if place.outcome != "winner"]
    if not winners or not behind:
        return tuple(place.reference for place in behind if place.outcome == "undecided")
    last, first = winners[-1], behind[0]
    tied = [place for place in winners if _may_be_equal(place, first, half_widths)]
    tied += [place for place in behind if _may_be_equal(last, place, half_widths)]
    return tuple(place.reference for place in tied)


def percent_of(times: int, draws: int) -> str:
    """Write a share of draws in percent; what did happen is never written as 0, and what did not always as 100."""
    if not draws:
        return "–"
    whole = round(100 * times / draws)
    if times and whole == 0:
        return "< 1 %"
    return "> 99 %" if times < draws and whole == 100 else f"{whole} %"


def named(references: Sequence[str], teams: Mapping[str, str]) -> tuple[str, ...]:
    """Return the teams of references."""
    return tuple(teams.get(reference, reference) for reference in references)


def _may_be_equal(better: OutlookPlace, worse: OutlookPlace, half_widths: Mapping[tuple[str, str], Decimal]) -> bool:
    one, other = sorted((better.reference, worse.reference))
    half = half_widths.get((one, other))
    return half is None or Decimal(better.composite) - Decimal(worse.composite) <= half
