"""Too-similar answers: two entrants that make the same mistakes more often than the field makes likely.

On the items that both got wrong, O counts the same wrong answer. By chance it would be E = Σ s over these items, with
s = Σ_o c_o(c_o − 1)/(c(c − 1)), the share of pairs of the c wrong answers of the field that agree, c_o of them on o.
z = (O − E)/√Σ s(1 − s). Right answers say nothing: good models agree on them. A flag opens a case, and closes none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from leaderboards.decimals import from_float, spelled
from leaderboards.guards.answers import NO_ANSWER, Answers
from leaderboards.refusals import GuardError

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
LEVEL = 0.01
_BLOCK = 4_096  # items looked at together, so that memory does not grow with their number
# Chances are cut to 30 binary places: sums over millions of items are then exact in whatever order they are added up.
_STEP = 2.0**-30


class Lineage(StrEnum):
    """What two entrants say of their descent: shown beside a flag, since family explains some likeness."""

    SHARED = "shared"
    DIFFERENT = "different"
    NOT_DECLARED = "not declared"


@dataclass(frozen=True, eq=False)
class Likeness:
    """Of all pairs, shape (K, K), symmetric: the same wrong answers, those to be expected, their spread, items."""

    entrants: tuple[str, ...]
    same: Floats
    expected: Floats
    variance: Floats
    both_wrong: Floats

    def z(self) -> Floats:
        """Compute (O − E)/√Σ s(1 − s), 0 where nothing can be said, and on the diagonal."""
        spread = np.sqrt(self.variance)
        z: Floats = np.divide(self.same - self.expected, spread, out=np.zeros_like(spread), where=spread > 0)
        np.fill_diagonal(z, 0.0)
        return z


@dataclass(frozen=True)
class Flag:
    """A pair with too many mistakes in common, and the families that both declared, if any."""

    first: str
    second: str
    z: Decimal
    same: int
    expected: Decimal
    both_wrong: int
    lineage: Lineage
    families: tuple[str, ...]


@dataclass(frozen=True)
class FamilyLikeness:
    """How alike the entrants of one declared family are: what a flag among them is to be seen against."""

    family: str
    entrants: tuple[str, ...]
    mean_z: Decimal
    largest_z: Decimal


@dataclass(frozen=True)
class SimilarityReport:
    """The flags, the most alike first; the limit of z, the number of pairs, and the families of two or more."""

    limit: Decimal
    pairs: int
    flags: tuple[Flag, ...]
    families: tuple[FamilyLikeness, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types in which every real number is a decimal string."""
        return {
            "limit": spelled(self.limit),
            "pairs": self.pairs,
            "flags": [
                {
                    "first": flag.first,
                    "second": flag.second,
                    "z": spelled(flag.z),
                    "same": flag.same,
                    "expected": spelled(flag.expected),
                    "both_wrong": flag.both_wrong,
                    "lineage": str(flag.lineage),
                    "families": list(flag.families),
                }
                for flag in self.flags
            ],
            "families": [
                {
                    "family": one.family,
                    "entrants": list(one.entrants),
                    "mean_z": spelled(one.mean_z),
                    "largest_z": spelled(one.largest_z),
                }
                for one in self.families
            ],
        }


def similarity(
    answers: Answers, *, lineage: Mapping[str, frozenset[str]] | None = None, level: float = LEVEL
) -> SimilarityReport:
    """Flag the pairs above the one-sided limit for `level` over all pairs (Bonferroni); lineage: families by entrant.

    Raises GuardError for a lineage of somebody without answers.
    """
    declared = lineage or {}
    for entrant in declared:
        if entrant not in answers.entrants:
            raise GuardError(f"the lineage names {entrant!r}, who has no answers; mend the name or leave it out.")
    found = likeness(answers)
    z, size = found.z(), len(answers.entrants)
    pairs = size * (size - 1) // 2
    limit = float(-ndtri(level / max(pairs, 1)))
    above = [(int(i), int(j)) for i, j in np.argwhere(np.triu(z, 1) > limit)]
    above.sort(key=lambda pair: (-z[pair], answers.entrants[pair[0]], answers.entrants[pair[1]]))
    return SimilarityReport(
        limit=from_float(limit),
        pairs=pairs,
        flags=tuple(_flag(found, z, pair, declared) for pair in above),
        families=_families(found, z, declared),
    )


def likeness(answers: Answers) -> Likeness:
    """Count common mistakes of all pairs; time grows as items·K² per wrong option, memory as K² + K·4,096."""
    size = len(answers.entrants)
    same, expected, variance, both = (np.zeros((size, size)) for _ in range(4))
    for first in range(0, len(answers.key), _BLOCK):
        options = answers.options[:, first : first + _BLOCK]
        wrong = (options != answers.key[first : first + _BLOCK]) & (options != NO_ANSWER)
        agreeing = np.zeros(options.shape[1])
        for columns, chosen in _shared(options, wrong):
            count = chosen.sum(axis=0)
            agreeing[columns] += count * (count - 1)
            common = chosen[:, count > 1].astype(np.float32)  # what one entrant alone answered agrees with nobody
            same += (common @ common.T).astype(np.float64)
        count = wrong.sum(axis=0).astype(np.float64)
        chance = np.divide(agreeing, count * (count - 1), out=np.zeros_like(agreeing), where=count > 1)
        chance = np.rint(chance / _STEP) * _STEP
        spread = np.rint(chance * (1 - chance) / _STEP) * _STEP
        mistakes = wrong.astype(np.float64)
        expected += (mistakes * chance) @ mistakes.T
        variance += (mistakes * spread) @ mistakes.T
        both += mistakes @ mistakes.T
    return Likeness(answers.entrants, same, expected, variance, both)


def _shared(options: NDArray[np.int32], wrong: NDArray[np.bool_]) -> Iterator[tuple[Places, NDArray[np.bool_]]]:
    """Yield one wrong answer of each item after the other: the items that have one more, and who gave it there."""
    columns, left = np.arange(options.shape[1]), wrong
    while True:
        more = left.any(axis=0)
        columns, left, options = columns[more], left[:, more], options[:, more]
        if not len(columns):
            return
        chosen = left & (options == options[left.argmax(axis=0), np.arange(len(columns))])
        yield columns, chosen
        left = left & ~chosen


def _flag(found: Likeness, z: Floats, pair: tuple[int, int], declared: Mapping[str, frozenset[str]]) -> Flag:
    first, second = (found.entrants[place] for place in pair)
    families = declared.get(first, frozenset()) & declared.get(second, frozenset())
    both = bool(declared.get(first)) and bool(declared.get(second))
    return Flag(
        first=first,
        second=second,
        z=from_float(float(z[pair])),
        same=int(found.same[pair]),
        expected=from_float(float(found.expected[pair])),
        both_wrong=int(found.both_wrong[pair]),
        lineage=Lineage.SHARED if families else Lineage.DIFFERENT if both else Lineage.NOT_DECLARED,
        families=tuple(sorted(families)),
    )


def _families(found: Likeness, z: Floats, declared: Mapping[str, frozenset[str]]) -> tuple[FamilyLikeness, ...]:
    rows: list[FamilyLikeness] = []
    for family in sorted({family for families in declared.values() for family in families}):
        places = [place for place, name in enumerate(found.entrants) if family in declared.get(name, frozenset())]
        if len(places) > 1:
            inside = z[np.ix_(places, places)][np.triu_indices(len(places), 1)]
            names = tuple(found.entrants[place] for place in places)
            rows.append(
                FamilyLikeness(family, names, from_float(float(inside.mean())), from_float(float(inside.max())))
            )
    return tuple(rows)
