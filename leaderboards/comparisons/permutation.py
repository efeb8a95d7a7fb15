"""Paired permutation tests: if two entrants are equally good, exchanging their answers on a cluster changes nothing.

Whole clusters are exchanged, never items, since the items of one belong together; the statistic is the difference of
points, clip included. With at most EXACT clusters on which a pair differs, all exchanges are counted, and p is their
exact share with a difference at least as large, the real one among them. With more, p = (1 + #)/(1 + draws) over seeded
exchanges (Phipson and Smyth 2010): never 0, and never too small. All pairs share the exchanges, which each alone may.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from leaderboards.comparisons.holm import holm
from leaderboards.comparisons.paired import Paired
from leaderboards.refusals import ComparisonError

Floats = NDArray[np.float64]
EXACT = 16
# The size of a block is part of the definition of the draws: block b comes from the stream (seed, _STREAM, b).
BLOCK = 256
_STREAM = 1
_PAIRS = 4_096  # pairs looked at together, so that memory stays bounded
# Differences that are equal may be told apart by rounding of the last bit; a difference this near counts as reached.
_TOLERANCE = 1e-11


@dataclass(frozen=True)
class PermutationTest:
    """A two-sided p-value; `adjusted` for all pairs of the same call by Holm; draws is None where p is exact."""

    first: str
    second: str
    p: Fraction
    adjusted: Fraction
    clusters: int
    """On how many clusters the two differ."""
    draws: int | None


def permutation_tests(
    given: Paired, *, draws: int, seed: int, pairs: Sequence[tuple[int, int]] | None = None
) -> tuple[PermutationTest, ...]:
    """Test pairs of rows, all pairs in the order of the table if none are named, and adjust their p-values.

    Time grows as draws·clusters·entrants plus draws·tasks·pairs. Raises ComparisonError for no draws.
    """
    if draws < 1:
        raise ComparisonError(f"a permutation test needs at least one draw, not {draws}.")
    size = len(given.entrants)
    chosen = pairs if pairs is not None else [(i, j) for i in range(size) for j in range(i + 1, size)]
    differing = [_differing(given, *pair) for pair in chosen]
    many = [place for place, count in enumerate(differing) if count > EXACT]
    values = [Fraction(0)] * len(chosen)
    for place, pair in enumerate(chosen):
        if differing[place] <= EXACT:
            values[place] = _exact(given, *pair)
    for start in range(0, len(many), _PAIRS):
        part = many[start : start + _PAIRS]
        reached = _reached(given, [chosen[place] for place in part], draws, seed)
        for place, count in zip(part, reached, strict=True):
            values[place] = Fraction(1 + count, 1 + draws)
    return tuple(
        PermutationTest(
            first=given.entrants[one],
            second=given.entrants[other],
            p=p,
            adjusted=adjusted,
            clusters=count,
            draws=None if count <= EXACT else draws,
        )
        for (one, other), p, adjusted, count in zip(chosen, values, holm(values), differing, strict=True)
    )


def _differing(given: Paired, first: int, second: int) -> int:
    return sum(int(np.count_nonzero(task.sums[first] != task.sums[second])) for task in given.tasks)


def _exact(given: Paired, first: int, second: int) -> Fraction:
    """Count every exchange of the clusters on which the two differ; pattern 0 exchanges nothing."""
    gaps = [task.sums[first] - task.sums[second] for task in given.tasks]
    gaps = [gap[gap != 0] for gap in gaps]
    # Exchanging all the others instead only turns the sign, so the last cluster may stay where it is.
    patterns = np.arange(2 ** max(sum(len(gap) for gap in gaps) - 1, 0), dtype=np.int64)
    exchanged, bit = [], 0
    for gap in gaps:
        signs = 1 - 2 * ((patterns[:, None] >> np.arange(bit, bit + len(gap))) & 1)
        exchanged.append((signs @ gap).astype(np.float64)[:, None])
        bit += len(gap)
    found = np.abs(_points(given, [(first, second)], exchanged))[:, 0]
    return Fraction(int(np.count_nonzero(found >= found[0] - _TOLERANCE)), len(patterns))


def _reached(given: Paired, pairs: Sequence[tuple[int, int]], draws: int, seed: int) -> list[int]:
    """Count for each pair the seeded exchanges whose difference is at least as large as the real one."""
    one, other = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    totals = [task.sums.sum(axis=1).astype(np.float64) for task in given.tasks]
    real = np.abs(_points(given, pairs, [(total[one] - total[other])[None, :] for total in totals]))[0]
    count = np.zeros(len(pairs), np.int64)
    for exchanged in _exchanges(given, draws, seed):
        found = np.abs(_points(given, pairs, [task[:, one] - task[:, other] for task in exchanged]))
        count += np.count_nonzero(found >= real - _TOLERANCE, axis=0)
    return [int(reached) for reached in count]


def _exchanges(given: Paired, draws: int, seed: int) -> Iterator[list[Floats]]:
    """Yield blocks of draws: for each task Σ_g ±S_kg, shape (draws in the block, entrants), integers and so exact."""
    sums = [task.sums.astype(np.float64).T for task in given.tasks]
    for number in range(-(-draws // BLOCK)):
        height = min(BLOCK, draws - number * BLOCK)
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_STREAM, number))))
        block = []
        for task in sums:
            clusters = len(task)
            octets = np.frombuffer(stream.bytes(BLOCK * -(-clusters // 8)), dtype=np.uint8)
            bits = np.unpackbits(octets.reshape(BLOCK, -1), axis=1, count=clusters)[:height]
            block.append((1.0 - 2.0 * bits) @ task)
        yield block


def _points(given: Paired, pairs: Sequence[tuple[int, int]], differences: Sequence[Floats]) -> Floats:
    """Compute the difference of points of each pair, shape (draws, pairs), from those of its totals, one array a task.

    An exchange leaves the sum of both totals as it is, so each total follows from their difference.
    """
    one, other = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    found: Floats = np.zeros(differences[0].shape)
    for task, difference in zip(given.tasks, differences, strict=True):
        total = task.sums.sum(axis=1).astype(np.float64)
        both = total[one] + total[other]
        least, most = float(task.least), float(task.most)
        above = np.clip((both + difference) / 2, least, most) - np.clip((both - difference) / 2, least, most)
        found += float(task.slope) * above
    return found
