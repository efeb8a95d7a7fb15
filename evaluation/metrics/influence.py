"""A score that is no mean is taken apart into one value for every item, so that it can be treated like a mean.

With θ the score and ψ_i the influence of item i on it (Hampel 1974: the derivative of θ in the direction of that
item), the values θ + ψ_i have the mean θ, and their spread is that of θ (the infinitesimal jackknife, Jaeckel 1972).
So boards compare two entrants on F1 or on a correlation item by item, just as they do on accuracy.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Units = NDArray[np.int64]


def whole_units(score: float | Fraction, influence: Floats, *, unit: int) -> Units:
    """Turn θ + ψ_i into integers of 1/unit whose sum is the nearest integer to θ·n·unit.

    influence: shape (n,), adding up to 0 but for rounding. What the rounding of items leaves over is given to the
    items that lost most by it, so that the mean of the integers is the score itself.
    """
    exact = (float(score) + influence) * unit
    rounded = np.rint(exact)
    whole = rounded.astype(np.int64)
    left = round(Fraction(score) * len(whole) * unit) - int(whole.sum())
    if left:
        lost = (exact - rounded) if left > 0 else (rounded - exact)
        share, rest = divmod(abs(left), len(whole))
        whole += share if left > 0 else -share
        whole[_greatest(lost, rest)] += 1 if left > 0 else -1
    return whole


def _greatest(values: Floats, count: int) -> NDArray[np.intp]:
    """Find where the greatest values are, the first of equal ones; sorting a million of them would take far longer."""
    if not count:
        return np.empty(0, dtype=np.intp)
    bound = np.partition(values, len(values) - count)[len(values) - count]
    above = np.flatnonzero(values > bound)
    return np.concatenate([above, np.flatnonzero(values == bound)[: count - len(above)]])
