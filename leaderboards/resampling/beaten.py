"""In each draw, how many of the others everybody beats on a task, ties one half: counted, not compared pair by pair."""

import numpy as np
from numpy.typing import NDArray

from leaderboards.ranks import mid_ranks

Real = NDArray[np.float32] | NDArray[np.float64]
_ROWS = 128
_BEYOND = 2**53
_WIDEST = 4_096  # distinct whole scores up to which counting beats sorting


def doubled_wins(drawn: Real, present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Compute 2·#{beaten} + #{tied} for whole scores (draws, K): (draws, K), exactly.

    Whoever is not `present` (K,) loses to all who are, and ties with the other absent ones.
    """
    found = np.empty(drawn.shape, np.int64)
    for first in range(0, len(drawn), _ROWS):
        rows = drawn[first : first + _ROWS].astype(np.int64)
        least = int(rows.min(initial=_BEYOND, where=present)) - 1
        rows -= least
        rows[:, ~present] = 0
        width = int(rows.max(initial=0)) + 1
        found[first : first + _ROWS] = _counted(rows, width) if width <= _WIDEST else _sorted(rows)
    return found


def _counted(rows: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    rows += np.arange(0, len(rows) * width, width)[:, None]
    here = np.bincount(rows.ravel(), minlength=len(rows) * width).reshape(len(rows), width)
    # those not above, twice, less those beside: the beaten twice and the tied once, oneself among these
    upto = here.cumsum(axis=1)
    upto *= 2
    upto -= here
    upto -= 1
    return np.take(upto.ravel(), rows)


def _sorted(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (2 * (rows.shape[1] - mid_ranks(rows.T.astype(np.float64)).T)).astype(np.int64)
    return found
