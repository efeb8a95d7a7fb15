"""The mean squared error is the average squared distance between the prediction and the true number."""

from collections.abc import Sequence

from evaluation.metrics.units import Direction, Metric, Units, decimals, units
from evaluation.numbers import EXACT
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Measure (prediction − truth)² of each item in the task's units."""
    pairs = zip(decimals(truth), decimals(prediction), strict=True)
    distances = (EXACT.subtract(given, true) for true, given in pairs)
    return units((EXACT.multiply(distance, distance) for distance in distances), task=task)


SQUARED_ERROR = Metric(
    name="squared_error",
    kinds=frozenset({Kind.REGRESSION, Kind.PROBABILITY}),
    direction=Direction.LOWER,
    formula="mean of (prediction − truth)²",
    items=items,
)
