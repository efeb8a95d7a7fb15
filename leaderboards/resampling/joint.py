"""The joint bootstrap of ranks: items are drawn anew by cluster, for all entrants alike, and every draw is ranked.

Within a task the drawn sums are W·S with W whole counts (draws, G) and S whole sums (G, K): one multiplication of
matrices, exact, so that one thread and two, and any machine, give the same bits. Tasks are drawn independently of each
other and are themselves fixed. Ranks of a bootstrap are no confidence set (`intervals.py` is): they say how often.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leaderboards.aggregates import Results, Rule, average_rank, mean_win_rate
from leaderboards.completeness import complete
from leaderboards.policy import Policy
from leaderboards.resampling.beaten import doubled_wins
from leaderboards.resampling.counts import BLOCK, Counts, counts, order_of_draws
from leaderboards.resampling.outcome import Resampled
from leaderboards.resampling.sums import ClusterSums
from leaderboards.scores import ScoreTable

Floats = NDArray[np.float64]
_OF_WINS = (average_rank.RULE, mean_win_rate.RULE)
_CELLS = 2_000_000  # scores, or pairs of entrants, that a rule is given at a time


def resample(
    scores: ScoreTable, policy: Policy, *, rule: Rule, draws: int | None = None, seed: int | None = None
) -> Resampled:
    """Draw the items of those who are ranked `draws` times and apply a rule to each draw.

    Draws and seed are the policy's unless given. Average rank and mean win rate are computed from whole counts of who
    beats whom; every other rule from the scores of each draw. Memory beyond the result, (draws, K) doubles, does not
    grow with the draws. Raises ScoreError where the sums of a task are too large to be exact.
    """
    table = complete(scores, policy)
    results = Results.of(table, policy)
    count = policy.draws if draws is None else draws
    start = policy.seed if seed is None else seed
    tasks = _tasks(table, policy)
    if rule in _OF_WINS:
        worths = _beaten(tasks, results, draws=count, seed=start)
        worths += -float(len(results.entrants)) if rule is average_rank.RULE else 0.0
        worths /= max(len(results.entrants) - 1, 1) if rule is mean_win_rate.RULE else 1
        return Resampled(rule.name, results.entrants, worths)
    worths = np.empty((count, len(results.entrants)))
    for first, drawn in _drawn(tasks, results, draws=count, seed=start):
        worths[first : first + len(drawn.scores)] = rule(drawn)
    return Resampled(rule.name, results.entrants, worths)


def _tasks(table: ScoreTable, policy: Policy) -> list[ClusterSums | None]:
    """Sum every task of the policy by cluster; None for a task that nobody has."""
    blocks = [(table.task(task.name), task) for task in policy.tasks]
    return [None if block is None else ClusterSums.of(block, task) for block, task in blocks]


def _counted(
    tasks: list[ClusterSums | None], *, seed: int, block: int
) -> Iterator[tuple[int, ClusterSums, Counts, NDArray[np.int64]]]:
    """Yield for each task somebody has its number, itself, its counts and the order in which it takes the draws."""
    shared: dict[int, Counts] = {}
    by_name = sorted(task.task.name for task in tasks if task is not None)
    for number, task in enumerate(tasks):
        if task is not None:
            if task.groups not in shared:
                shared[task.groups] = counts(task.groups, seed=seed, block=block)
            order = order_of_draws(by_name.index(task.task.name), seed=seed, block=block)
            yield number, task, shared[task.groups], order


def _beaten(tasks: list[ClusterSums | None], results: Results, *, draws: int, seed: int) -> Floats:
    """Average over the tasks how many of the others everybody beats, a tie one half: (draws, K)."""
    weights = results.weights.tolist()
    total = np.zeros((draws, len(results.entrants)))
    for number, task in enumerate(tasks):
        if task is None:  # there everybody is tied with everybody
            total += weights[number] * (len(results.entrants) - 1)
    for first in range(0, draws, BLOCK):
        height = min(BLOCK, draws - first)
        for number, task, drawn, order in _counted(tasks, seed=seed, block=first // BLOCK):
            wins = doubled_wins(task.drawn(drawn), task.present)
            total[first : first + height] += weights[number] * wins[order[:height]]
    total /= 2 * sum(weights)
    return total


def _drawn(
    tasks: list[ClusterSums | None], results: Results, *, draws: int, seed: int
) -> Iterator[tuple[int, Results]]:
    """Yield the number of the first draw and the results of some draws, (draws, K, T), small enough for any rule."""
    size, width = results.scores.shape
    part = max(_CELLS // max(size * max(size, width), 1), 1)
    for first in range(0, draws, BLOCK):
        known = list(_counted(tasks, seed=seed, block=first // BLOCK))
        for start in range(0, min(BLOCK, draws - first), part):
            rows = slice(start, min(start + part, BLOCK, draws - first))
            scores = np.full((rows.stop - rows.start, size, width), np.nan)
            for number, task, drawn, order in known:
                scores[:, :, number] = task.scores(drawn[order[rows]])
            yield first + start, replace(results, scores=scores)
