"""R² is the share of the truth's variance that the predictions explain: 1 − Σ(y − p)²/Σ(y − ȳ)².

Where the truth never changes it is 1 for perfect predictions and 0 for all others. With e_i = (y_i − p_i)², v the
variance of y and m the mean of e, the influence is −(e_i − m (y_i − ȳ)²/v)/v.
"""

from collections.abc import Sequence
from decimal import Decimal
from math import fsum

import numpy as np

from evaluation.metrics.influence import Units, whole_units
from evaluation.metrics.ordering import numbers
from evaluation.metrics.units import Direction, Metric
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute R² and each item's influence on it."""
    true, given = numbers(truth), numbers(prediction)
    errors = (true - given) ** 2
    spread = (true - fsum(true.tolist()) / len(true)) ** 2
    of_errors, of_truth = fsum(errors.tolist()) / len(true), fsum(spread.tolist()) / len(true)
    if not of_truth:
        return whole_units(0 if of_errors else 1, np.zeros(len(true)), unit=task.unit)
    influence = -(errors - of_errors * spread / of_truth) / of_truth
    return whole_units(1 - of_errors / of_truth, influence, unit=task.unit)


R_SQUARED = Metric(
    name="r_squared",
    kinds=frozenset({Kind.REGRESSION}),
    direction=Direction.HIGHER,
    formula="1 − Σ(truth − prediction)²/Σ(truth − mean truth)²",
    items=items,
    least=None,
    most=Decimal(1),
    is_mean=False,
)
