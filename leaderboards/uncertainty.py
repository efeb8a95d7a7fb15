"""How far points and scores would move with other items of the same kind: covariance by cluster, paired over entrants.

Each task enters the points as Σ_i a_t·x_kti + constant, a_t = 100·w_t/Σw/(c_t − f_t)/(n_t·unit), while the clip does
not bite; where it bites, small changes of the score change nothing and the influence is 0. With S_ktg the sum over
cluster g and G_t clusters, Σ = Σ_t a_t²·G_t/(G_t−1)·Σ_g (S_tg − S̄_t)(S_tg − S̄_t)ᵀ (Miller 2024, arXiv:2411.00640).
Degrees of freedom of a sum over tasks follow Welch (1947) and Satterthwaite (1946): (Σ V_t)²/Σ V_t²/(G_t−1).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from leaderboards.clusters import by_cluster, summed
from leaderboards.policy import FewClusters, Policy
from leaderboards.scores import ScoreTable, TaskScores
from leaderboards.signs import FEW, Part, Restricted, restricted
from leaderboards.utility import TaskUtility, points_per_value, total

Floats = NDArray[np.float64]
_BLOCK = 4_096  # clusters turned into float64 at a time, so that memory does not grow with the number of items


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """What is known about the spread of points (entrants by entrants) and of each task's score.

    variance, freedom: (K, K), of the difference of two entrants; covariance: (K, K);
    own_freedom: (K,); half_widths: per task the (K,) half-width of its score's interval, NaN where there is none.
    clusters: of each task, 0 where there are fewer than two; then known is False, for nothing can be said about the
    task's spread. few: what signs are drawn for, None where the policy asks for none, or no task has few clusters.
    """

    covariance: Floats
    variance: Floats
    freedom: Floats
    own_freedom: Floats
    half_widths: tuple[Floats, ...]
    clusters: tuple[int, ...]
    known: bool
    few: Restricted | None = None


def measure(scores: ScoreTable, policy: Policy, *, found: list[tuple[TaskUtility, ...]]) -> Uncertainty:
    """Estimate the covariance of the points of a table's entrants, whose utilities are `found`."""
    size = len(scores.entrants)
    covariance, own = np.zeros((size, size)), np.zeros(size)
    variance, squares = np.zeros((size, size)), np.zeros((size, size))
    half_widths: list[Floats] = []
    clusters: list[int] = []
    parts: list[Part] = []
    nulled, rest = np.zeros((size, size)), np.zeros((size, size))
    known = True
    for place, task in enumerate(policy.tasks):
        block = scores.task(task.name)
        there = np.array([one[place].score is not None for one in found], dtype=bool)
        groups = len(set(block.clusters)) if block is not None else 0
        if block is None or groups < 2:
            known = known and not there.any()
            half_widths.append(np.full(size, np.nan))
            clusters.append(0)
            continue
        clusters.append(groups)
        spread = _between_clusters(block) * (groups / (groups - 1))
        count = len(block.items)
        error = np.sqrt(np.diag(spread)) / (count * task.unit)
        half_widths.append(np.where(there, _quantile(groups - 1.0, policy) * error, np.nan))
        bites = np.array([one[place].clipped for one in found], dtype=bool)
        moving = np.outer(~bites, ~bites)
        here = np.where(moving, spread * float(points_per_value(policy, task, items=count)) ** 2, 0.0)
        between = _of_differences(here)
        covariance += here
        variance += between
        squares += between**2 / (groups - 1)
        own += np.diag(here) ** 2 / (groups - 1)
        if policy.few_clusters is FewClusters.SIGNS:
            centred = _centred(block) if groups <= FEW else None
            if centred is not None:
                centred *= np.where(bites, 0.0, float(points_per_value(policy, task, items=count)))
            else:
                rest += here * ((groups - 1) / groups)
            nulled += between * ((groups - 1) / groups)
            parts.append(Part(groups, float(np.trace(here)), centred))
    # Exact zeros stay exact: entrants with the same answers differ by nothing, not by rounding.
    variance[variance <= 1e-13 * _sum_of_variances(covariance)] = 0.0
    few = None
    if any(part.centred is not None for part in parts):  # exact totals are dear: not where nothing asks for them
        points = np.array([float(total(one)) for one in found])
        few = restricted(points, parts, variance=np.where(variance > 0, nulled, 0.0), rest=rest)
    return Uncertainty(
        covariance=covariance,
        variance=variance,
        freedom=_ratio(variance**2, squares),
        own_freedom=_ratio(np.diag(covariance) ** 2, own),
        half_widths=tuple(half_widths),
        clusters=tuple(clusters),
        known=known,
        few=few,
    )


def interval_half_widths(uncertainty: Uncertainty, policy: Policy) -> Floats:
    """Compute t(df)·SE of each entrant's points, df by Welch and Satterthwaite: shape (K,), in points."""
    errors = np.sqrt(np.diag(uncertainty.covariance))
    return np.where(errors > 0, _quantile(uncertainty.own_freedom, policy) * errors, 0.0)


def _between_clusters(block: TaskScores) -> Floats:
    """Compute Σ_g (S_g − S̄)(S_g − S̄)ᵀ over clusters, in units².

    An integer near the mean is subtracted first. All sums are then sums of integers below 2^53, exact in float64 in
    whatever order a BLAS adds them up, which is why one thread and two give the same bits.
    """
    order, starts = by_cluster(block.clusters)
    groups = len(starts) - 1
    totals = block.values.sum(axis=1, dtype=np.int64)
    middle = totals // groups
    size = len(block.values)
    product, rest = np.zeros((size, size)), np.zeros(size)
    for first in range(0, groups, _BLOCK):
        last = min(first + _BLOCK, groups)
        sums = summed(block.values, order, starts[first : last + 1])
        shifted: Floats = np.subtract(sums, middle[:, None], dtype=np.float64)
        product += shifted @ shifted.T
        rest += shifted.sum(axis=1)
    return product - np.outer(rest, rest) / groups


def _centred(block: TaskScores) -> Floats:
    """Compute S_g − S̄ for every cluster: (G, K), in units."""
    sums = summed(block.values, *by_cluster(block.clusters)).T.astype(np.float64)
    centred: Floats = sums - block.values.sum(axis=1, dtype=np.int64) / len(sums)
    return centred


def _of_differences(covariance: Floats) -> Floats:
    return np.maximum(_sum_of_variances(covariance) - 2 * covariance, 0.0)


def _sum_of_variances(covariance: Floats) -> Floats:
    diagonal = np.diag(covariance)
    return np.add.outer(diagonal, diagonal)


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.inf), where=below > 0)


def _quantile(freedom: Floats | float, policy: Policy) -> Floats:
    # Above ten million degrees of freedom t and normal agree to every digit shown; infinity itself is not accepted.
    capped = np.minimum(freedom, 1e7)
    return np.asarray(stdtrit(capped, (1 + policy.confidence) / 2), dtype=np.float64)
