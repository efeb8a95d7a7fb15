"""Average precision is the precision at each positive, averaged over the positives (Zhu 2004).

Thresholds are the distinct scores s: Σ_s (R_s − R_{s−1}) P_s with precision P and recall R of all items scored s or
higher, without interpolation. With P_s = T_s/N_s, d_s positives at a step and D in all, a positive item at step j moves
the score by (P_j − A)/D + Σ_{s ≥ j} d_s (1 − P_s)/(N_s D), a negative one by −Σ_{s ≥ j} d_s P_s/(N_s D).
"""

from collections.abc import Sequence
from decimal import Decimal
from math import fsum

import numpy as np

from evaluation.metrics.influence import Units, whole_units
from evaluation.metrics.ordering import steps
from evaluation.metrics.units import Direction, Metric, Scale
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute the average precision, 0 without any positive, and each item's influence on it."""
    found = steps(truth, prediction)
    positives, size = int(found.positives.sum()), len(truth)
    if not positives:
        return whole_units(0, np.zeros(size), unit=task.unit)
    above = np.cumsum(found.positives)
    every = np.cumsum(found.positives + found.negatives)
    precision = above / every
    score = fsum((found.positives * precision / positives).tolist())
    # sums over all lower steps, from the lowest up
    lost = np.cumsum((found.positives * precision / every)[::-1])[::-1]
    won = np.cumsum((found.positives * (1 - precision) / every)[::-1])[::-1]
    moved = np.where(found.positive, (precision - score + won)[found.place], -lost[found.place])
    return whole_units(score, moved * (size / positives), unit=task.unit)


AVERAGE_PRECISION = Metric(
    name="average_precision",
    kinds=frozenset({Kind.PROBABILITY}),
    direction=Direction.HIGHER,
    formula="mean over the positives of the precision down to each one's score",
    items=items,
    most=Decimal(1),
    scale=Scale.SHARE,
    is_mean=False,
)
