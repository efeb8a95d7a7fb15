"""The Brier score is the mean squared distance of predicted probabilities from what happened (Brier 1950).

Of a probability it is (p − y)², from 0 to 1; of a distribution the sum over all labels, Σ_k (p_k − y_k)², from 0 to 2.
"""

from collections.abc import Sequence
from decimal import Decimal

from evaluation.metrics import squared_error
from evaluation.metrics.distributions import Chances, distributions
from evaluation.metrics.units import Direction, Metric, Units, units
from evaluation.numbers import EXACT
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Measure the squared distance of each item in the task's units."""
    if task.kind is not Kind.DISTRIBUTION:
        return squared_error.items(truth, prediction, task=task)
    pairs = distributions(truth, prediction, labels=task.labels)
    return units((_distance(true, given) for true, given in pairs), task=task)


def _distance(true: int, given: Chances) -> Decimal:
    total = Decimal(0)
    for place, chance in enumerate(given):
        apart = EXACT.subtract(chance, Decimal(place == true))
        total = EXACT.add(total, EXACT.multiply(apart, apart))
    return total


BRIER = Metric(
    name="brier",
    kinds=frozenset({Kind.PROBABILITY, Kind.DISTRIBUTION}),
    direction=Direction.LOWER,
    formula="mean of (probability − label)²; of a distribution, added up over the labels",
    items=items,
    most=Decimal(2),
)
