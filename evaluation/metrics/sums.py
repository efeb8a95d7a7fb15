"""Scores that are smooth functions of sums over the items, such as BLEU: the delta method gives each item's influence.

With s_i the statistics of item i, s̄ their mean and f the score as a function of the sums, homogeneous or not, the
influence is n ∇f·(s_i − s̄) (van der Vaart 1998, chapter 3).
"""

from collections.abc import Sequence
from math import fsum

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.influence import Floats, Units, whole_units


def units_of_sums(
    score: float, gradient: Sequence[float], statistics: NDArray[np.int64] | Floats, *, unit: int
) -> Units:
    """Take a score apart by its gradient in the sums, shape (k,), and the items' statistics, shape (n, k).

    Column by column, as the order in which a matrix product adds up is the machine's own.
    """
    size = len(statistics)
    moved = np.zeros(size)
    for slope, column in zip(gradient, statistics.T, strict=True):
        if slope:
            moved += column * (slope * size)
    return whole_units(score, moved - fsum(moved.tolist()) / size, unit=unit)
