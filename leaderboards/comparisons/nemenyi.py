"""Which mean ranks lie too near to each other to be told apart: the groups that a critical-difference picture draws.

CD = q_α·√(k(k+1)/6N), q_α the upper quantile of the studentized range of k normal deviates divided by √2 (Nemenyi 1963;
Demšar 2006). Two entrants differ where their mean ranks do by at least CD.
"""

from fractions import Fraction
from math import inf, sqrt

from scipy.stats import studentized_range

from leaderboards.comparisons.friedman import Friedman
from leaderboards.refusals import ComparisonError


def critical_difference(*, entrants: int, tasks: int, alpha: Fraction) -> float:
    """Compute the critical difference of mean ranks; raise ComparisonError for fewer than two entrants or no task."""
    if entrants < 2 or tasks < 1:
        raise ComparisonError(f"a critical difference needs two entrants and a task; here are {entrants} and {tasks}.")
    quantile = float(studentized_range.ppf(float(1 - alpha), entrants, inf)) / sqrt(2)
    return quantile * sqrt(entrants * (entrants + 1) / (6 * tasks))


def groups(found: Friedman, difference: float) -> tuple[tuple[str, ...], ...]:
    """List the largest groups in which no two mean ranks differ by `difference`, the best group first.

    Every entrant is in a group, if only in one of its own; one that belongs to two groups is in both.
    """
    runs: list[tuple[str, ...]] = []
    reached = 0
    for start, rank in enumerate(found.mean_ranks):
        end = start + 1
        while end < len(found.mean_ranks) and float(found.mean_ranks[end] - rank) < difference:
            end += 1
        if end > reached:
            runs.append(found.entrants[start:end])
            reached = end
    return tuple(runs)


def told_apart(found: Friedman, difference: float) -> tuple[tuple[str, str], ...]:
    """List the pairs (better, worse) whose mean ranks differ by at least `difference`, in order of rank."""
    ranked = list(zip(found.entrants, found.mean_ranks, strict=True))
    return tuple(
        (better, worse)
        for place, (better, high) in enumerate(ranked)
        for worse, low in ranked[place + 1 :]
        if float(low - high) >= difference
    )
