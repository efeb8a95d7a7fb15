"""The log loss is the average surprise, in nats, of the true label under the predicted probability."""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np

from evaluation.metrics.distributions import chances_of_truth
from evaluation.metrics.units import Direction, Metric, Scale, Units
from evaluation.tasks import Answer, Kind, Task

CLIP = Decimal("0.000001")

# Decimal logarithms are correctly rounded; those of the C library are faster and differ between machines in the last
# bit. So the fast one is taken unless the value lies so near a rounding boundary that a bit could decide.
_PRECISE = Context(prec=24, rounding=ROUND_HALF_EVEN)
_DOUBTFUL = 1e-6


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Measure −ln(probability of the true label) in the task's units, with probabilities clipped at 1e-6."""
    values = (_surprise(chance, task.unit) for chance in chances_of_truth(truth, prediction, task=task))
    return np.fromiter(values, dtype=np.int64)


def _surprise(probability: Decimal, unit: int) -> int:
    clipped = min(max(probability, CLIP), 1 - CLIP)
    value = -math.log(clipped) * unit
    if abs(value % 1 - 0.5) > _DOUBTFUL:
        return round(value)
    return int((-_PRECISE.ln(clipped) * unit).to_integral_value(ROUND_HALF_EVEN))


LOG_LOSS = Metric(
    name="log_loss",
    kinds=frozenset({Kind.PROBABILITY, Kind.DISTRIBUTION}),
    direction=Direction.LOWER,
    formula="mean of −ln(probability of the true label), probabilities clipped to [1e-6, 1 − 1e-6]",
    items=items,
    scale=Scale.POSITIVE,
)
