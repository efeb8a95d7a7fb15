"""How far the winners hang on the weight of the board, on one judge, and on which items and judges there were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from challenge.judging.outlook import Outlook, OutlookPlace

Named = tuple[str, ...]
"""References of entries."""


@dataclass(frozen=True)
class Variation:
    """The winners, and the undecided, when one thing is otherwise: a weight of the board, or a judge left out."""

    changed: str
    winners: Named
    undecided: Named


@dataclass(frozen=True)
class WinnerSet:
    """A set of winners that came out of draws, and in how many."""

    winners: Named
    undecided: Named
    times: int


@dataclass(frozen=True)
class Frequency:
    """How often one contender wins under the variations of each kind."""

    reference: str
    weights: int
    judges: int
    draws: int


@dataclass(frozen=True)
class Stability:
    """The winners under every weight and without every judge, and how often each set wins where both are drawn."""

    weights: tuple[Variation, ...]
    judges: tuple[Variation, ...]
    draws: int
    seed: int
    selected: Mapping[str, int]
    """In how many draws each contender wins."""
    sets: tuple[WinnerSet, ...]

    @property
    def letters(self) -> Named:
        """The letters under which judges are left out."""
        return tuple(one.changed for one in self.judges)

    def frequencies(self, references: Sequence[str]) -> list[Frequency]:
        """Return how often each of some contenders wins, in the order given."""
        return [
            Frequency(
                reference,
                sum(reference in one.winners for one in self.weights),
                sum(reference in one.winners for one in self.judges),
                self.selected.get(reference, 0),
            )
            for reference in references
        ]

    def sentences(self) -> list[str]:
        """Say in how many sets of winners each kind of variation ends."""
        said = []
        for found, what in (
            (self.weights, f"weights of the board, from {self.weights[0].changed} to {self.weights[-1].changed},")
            if self.weights
            else ((), ""),
            (self.judges, "panels of one judge fewer" if len(self.judges) > 1 else "panel of one judge fewer"),
        ):
            sets = {(frozenset(one.winners), frozenset(one.undecided)) for one in found}
            if found:
                ends = "all end in the same set of winners" if len(sets) == 1 else f"end in {len(sets)} sets of winners"
                said.append(f"{len(found)} {what} {ends if len(found) > 1 else 'ends in one set of winners'}.")
        if self.sets:
            ends = "one set" if len(self.sets) == 1 else f"{len(self.sets):,} sets"
            said.append(f"{self.draws:,} draws of other items and other judges end in {ends} of winners.")
        return said


@dataclass(frozen=True)
class OutlookStability:
    """The stability of an outlook: who is tied with the cut, by reference, and the digests of question and answer."""

    found: Stability
    now: Named
    """The winners of the outlook."""
    at_cut: Named
    """Whoever, on either side of the cut, the joint interval of items and judges does not part from it."""
    input_digest: str
    result_digest: str

    def same(self, one: Variation) -> bool:
        """Tell whether the winners of a variation are those of the outlook."""
        return set(one.winners) == set(self.now)


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
        return "< 1%"
    return "> 99%" if times < draws and whole == 100 else f"{whole}%"


def read_stability(plain: Mapping[str, Any]) -> Stability:
    """Read what a document holds, after it went through canonical JSON."""
    return Stability(
        weights=tuple(_variation(one) for one in plain["weights"]),
        judges=tuple(_variation(one) for one in plain["judges"]),
        draws=plain["draws"],
        seed=plain["seed"],
        selected=plain["selected"],
        sets=tuple(WinnerSet(tuple(one["winners"]), tuple(one["undecided"]), one["times"]) for one in plain["sets"]),
    )


def _variation(plain: Mapping[str, Any]) -> Variation:
    return Variation(plain["changed"], tuple(plain["winners"]), tuple(plain["undecided"]))


def _may_be_equal(better: OutlookPlace, worse: OutlookPlace, half_widths: Mapping[tuple[str, str], Decimal]) -> bool:
    one, other = sorted((better.reference, worse.reference))
    half = half_widths.get((one, other))
    return half is None or Decimal(better.composite) - Decimal(worse.composite) <= half
