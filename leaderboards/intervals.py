"""Simultaneous rank intervals: with the stated confidence all of them hold at once, also where entrants are equal.

Step-down procedure of Mogstad, Romano, Shaikh and Wilhelm (2023, Review of Economic Studies, rdad006): with q the
quantile of max (Z_i − Z_j)/sd_ij over the ordered pairs still in doubt, Z ~ N(0, Σ), pair (i, j) is decided when
i's lead exceeds q·sd_ij; decided pairs leave, and the rest is judged again. Then
rank_low = 1 + #{significantly better}, rank_high = K − #{significantly worse}. Where clusters are few, signs are
drawn in place of Z (`signs.py`).
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr

from leaderboards.draws import BLOCK, Draws
from leaderboards.signs import Restricted, SignDraws

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RankIntervals:
    """The bounds of every entrant's rank, shape (K,), and beats[i, j]: i is significantly better than j."""

    rank_low: NDArray[np.int64]
    rank_high: NDArray[np.int64]
    beats: Truths

    def top(self, places: int) -> Truths:
        """Mark the entrants that may belong to the best `places`: the confidence set of the top."""
        chosen: Truths = self.rank_low <= places
        return chosen


def rank_intervals(
    points: Floats,
    covariance: Floats,
    *,
    confidence: Fraction,
    draws: int,
    seed: int,
    compared: NDArray[np.int64] | None = None,
    variance: Floats | None = None,
    freedom: Floats | None = None,
    few: Restricted | None = None,
) -> RankIntervals:
    """Compute simultaneous rank intervals for K entrants with points (K,) and covariance (K, K).

    compared: points at declared precision; entrants equal in it are never told apart.
    variance: of the differences, (K, K), taken from the covariance if not given; where it is 0, any difference is
    significant. freedom: degrees of freedom of `variance`; a t statistic is replaced by the normal deviate of the
    same tail probability, so that few clusters do not pass for many. few: where some tasks have few clusters, what
    signs are drawn for in place of Z; it takes the place of covariance, variance and freedom. Time grows as draws·K²,
    memory as K².
    """
    size = len(points)
    if variance is None:
        variance = _of_differences(covariance)
    shown = points if compared is None else compared
    if few is not None:
        weight = _reciprocal(few.deviation)
        # as the draw with every sign plus: computed alike, so that it never exceeds itself by rounding
        statistic = np.where(np.greater.outer(shown, shown), np.subtract.outer(few.total, few.total) * weight, 0.0)
        return _bounds(_step_down(statistic, weight, SignDraws(few, count=draws, seed=seed), confidence))
    leads = np.where(np.greater.outer(shown, shown), np.subtract.outer(points, points), 0.0)
    deviation = np.sqrt(variance)
    random = deviation > 0
    statistic = np.divide(leads, deviation, out=np.zeros((size, size)), where=random)
    if freedom is not None:
        statistic = _as_normal(statistic, freedom)
    beats: Truths = (leads > 0) & ~random
    beats |= _step_down(statistic, _reciprocal(deviation), Draws(covariance, count=draws, seed=seed), confidence)
    return _bounds(beats)


def marginal_interval(
    points: Floats, covariance: Floats, *, entrant: int, confidence: Fraction, draws: int, seed: int
) -> tuple[int, int]:
    """Compute the rank interval of one entrant by itself, as against those that hold for all entrants at once.

    Only pairs with this entrant are in doubt; whoever looks at several such intervals is wrong more often than said.
    """
    among = np.zeros_like(covariance)
    among[entrant] = among[:, entrant] = _of_differences(covariance)[entrant]
    found = rank_intervals(points, covariance, confidence=confidence, draws=draws, seed=seed, variance=among)
    return int(found.rank_low[entrant]), int(found.rank_high[entrant])


def nothing_known(size: int) -> RankIntervals:
    """Return the widest intervals, 1 to K for everybody, for when no spread can be estimated."""
    return RankIntervals(np.ones(size, np.int64), np.full(size, size, np.int64), np.zeros((size, size), np.bool_))


def _of_differences(covariance: Floats) -> Floats:
    diagonal = np.diag(covariance)
    return np.maximum(np.add.outer(diagonal, diagonal) - 2 * covariance, 0.0)


def _bounds(beats: Truths) -> RankIntervals:
    return RankIntervals(
        rank_low=1 + beats.sum(axis=0, dtype=np.int64),
        rank_high=len(beats) - beats.sum(axis=1, dtype=np.int64),
        beats=beats,
    )


def _reciprocal(deviation: Floats) -> Floats:
    # A pair without spread has weight 0: it never makes a maximum and never waits for one.
    return np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 0)


def _step_down(statistic: Floats, weight: Floats, draws: Draws | SignDraws, confidence: Fraction) -> Truths:
    decided = np.zeros(statistic.shape, np.bool_)
    bounds = np.full(draws.count, np.inf)
    wanted = draws.count + 1 - min(ceil(confidence * (draws.count + 1)), draws.count)
    while weight.any():
        critical = _upper_quantile(draws, weight, bounds, wanted)
        new = (statistic > critical) & (weight > 0)
        if not new.any():
            break
        decided |= new
        weight[new] = 0.0
    return decided


def _upper_quantile(draws: Draws | SignDraws, weight: Floats, bounds: Floats, wanted: int) -> float:
    """Find the `wanted`-th largest maximum exactly, computing only draws that can matter.

    `bounds` holds for each draw a maximum over more pairs, so at least as large, and is lowered in place. Once the
    draws with the largest bounds are computed, whatever is bounded by the `wanted`-th largest of them can be left.
    """
    first = np.zeros(draws.count, np.bool_)
    first[np.argsort(-bounds, kind="stable")[:wanted]] = True
    if np.isinf(bounds).any():
        first[:] = True
    _lower(draws, weight, bounds, first)
    reached = np.sort(bounds[first])[-wanted]
    _lower(draws, weight, bounds, ~first & (bounds > reached))
    return float(np.sort(bounds)[-wanted])


def _lower(draws: Draws | SignDraws, weight: Floats, bounds: Floats, chosen: Truths) -> None:
    for number in range(draws.blocks()):
        wanted = np.flatnonzero(chosen[number * BLOCK : (number + 1) * BLOCK])
        if len(wanted):
            bounds[number * BLOCK + wanted] = _maxima(draws.rows(number, wanted), weight)


def _maxima(drawn: Floats, weight: Floats) -> Floats:
    """Compute max over ordered pairs of (Z_i − Z_j)·weight_ij for each row of `drawn` (draws, K).

    No pair led by i exceeds (Z_i − min Z)·max_j weight_ij. Leaders are taken in falling order of that reach, and a
    draw is finished once the next reach is no larger than what it has: exact, and usually after a few of K leaders.
    """
    reach = (drawn - drawn.min(axis=1, keepdims=True)) * weight.max(axis=1)
    order = np.argsort(-reach, axis=1, kind="stable")
    largest = np.zeros(len(drawn))
    going = np.arange(len(drawn))
    for turn in range(drawn.shape[1]):
        leader = order[going, turn]
        unfinished = reach[going, leader] > largest[going]
        going, leader = going[unfinished], leader[unfinished]
        if not len(going):
            break
        gaps = (drawn[going, leader][:, None] - drawn[going]) * weight[leader]
        largest[going] = np.maximum(largest[going], gaps.max(axis=1))
    return largest


def _as_normal(statistic: Floats, freedom: Floats) -> Floats:
    few = (statistic > 0) & (freedom < 1e7)
    converted = statistic.copy()
    converted[few] = -ndtri(stdtr(freedom[few], -statistic[few]))
    return converted
