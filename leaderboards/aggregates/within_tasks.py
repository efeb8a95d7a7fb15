"""What is computed task by task and then averaged."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def mean_over_tasks(values: Floats, shares: Floats) -> Floats:
    """Average (…, K, T) over the tasks that have a value, with weights (T,); NaN where none has."""
    there = ~np.isnan(values)
    weight = np.where(there, shares, 0.0).sum(axis=-1)
    total = np.where(there, values, 0.0) * shares
    mean: Floats = np.divide(total.sum(axis=-1), weight, out=np.full(weight.shape, np.nan), where=weight > 0)
    return mean
