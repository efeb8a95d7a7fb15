"""The area under the ROC curve is the share of pairs, one positive and one negative, that are in the right order.

Equal scores count one half (Hanley and McNeil 1982). The influence of an item is that of a two-sample U statistic, with
the components of DeLong, DeLong and Clarke-Pearson (1988): V_i − AUC, divided by the share of its class.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from evaluation.metrics.influence import Units, whole_units
from evaluation.metrics.ordering import steps
from evaluation.metrics.units import Direction, Metric, Scale
from evaluation.tasks import Answer, Kind, Task

UNDECIDED = Fraction(1, 2)
"""The area where one of the two classes does not occur: nothing is known of the order."""


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute the area and each item's influence on it."""
    found = steps(truth, prediction)
    positives, negatives = int(found.positives.sum()), int(found.negatives.sum())
    if not positives or not negatives:
        return whole_units(UNDECIDED, np.zeros(len(truth)), unit=task.unit)
    # twice the number of negatives below each step, and of positives above it; equal scores count once
    below = 2 * (negatives - np.cumsum(found.negatives)) + found.negatives
    above = 2 * np.cumsum(found.positives) - found.positives
    score = Fraction(sum((found.positives * below).tolist()), 2 * positives * negatives)
    of_positives = (below / (2 * negatives) - float(score)) * (len(truth) / positives)
    of_negatives = (above / (2 * positives) - float(score)) * (len(truth) / negatives)
    influence = np.where(found.positive, of_positives[found.place], of_negatives[found.place])
    return whole_units(score, influence, unit=task.unit)


ROC_AUC = Metric(
    name="roc_auc",
    kinds=frozenset({Kind.PROBABILITY}),
    direction=Direction.HIGHER,
    formula="share of pairs of a positive and a negative in the right order, equal scores counted half",
    items=items,
    most=Decimal(1),
    scale=Scale.SHARE,
    is_mean=False,
)
