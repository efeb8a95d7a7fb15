"""The root mean squared error is the root of the mean squared error: √m with the influence (d_i² − m)/(2√m)."""

from collections.abc import Sequence
from math import fsum, sqrt

import numpy as np

from evaluation.metrics.influence import Units, whole_units
from evaluation.metrics.ordering import numbers
from evaluation.metrics.units import Direction, Metric, Scale
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute the error and each item's influence on it."""
    squares = (numbers(prediction) - numbers(truth)) ** 2
    mean = fsum(squares.tolist()) / len(squares)
    score = sqrt(mean)
    influence = (squares - mean) / (2 * score) if score else np.zeros(len(squares))
    return whole_units(score, influence, unit=task.unit)


ROOT_MEAN_SQUARED_ERROR = Metric(
    name="root_mean_squared_error",
    kinds=frozenset({Kind.REGRESSION}),
    direction=Direction.LOWER,
    formula="root of the mean of (prediction − truth)²",
    items=items,
    scale=Scale.POSITIVE,
    is_mean=False,
)
