"""The mixed-integer programme of an assignment, solved by HiGHS one goal after another.

Variables: x_ij for every permitted pair; t, the affinity of the worst-served entry; and, where loads are to be even,
the greatest and the least load. A goal that is reached becomes a bound for the goals after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, hstack

from leaderboards.refusals import AssignmentError

Floats = NDArray[np.float64]
_OPTIMAL = 0


@dataclass(frozen=True, eq=False)
class Pairs:
    """The permitted pairs, P of them, by the numbers of entry and judge, with their affinities in thousandths: (P,)."""

    entry_of: NDArray[np.int64]
    judge_of: NDArray[np.int64]
    value: Floats


@dataclass(frozen=True, eq=False)
class Laws:
    """What holds whatever the goal: reviews wanted and affinity had by entry; least, most and kept load by judge."""

    wanted: NDArray[np.int64]
    had: NDArray[np.int64]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    load: NDArray[np.int64]


class Programme:
    """All goals over the same pairs and laws."""

    def __init__(self, pairs: Pairs, laws: Laws) -> None:
        """Lay out the constraints; the last variables are t, the greatest and the least load."""
        self.pairs = pairs
        count, entries, judges = len(pairs.value), len(laws.wanted), len(laws.most)
        by_entry, by_judge = _rows(pairs.entry_of, entries), _rows(pairs.judge_of, judges)
        served = coo_array((pairs.value, (pairs.entry_of, np.arange(count))), shape=(entries, count))
        self._constraints = [
            LinearConstraint(_beside(by_entry), laws.wanted, laws.wanted),
            LinearConstraint(_beside(by_judge), laws.least, laws.most),
            LinearConstraint(_beside(served, t=-1), -laws.had, np.inf),
            LinearConstraint(_beside(by_judge, greatest=-1), -np.inf, -laws.load),
            LinearConstraint(_beside(by_judge, least=-1), -laws.load, np.inf),
        ]
        # no greatest load lies below the mean, and no least above it: that ends the search for either at once
        all_reviews = int(laws.wanted.sum() + laws.load.sum())
        self._low = np.concatenate([np.zeros(count), [0.0, -(-all_reviews // judges), 0.0]])
        self._high = np.concatenate([np.ones(count), [np.inf, np.inf, all_reviews // judges]])

    def fair(self, weights: Floats, *, fairness: float) -> None:
        """Keep from here on the t of what makes Σ weights·x + fairness·t as large as it can be."""
        self._low[-3] = round(self._best([fairness, 0, 0], weights)[-3])

    def even(self) -> None:
        """Make the greatest load as small as it can be, then the least as large, from here on."""
        mean = self._low[-2], self._high[-1]
        if self._may_be(greatest=mean[0], least=mean[1]):
            self._high[-2], self._low[-1] = mean
            return
        self._high[-2] = round(self._best([0, -1, 0])[-2])
        self._low[-1] = round(self._best([0, 0, 1])[-1])

    def chosen(self, weights: Floats, *, fairness: float) -> NDArray[np.bool_]:
        """Return which pairs make Σ weights·x + fairness·t as large as it can be: (P,)."""
        found: NDArray[np.bool_] = self._best([fairness, 0, 0], weights)[: len(weights)] > 0.5
        return found

    def _may_be(self, *, greatest: float, least: float) -> bool:
        low, high = self._low.copy(), self._high.copy()
        high[-2], low[-1] = greatest, least
        # among what is lawful a good one is found sooner than any one
        goal = np.append(self.pairs.value, [0.0, 0.0, 0.0])
        return bool(self._solve(goal, low, high, gap=1.0).status == _OPTIMAL)

    def _best(self, last: Sequence[float], weights: Floats | None = None) -> Floats:
        count = len(self.pairs.value)
        goal = np.concatenate([np.zeros(count) if weights is None else weights, np.array(last, dtype=np.float64)])
        found = self._solve(goal, self._low, self._high, gap=0.0)
        if found.status != _OPTIMAL:
            raise AssignmentError(f"the solver found no assignment ({found.message}); ask for fewer reviews or less.")
        return np.asarray(found.x, dtype=np.float64)

    def _solve(self, goal: Floats, low: Floats, high: Floats, *, gap: float) -> Any:
        return milp(
            -goal,
            integrality=np.append(np.ones(len(goal) - 3), [0, 1, 1]),
            bounds=Bounds(low, high),
            constraints=self._constraints,
            options={"mip_rel_gap": gap},
        )


def _rows(row: NDArray[np.int64], rows: int) -> Any:
    return coo_array((np.ones(len(row)), (row, np.arange(len(row)))), shape=(rows, len(row)))


def _beside(matrix: Any, *, t: int = 0, greatest: int = 0, least: int = 0) -> Any:
    """Put the columns of t and of the loads beside a matrix over pairs."""
    last = np.tile([float(t), float(greatest), float(least)], (matrix.shape[0], 1))
    return hstack([matrix, coo_array(last)]).tocsr()
