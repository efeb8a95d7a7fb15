"""One task as whole sums over its clusters, ready to be multiplied by counts without any rounding."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leaderboards.clusters import by_cluster, summed
from leaderboards.policy import TaskPolicy
from leaderboards.refusals import ScoreError
from leaderboards.resampling.counts import Counts, slabs
from leaderboards.scores import TaskScores

Whole = NDArray[np.int64]
Real = NDArray[np.float32] | NDArray[np.float64]
_SINGLE, _DOUBLE = 2**24, 2**53


@dataclass(frozen=True, eq=False)
class ClusterSums:
    """A task of G clusters: sums (K, G) with larger better, in units of `step`; items (G,) per cluster.

    present: (K,), who has the task. sums are float32 where every sum of a draw stays below 2^24, else float64.
    """

    task: TaskPolicy
    sums: Real
    items: Whole
    present: NDArray[np.bool_]
    step: int

    @classmethod
    def of(cls, block: TaskScores, task: TaskPolicy) -> "ClusterSums":
        """Sum a task's values by cluster; raise ScoreError where a draw's sum could not be held exactly."""
        order, starts = by_cluster(block.clusters)
        whole, step = _reduced(summed(block.values, order, starts))
        bound = int(np.abs(whole).max(initial=0)) * (len(starts) - 1)
        if bound >= _DOUBLE:
            raise ScoreError(f"task {task.name}: the sums of its values lie beyond 2^53; choose a smaller unit.")
        signed = whole if task.higher_is_better else -whole
        exact = signed.astype(np.float32) if bound < _SINGLE else signed.astype(np.float64)
        present = np.asarray(block.present.any(axis=1))
        return cls(task, exact, np.diff(starts), present, step)

    @property
    def groups(self) -> int:
        """Count the clusters."""
        return len(self.items)

    def drawn(self, counts: Counts) -> Real:
        """Sum the drawn clusters: (draws, K) whole numbers, in units of `step`."""
        found = np.empty((len(counts), len(self.sums)), self.sums.dtype)
        across, single = self.sums.T, self.sums.dtype == np.float32
        for rows in slabs(self.groups):
            weights = counts[rows]
            found[rows] = (weights.astype(np.float32) if single else weights.astype(np.float64)) @ across
        return found

    def scores(self, counts: Counts) -> NDArray[np.float64]:
        """Compute the scores of each draw: (draws, K), larger better, the mean over the items drawn; NaN if missing."""
        whole = self.drawn(counts).astype(np.float64) * self.step
        items = counts.astype(np.float64) @ self.items.astype(np.float64)
        found: NDArray[np.float64] = whole / (items * self.task.unit)[:, None]
        found[:, ~self.present] = np.nan
        return found


def _reduced(sums: Whole) -> tuple[Whole, int]:
    """Divide by what all sums have in common: 0 and 10000 are as good as 0 and 1, and fit where those do not."""
    step = int(np.gcd.reduce(sums[:1], axis=None))  # a first guess, from one entrant
    if step > 1:
        whole = sums // step
        if (whole * step == sums).all():
            return whole, step
    step = max(int(np.gcd.reduce(sums, axis=None)), 1)
    return (sums // step if step > 1 else sums), step
