"""How far the winners hang on the weight of the board, on one judge, and on which items and judges there were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
            (self.judges, "panels of one judge fewer"),
        ):
            sets = {(frozenset(one.winners), frozenset(one.undecided)) for one in found}
            if found:
                ends = "all end in the same set of winners" if len(sets) == 1 else f"end in {len(sets)} sets of winners"
                said.append(f"{len(found)} {what} {ends}.")
        if self.sets:
            ends = "one set" if len(self.sets) == 1 else f"{len(self.sets):,} sets"
            said.append(f"{self.draws:,} draws of other items and other judges end in {ends} of winners.")
        return said


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
