"""Are two finalists practically equal? A Bayesian answer over tasks, with a region of practical equivalence (ROPE).

Benavoli, Corani, Demšar and Zaffalon (2017, JMLR 18:77, 1-36): the differences d_i over tasks, and one
pseudo-difference 0, get weights w from a Dirichlet distribution with parameter 1 for each task. Sign test: θ is the
weight of the d_i above, within and below ±r. Signed-rank test: θ is the weight Σ w_i·w_j of the pairs with
(d_i + d_j)/2 above, within and below. The answer is how often each of the three is the largest. Nothing is said about
other items; only about other tasks.

Draws are the same bits every time: the weights are exponentials and a squared normal deviate, cut to 16 binary places,
so that sums of their products are integers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leaderboards.decimals import from_exact, spelled
from leaderboards.refusals import ComparisonError

Integers = NDArray[np.int64]
# The size of a block is part of the definition of the draws: block b comes from the stream (seed, _STREAM, b).
BLOCK = 512
_STREAM = 2
_STEP = 2**16
_MOST = 10_000  # differences; the square of the sum of their weights stays below 2^63


@dataclass(frozen=True)
class Practical:
    """In how many of the draws the first is better, both are practically equal, and the second is better."""

    first: int
    equal: int
    second: int

    def probabilities(self) -> tuple[Fraction, Fraction, Fraction]:
        """Compute the three probabilities, which add up to 1."""
        draws = self.first + self.equal + self.second
        return Fraction(self.first, draws), Fraction(self.equal, draws), Fraction(self.second, draws)

    def to_dict(self) -> dict[str, Any]:
        """Return the three probabilities as decimal strings of six places, and the number of draws."""
        first, equal, second = (spelled(from_exact(one)) for one in self.probabilities())
        return {"first": first, "equal": equal, "second": second, "draws": self.first + self.equal + self.second}


def sign_test(
    differences: Sequence[Fraction], *, rope: Fraction, draws: int, seed: int, prior_halves: int = 2
) -> Practical:
    """Weigh exact differences first − second; the pseudo-difference 0 weighs `prior_halves`/2.

    A difference of exactly `rope` is practically equal. Raises ComparisonError for no difference, more than 10,000, no
    draws, or a rope below 0.
    """
    values, turned = _canonical(differences, rope, draws, prior_halves)
    below, within = bisect_left(values, -rope), bisect_right(values, rope)
    counts = np.zeros(3, np.int64)
    for weights in _weights(values, draws, seed, prior_halves):
        second, both = weights[:, :below].sum(axis=1), weights.sum(axis=1)
        first = weights[:, within:].sum(axis=1)
        counts += _largest(first, both - first - second, second)
    return _told(counts, turned)


def signed_rank_test(
    differences: Sequence[Fraction], *, rope: Fraction, draws: int, seed: int, prior_halves: int = 1
) -> Practical:
    """Weigh exact differences first − second in pairs; arguments and errors are those of `sign_test`."""
    values, turned = _canonical(differences, rope, draws, prior_halves)
    # For each i, the pairs (i, j) above the region are those from a place on, those below it those up to a place.
    above = np.array([bisect_right(values, 2 * rope - value) for value in values], dtype=np.int64)
    below = np.array([bisect_left(values, -2 * rope - value) for value in values], dtype=np.int64)
    counts = np.zeros(3, np.int64)
    for weights in _weights(values, draws, seed, prior_halves):
        sums = np.zeros((len(weights), len(values) + 1), np.int64)
        np.cumsum(weights, axis=1, out=sums[:, 1:])
        everything = sums[:, -1:]
        first = (weights * (everything - sums[:, above])).sum(axis=1)
        second = (weights * sums[:, below]).sum(axis=1)
        counts += _largest(first, everything[:, 0] ** 2 - first - second, second)
    return _told(counts, turned)


def _canonical(
    differences: Sequence[Fraction], rope: Fraction, draws: int, prior_halves: int
) -> tuple[list[Fraction], bool]:
    """Sort the differences and 0, turned round if that comes first, so that no order leaves a trace."""
    if not 1 <= len(differences) <= _MOST:
        raise ComparisonError(f"the test takes from 1 to {_MOST} differences, one a task, not {len(differences)}.")
    if draws < 1 or rope < 0 or prior_halves < 0:
        raise ComparisonError(
            f"take a draw or more, and no region or prior below 0; here are {draws}, {rope} and {prior_halves}/2."
        )
    straight = sorted(differences)
    opposite = sorted(-one for one in differences)
    turned = opposite < straight
    return sorted([*(opposite if turned else straight), Fraction(0)]), turned


def _weights(values: Sequence[Fraction], draws: int, seed: int, prior_halves: int) -> Iterator[Integers]:
    """Draw weights for the sorted values, whose first 0 is the pseudo-difference: blocks of shape (draws, values)."""
    pseudo = bisect_left(values, 0)
    for number in range(-(-draws // BLOCK)):
        height = min(BLOCK, draws - number * BLOCK)
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(_STREAM, number))))
        drawn = stream.standard_exponential((BLOCK, len(values)))
        drawn[:, pseudo] = stream.standard_exponential((BLOCK, prior_halves // 2)).sum(axis=1)
        if prior_halves % 2:  # half a squared normal deviate is gamma of shape 1/2
            drawn[:, pseudo] += stream.standard_normal(BLOCK) ** 2 / 2
        yield np.rint(drawn[:height] * _STEP).astype(np.int64)


def _largest(first: Integers, equal: Integers, second: Integers) -> Integers:
    """Count the draws in which each is the largest; a tie says that the two are practically equal."""
    winner = np.argmax(np.stack([equal, first, second]), axis=0)
    counts: Integers = np.bincount(winner, minlength=3).astype(np.int64)
    return counts


def _told(counts: Integers, turned: bool) -> Practical:
    equal, first, second = (int(one) for one in counts)
    return Practical(second, equal, first) if turned else Practical(first, equal, second)
