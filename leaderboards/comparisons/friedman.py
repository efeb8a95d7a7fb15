"""Friedman's test asks whether entrants differ at all, from nothing but the order of them on each task.

With R_j the mean over N tasks of the mid-ranks of entrant j among k,
χ² = 12N/(k(k+1))·[Σ R_j² − k(k+1)²/4], and F = (N−1)χ²/(N(k−1) − χ²) with k−1 and (k−1)(N−1) degrees of freedom
(Iman and Davenport 1980; both as in Demšar 2006, JMLR 7:1-30). The number of tasks is small and every rank depends on
who else entered: this is a drawing to look at beside a board, and decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial, sqrt
from typing import Any

import numpy as np
from scipy.special import chdtrc, fdtrc

from leaderboards.comparisons.completeness import complete
from leaderboards.decimals import from_exact, from_float, spelled
from leaderboards.policy import Policy
from leaderboards.refusals import ComparisonError
from leaderboards.scores import ScoreTable


@dataclass(frozen=True)
class Friedman:
    """Mean ranks, the best first and equal ones by name, and what they say.

    chi_square: as printed above, without a correction for ties; chi_square_for_ties: divided by
    1 − Σ(m³ − m)/(Nk(k²−1)) over groups of m tied on a task, None where everybody is tied everywhere. f: None where all
    tasks agree on one order, when its denominator is 0; p_f is then the chance of that, (1/k!)^(N−1).
    """

    entrants: tuple[str, ...]
    mean_ranks: tuple[Fraction, ...]
    tasks: int
    chi_square: Fraction
    chi_square_for_ties: Fraction | None
    f: Fraction | None
    p_chi_square: float
    p_f: float

    def z(self, first: str, second: str) -> float:
        """Compute (R_i − R_j)/√(k(k+1)/6N): below 0 where `first` is the better."""
        rank_of = dict(zip(self.entrants, self.mean_ranks, strict=True))
        size = len(self.entrants)
        return float(rank_of[first] - rank_of[second]) / sqrt(size * (size + 1) / (6 * self.tasks))

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types in which every real number is a decimal string of six places."""
        ties, f = self.chi_square_for_ties, self.f
        return {
            "entrants": list(self.entrants),
            "mean_ranks": [spelled(from_exact(one)) for one in self.mean_ranks],
            "tasks": self.tasks,
            "chi_square": spelled(from_exact(self.chi_square)),
            "chi_square_for_ties": None if ties is None else spelled(from_exact(ties)),
            "f": None if f is None else spelled(from_exact(f)),
            "p_chi_square": spelled(from_float(self.p_chi_square)),
            "p_f": spelled(from_float(self.p_f)),
        }


def friedman(scores: ScoreTable, policy: Policy) -> Friedman:
    """Test the entrants of a table on the mean score of each task, before any rounding and any clip.

    Raises ComparisonError where an entrant lacks a result, or with fewer than two entrants or tasks.
    """
    table = complete(scores, policy)
    columns = []
    for task in policy.tasks:
        block = table.task(task.name)
        if block is None:
            raise ComparisonError(f"no entrant has a score for task {task.name}; leave it out of the policy.")
        sums = block.values.sum(axis=1, dtype=np.int64).tolist()
        columns.append([Fraction(one if task.higher_is_better else -one) for one in sums])
    return friedman_of(table.entrants, columns)


def friedman_of(entrants: Sequence[str], columns: Sequence[Sequence[Fraction]]) -> Friedman:
    """Test exact values, one column a task with a value for each entrant, larger being better."""
    size, tasks = len(entrants), len(columns)
    totals = [Fraction(0)] * size
    tied = 0
    for column in columns:
        ranks = mid_ranks(column)
        totals = [total + rank for total, rank in zip(totals, ranks, strict=True)]
        tied += sum(count**3 - count for count in (ranks.count(rank) for rank in set(ranks)))
    return friedman_of_ranks(entrants, [total / max(tasks, 1) for total in totals], tasks=tasks, tied=tied)


def friedman_of_ranks(
    entrants: Sequence[str], mean_ranks: Sequence[Fraction], *, tasks: int, tied: int = 0
) -> Friedman:
    """Test mean ranks; `tied` is Σ(m³ − m) over the groups of m entrants that are tied on a task."""
    size = len(entrants)
    if size < 2 or tasks < 2:
        raise ComparisonError(f"Friedman's test needs two entrants and two tasks; here are {size} and {tasks}.")
    chi_square = Fraction(12 * tasks, size * (size + 1)) * (sum(rank**2 for rank in mean_ranks)) - 3 * tasks * Fraction(
        size + 1
    )
    order = sorted(range(size), key=lambda place: (mean_ranks[place], entrants[place]))
    share = 1 - Fraction(tied, tasks * size * (size**2 - 1))
    rest = tasks * (size - 1) - chi_square
    f = None if rest == 0 else (tasks - 1) * chi_square / rest
    return Friedman(
        entrants=tuple(entrants[place] for place in order),
        mean_ranks=tuple(mean_ranks[place] for place in order),
        tasks=tasks,
        chi_square=chi_square,
        chi_square_for_ties=None if share == 0 else chi_square / share,
        f=f,
        p_chi_square=float(chdtrc(size - 1, max(float(chi_square), 0.0))),
        p_f=(
            float(Fraction(1, factorial(size) ** (tasks - 1)))
            if f is None
            else float(fdtrc(size - 1, (size - 1) * (tasks - 1), max(float(f), 0.0)))
        ),
    )


def mid_ranks(values: Sequence[Fraction]) -> list[Fraction]:
    """Rank values, the largest 1; equal values share the mean of their places."""
    order = sorted(values, reverse=True)
    first: dict[Fraction, int] = {}
    count: dict[Fraction, int] = {}
    for place, value in enumerate(order, start=1):
        first.setdefault(value, place)
        count[value] = count.get(value, 0) + 1
    return [first[value] + Fraction(count[value] - 1, 2) for value in values]
