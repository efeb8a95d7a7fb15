"""Accuracy is the share of items whose predicted label is the true one."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from evaluation.metrics.units import Direction, Metric, Scale, Units
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Give one whole unit to each item answered right, and nothing to the others."""
    right = (true == given for true, given in zip(truth, prediction, strict=True))
    return np.fromiter(right, dtype=np.int64) * task.unit


ACCURACY = Metric(
    name="accuracy",
    kinds=frozenset({Kind.CLASSIFICATION}),
    direction=Direction.HIGHER,
    formula="mean of [prediction = label]",
    items=items,
    most=Decimal(1),
    scale=Scale.PROPORTION,
)
