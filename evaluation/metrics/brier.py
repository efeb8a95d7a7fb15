"""The Brier score is the mean squared error of a predicted probability (Brier 1950, binary form)."""

from decimal import Decimal

from evaluation.metrics.squared_error import items
from evaluation.metrics.units import Direction, Metric
from evaluation.tasks import Kind

BRIER = Metric(
    name="brier",
    kinds=frozenset({Kind.PROBABILITY}),
    direction=Direction.LOWER,
    formula="mean of (probability − label)²",
    items=items,
    most=Decimal(1),
)
