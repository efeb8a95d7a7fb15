"""Would this order hold on other tasks? Points with their tasks taken as a sample, a second opinion beside the board's.

The call fixes its tasks, so the board's intervals let only the items vary. Here each task is one observation:
SE² = T/(T − 1) · Σ_t ω_t² (u_t − U)² with ω the shares of weight and U = Σ_t ω_t u_t, which for equal weights is the
sample variance over T; the quantile is Student's with T − 1 degrees of freedom. A difference of two entrants is taken
task by task, so that what makes a task hard for both does not count.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from leaderboards.aggregates.results import Results
from leaderboards.utility import FULL_MARKS

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OverTasks:
    """Points, their standard errors and intervals, all of one shape: (K,), or (K, K) for differences of i less j.

    With fewer than two tasks nothing is known: errors are NaN and intervals infinite.
    """

    points: Floats
    errors: Floats
    low: Floats
    high: Floats


def points_over_tasks(results: Results, *, confidence: float = 0.95) -> OverTasks:
    """Estimate every entrant's points over tasks of this kind: (K,), 0 to 100; intervals are cut there."""
    found = _over(FULL_MARKS * results.utilities(), results.shares, confidence)
    return OverTasks(found.points, found.errors, np.maximum(found.low, 0.0), np.minimum(found.high, FULL_MARKS))


def differences_over_tasks(results: Results, *, confidence: float = 0.95) -> OverTasks:
    """Estimate the lead of i over j in points over tasks of this kind: (K, K); 0 inside means no order to rely on."""
    points = FULL_MARKS * results.utilities()
    return _over(points[:, None, :] - points[None, :, :], results.shares, confidence)


def _over(values: Floats, shares: Floats, confidence: float) -> OverTasks:
    tasks = len(shares)
    mean = (values * shares).sum(axis=-1)
    if tasks < 2:
        everywhere = np.full(mean.shape, np.inf)
        return OverTasks(mean, np.full(mean.shape, np.nan), -everywhere, everywhere)
    away = (shares * (values - mean[..., None])) ** 2
    errors = np.sqrt(tasks / (tasks - 1) * away.sum(axis=-1))
    half = float(stdtrit(tasks - 1, (1 + confidence) / 2)) * errors
    return OverTasks(mean, errors, mean - half, mean + half)
