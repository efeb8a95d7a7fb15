"""Scores as pairs: for each task the sums of every cluster, the bounds of the clip, and what a unit is worth.

A clustered test may only move whole clusters, since the items of one belong together. All sums are integers.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from leaderboards.decimals import as_written
from leaderboards.policy import Policy, TaskPolicy
from leaderboards.scores import ScoreTable, TaskScores
from leaderboards.utility import points_per_value

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PairedTask:
    """One task: sums int64 (entrants, clusters) in units; a total of them is worth points between two totals.

    A total v is worth slope·(clip(v, least, most) − floor) points; slope is below 0 where lower is better.
    """

    task: str
    sums: Integers
    least: Fraction
    most: Fraction
    floor: Fraction
    slope: Fraction

    def points(self, total: Fraction | int) -> Fraction:
        """Compute the exact points of a total of values."""
        return self.slope * (min(max(Fraction(total), self.least), self.most) - self.floor)

    def moves(self, total: int) -> bool:
        """Tell whether the clip leaves a total as it is, so that one unit more would count."""
        return self.least <= total <= self.most


@dataclass(frozen=True)
class TaskDifference:
    """Exact points of the first above the second on a task, and the variance of that; None below two clusters."""

    task: str
    points: Fraction
    variance: Fraction | None
    clusters: int


@dataclass(frozen=True, eq=False)
class Paired:
    """All tasks of a complete table, in the order of the policy; rows follow the entrants."""

    entrants: tuple[str, ...]
    tasks: tuple[PairedTask, ...]

    def difference(self, first: int, second: int) -> tuple[TaskDifference, ...]:
        """Compute task by task how many points the entrant in row `first` is above that in row `second`.

        variance: slope²·G/(G−1)·Σ_g (D_g − D̄)² over G clusters, D_g the difference of their sums, an entrant's own
        part left out where the clip bites (Miller 2024, arXiv:2411.00640).
        """
        found = []
        for task in self.tasks:
            one, other = task.sums[first], task.sums[second]
            totals = int(one.sum()), int(other.sum())
            moved = one * task.moves(totals[0]) - other * task.moves(totals[1])
            points = task.points(totals[0]) - task.points(totals[1])
            found.append(TaskDifference(task.task, points, spread(moved, task.slope), len(moved)))
        return tuple(found)


def paired(scores: ScoreTable, policy: Policy) -> Paired:
    """Sum a complete table by clusters; see `complete` for how a table comes to be that."""
    tasks = []
    for task in policy.tasks:
        block = scores.task(task.name)
        if block is not None:
            tasks.append(_task(block, policy, task))
    return Paired(scores.entrants, tuple(tasks))


def spread(sums: Integers, slope: Fraction) -> Fraction | None:
    """Compute slope²·G/(G−1)·Σ(S − S̄)² exactly for the sums (G,) of G clusters; None with fewer than two."""
    count = len(sums)
    if count < 2:
        return None
    small = int(np.abs(sums).max()) ** 2 * count < 2**62  # then int64 is exact, and faster than Python's integers
    squares = int(sums @ sums) if small else sum(value * value for value in sums.tolist())
    square = squares - Fraction(int(sums.sum()) ** 2, count)
    return slope**2 * Fraction(count, count - 1) * square


def _task(block: TaskScores, policy: Policy, task: TaskPolicy) -> PairedTask:
    names = sorted(set(block.clusters))
    place = {name: number for number, name in enumerate(names)}
    code = np.array([place[name] for name in block.clusters], dtype=np.int64)
    order = np.argsort(code, kind="stable")
    starts = np.searchsorted(code[order], np.arange(len(names)))
    sums = np.add.reduceat(block.values[:, order], starts, axis=1, dtype=np.int64)
    whole = len(block.items) * task.unit
    floor, ceiling = as_written(task.floor) * whole, as_written(task.ceiling) * whole
    slope = points_per_value(policy, task, items=len(block.items))
    return PairedTask(task.name, sums, min(floor, ceiling), max(floor, ceiling), floor, slope)
