"""Judges are assigned to entries so that the worst-served entry is served as well as possible.

With a_ij the affinity and x_ij 1 where judge j reviews entry i, the mixed-integer programme (solved by HiGHS)

    maximise  t + (1/1000)·Σ a_ij·x_ij + Σ p_ij·x_ij
    subject to  t ≤ Σ_j a_ij·x_ij for every entry i,  Σ_j x_ij = reviews per entry,  least ≤ Σ_i x_ij ≤ most,

has no variable for a conflict, so none can be assigned (the fairness of PR4A: Stelmakh, Shah, Singh 2019). Affinities
are whole thousandths, so two different values of the first two terms differ by at least 10⁻⁶; the perturbation p is
seeded and stays below that in sum, so it chooses only between assignments that are equally good.

Where loads are to be even, goals come one after another: t stays what it is above, the greatest load is as small as it
can be, the least as large, and of what then remains the best is taken.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leaderboards.canonical import digest
from leaderboards.jury.affinities import Affinities, Pair
from leaderboards.jury.programme import Laws, Pairs, Programme
from leaderboards.jury.shortage import why_impossible
from leaderboards.refusals import AssignmentError

FAIRNESS = 1_000  # what a thousandth more for the worst-served entry is worth, in thousandths of the total
_STEPS = 2**20


@dataclass(frozen=True)
class Demand:
    """How many reviews each entry gets, and from how many to how many each judge writes; the seed breaks ties.

    even: loads come before the total of affinities, so that they differ by no more than conflicts and the worst-served
    entry ask for.
    """

    per_entry: int
    most: int
    least: int = 0
    seed: int = 0
    even: bool = False

    def __post_init__(self) -> None:
        """Refuse numbers that ask for nothing; raise AssignmentError."""
        if self.per_entry < 1:
            raise AssignmentError(f"every entry needs at least 1 review, not {self.per_entry}.")
        if not 0 <= self.least <= self.most:
            raise AssignmentError(f"a judge's least load is {self.least} and the most {self.most}; mend their order.")
        if self.seed < 0:
            raise AssignmentError(f"the seed must be at least 0, not {self.seed}.")


@dataclass(frozen=True)
class Assignment:
    """Who reviews what: pairs (entry, judge) sorted; worst and total affinity in thousandths; and what was asked.

    worst: the least sum of affinities that an entry has; kept: the pairs that stood before.
    """

    pairs: tuple[Pair, ...]
    kept: tuple[Pair, ...]
    worst: int
    total: int
    demand: Demand

    @property
    def value(self) -> int:
        """Compute what was maximised, in millionths: FAIRNESS·worst + total."""
        return FAIRNESS * self.worst + self.total

    def judges_of(self, entry: str) -> tuple[str, ...]:
        """Name the judges of an entry."""
        return tuple(judge for one, judge in self.pairs if one == entry)

    def entries_of(self, judge: str) -> tuple[str, ...]:
        """Name the entries of a judge."""
        return tuple(entry for entry, one in self.pairs if one == judge)

    def digest(self) -> str:
        """Compute the SHA-256 of the canonical JSON of the assignment."""
        return digest(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types; loads that need not be even are not mentioned, so that older digests stay."""
        even = {"even": True} if self.demand.even else {}
        return even | {
            "pairs": [list(pair) for pair in self.pairs],
            "kept": [list(pair) for pair in self.kept],
            "worst": self.worst,
            "total": self.total,
            "per_entry": self.demand.per_entry,
            "most": self.demand.most,
            "least": self.demand.least,
            "seed": self.demand.seed,
        }


def assign(
    affinities: Affinities, demand: Demand, *, conflicts: Collection[Pair] = (), kept: Collection[Pair] = ()
) -> Assignment:
    """Assign judges to all entries; `kept` pairs, published already, stay and count in the loads.

    Raises AssignmentError with a sentence that says which entry or judge cannot be served, and why.
    """
    _check(affinities, demand, conflicts=conflicts, kept=kept)
    allowed = [
        (entry, judge)
        for entry in affinities.entries
        for judge in affinities.judges
        if (entry, judge) not in conflicts and (entry, judge) not in kept
    ]
    needs = {entry: demand.per_entry - sum(one == entry for one, _ in kept) for entry in affinities.entries}
    loads = {judge: sum(one == judge for _, one in kept) for judge in affinities.judges}
    least = {judge: max(demand.least - load, 0) for judge, load in loads.items()}
    most = {judge: demand.most - load for judge, load in loads.items()}
    reason = why_impossible(allowed, needs=needs, least=least, most=most)
    if reason is not None:
        raise AssignmentError(reason)
    chosen = set(kept)
    if any(needs.values()):
        chosen |= _solve(affinities, demand, allowed, (needs, least, most), kept)
    served = [sum(affinities.value(*pair) for pair in chosen if pair[0] == entry) for entry in affinities.entries]
    return Assignment(tuple(sorted(chosen)), tuple(sorted(kept)), min(served), sum(served), demand)


def _check(affinities: Affinities, demand: Demand, *, conflicts: Collection[Pair], kept: Collection[Pair]) -> None:
    if not affinities.entries:
        raise AssignmentError("there is no entry to review; give at least one affinity.")
    for what, pairs in (("conflict", conflicts), ("kept pair", kept)):
        for entry, judge in sorted(pairs):
            if entry not in affinities.entries or judge not in affinities.judges:
                unknown = f"entry {entry!r}" if entry not in affinities.entries else f"judge {judge!r}"
                raise AssignmentError(f"the {what} of {entry} and {judge} names the unknown {unknown}; mend the name.")
    for entry, judge in sorted(set(kept) & set(conflicts)):
        raise AssignmentError(
            f"{judge} reviews {entry} already but is in conflict with it; withdraw that review first."
        )
    for entry in affinities.entries:
        count = sum(one == entry for one, _ in kept)
        if count > demand.per_entry:
            raise AssignmentError(
                f"{entry} has {count} judges already, more than the {demand.per_entry} that it needs."
            )
    for judge in affinities.judges:
        count = sum(one == judge for _, one in kept)
        if count > demand.most:
            raise AssignmentError(f"{judge} has {count} entries already, more than the {demand.most} allowed.")


def _solve(
    affinities: Affinities,
    demand: Demand,
    allowed: list[Pair],
    bounds: tuple[dict[str, int], dict[str, int], dict[str, int]],
    kept: Collection[Pair],
) -> set[Pair]:
    needs, least, most = bounds
    entries, judges = affinities.entries, affinities.judges
    value = np.array([affinities.value(*pair) for pair in allowed], dtype=np.float64)
    programme = Programme(
        Pairs(
            np.array([entries.index(entry) for entry, _ in allowed]),
            np.array([judges.index(judge) for _, judge in allowed]),
            value,
        ),
        Laws(
            wanted=np.array([needs[entry] for entry in entries]),
            had=np.array([sum(affinities.value(*pair) for pair in kept if pair[0] == one) for one in entries]),
            least=np.array([least[judge] for judge in judges]),
            most=np.array([most[judge] for judge in judges]),
            load=np.array([sum(pair[1] == one for pair in kept) for one in judges]),
        ),
    )
    weights = value + _perturbation(len(allowed), len(entries), demand)
    if demand.even:
        programme.fair(weights, fairness=FAIRNESS)
        programme.even()
    taken = programme.chosen(weights, fairness=FAIRNESS)
    return {pair for pair, is_taken in zip(allowed, taken, strict=True) if is_taken}


def _perturbation(count: int, entries: int, demand: Demand) -> NDArray[np.float64]:
    """Draw one number for each pair; whatever is assigned, their sum stays below 1 thousandth of the total."""
    stream = np.random.Generator(np.random.PCG64(demand.seed))
    return stream.integers(1, _STEPS, count) / (_STEPS * (entries * demand.per_entry + 1))
