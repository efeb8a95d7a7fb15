"""The mean absolute error is the average distance between the prediction and the true number."""

from collections.abc import Sequence

from evaluation.metrics.units import Direction, Metric, Units, decimals, units
from evaluation.numbers import EXACT
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Measure |prediction − truth| of each item in the task's units."""
    pairs = zip(decimals(truth), decimals(prediction), strict=True)
    return units((EXACT.abs(EXACT.subtract(given, true)) for true, given in pairs), task=task)


ABSOLUTE_ERROR = Metric(
    name="absolute_error",
    kinds=frozenset({Kind.REGRESSION, Kind.PROBABILITY}),
    direction=Direction.LOWER,
    formula="mean of |prediction − truth|",
    items=items,
)
