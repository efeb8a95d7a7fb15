"""Scores become points through anchors that were fixed beforehand, exactly and for each entrant alone.

With s the score of entrant k on task t, f its floor, c its ceiling and w its weight,
U_k = 100 · Σ_t w_t · clip((s_kt − f_t)/(c_t − f_t), 0, 1) / Σ_t w_t.
No other entrant occurs in the formula, so nobody's points depend on who else entered.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from leaderboards.decimals import as_written
from leaderboards.policy import Policy, TaskPolicy
from leaderboards.scores import ScoreTable

FULL_MARKS = 100


@dataclass(frozen=True)
class TaskUtility:
    """One entrant's exact result on one task; the score is None where a missing task counts as its floor."""

    task: str
    score: Fraction | None
    utility: Fraction
    points: Fraction
    clipped: bool
    items: int


def utilities(scores: ScoreTable, policy: Policy) -> list[tuple[TaskUtility, ...]]:
    """Compute every entrant's exact utility on every task; each has all the items of a task or none."""
    columns = [_task_utilities(scores, task, share(policy, task)) for task in policy.tasks]
    return list(zip(*columns, strict=True))


def total(tasks: tuple[TaskUtility, ...]) -> Fraction:
    """Add up an entrant's points over the tasks: from 0 to 100, exactly."""
    return sum((task.points for task in tasks), Fraction(0))


def utility_of(score: Fraction, task: TaskPolicy) -> Fraction:
    """Compute the utility of a score on a task: 0 at its floor and beyond, 1 at its ceiling and beyond."""
    return _clip((score - as_written(task.floor)) / task.span)


def points_per_value(policy: Policy, task: TaskPolicy, *, items: int) -> Fraction:
    """Compute how many points one more unit on one of `items` items is worth while the clip does not bite."""
    return share(policy, task) / task.span / (items * task.unit)


def share(policy: Policy, task: TaskPolicy) -> Fraction:
    """Compute how many of the 100 points a task is worth."""
    return FULL_MARKS * as_written(task.weight) / _whole_weight(policy.tasks)


def _clip(raw: Fraction) -> Fraction:
    return min(max(raw, Fraction(0)), Fraction(1))


@lru_cache(maxsize=16)
def _whole_weight(tasks: tuple[TaskPolicy, ...]) -> Fraction:
    return sum((as_written(task.weight) for task in tasks), Fraction(0))


def _task_utilities(scores: ScoreTable, task: TaskPolicy, worth: Fraction) -> list[TaskUtility]:
    block = scores.task(task.name)
    nothing = TaskUtility(task.name, None, Fraction(0), Fraction(0), clipped=True, items=0)
    if block is None:
        return [nothing] * len(scores.entrants)
    floor, span, count = as_written(task.floor), task.span, len(block.items)
    sums = block.values.sum(axis=1, dtype=np.int64).tolist()
    there: list[bool] = np.any(block.present, axis=1).tolist()
    found: list[TaskUtility] = []
    for value, known in zip(sums, there, strict=True):
        if not known:
            found.append(nothing)
            continue
        score = Fraction(value, count * task.unit)
        raw = (score - floor) / span
        utility = _clip(raw)
        found.append(TaskUtility(task.name, score, utility, worth * utility, raw != utility, count))
    return found
