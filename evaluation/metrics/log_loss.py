"""The log loss is the average surprise, in nats, of the true label under the predicted probability."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from evaluation.metrics.units import Direction, Metric, Units, decimals, units
from evaluation.tasks import Answer, Kind, Task

CLIP = Decimal("0.000001")

# Decimal logarithms are correctly rounded; those of the C library differ between machines in the last bit.
_PRECISE = Context(prec=24, rounding=ROUND_HALF_EVEN)


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Measure −ln(probability of the true label) in the task's units, with probabilities clipped at 1e-6."""
    pairs = zip(decimals(truth), decimals(prediction), strict=True)
    return units((_surprise(given if true else 1 - given) for true, given in pairs), task=task)


@lru_cache(maxsize=65_536)
def _surprise(probability: Decimal) -> Decimal:
    return -_PRECISE.ln(min(max(probability, CLIP), 1 - CLIP))


LOG_LOSS = Metric(
    name="log_loss",
    kinds=frozenset({Kind.PROBABILITY}),
    direction=Direction.LOWER,
    formula="mean of −ln(probability of the true label), probabilities clipped to [1e-6, 1 − 1e-6]",
    items=items,
)
