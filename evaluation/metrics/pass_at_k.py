"""pass@k is the chance that one of k programs passes the tests (Chen et al. 2021).

Of n programs written for an item c passed; the unbiased estimate from them is 1 − C(n − c, k)/C(n, k).
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import comb

import numpy as np

from evaluation.metrics.units import Direction, Metric, Scale, Units, decimals
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:  # noqa: ARG001 - a program
    """Estimate each item's chance in the task's units; raises ValueError where more programs passed than were written.

    prediction: how many of the task's samples passed. The truth, a program, has done its work before.
    """
    values = [round(_chance(passed, task) * task.unit) for passed in decimals(prediction)]
    return np.array(values, dtype=np.int64)


def _chance(passed: Decimal, task: Task) -> Fraction:
    if passed != int(passed) or not 0 <= passed <= task.samples or not 1 <= task.k <= task.samples:
        raise ValueError(f"{passed} of {task.samples} programs passed, one of {task.k} asked: that cannot be")
    return 1 - Fraction(comb(task.samples - int(passed), task.k), comb(task.samples, task.k))


PASS_AT_K = Metric(
    name="pass_at_k",
    kinds=frozenset({Kind.CODE}),
    direction=Direction.HIGHER,
    formula="mean of 1 − C(n − c, k)/C(n, k), with c of n programs that passed",
    items=items,
    most=Decimal(1),
    scale=Scale.PROPORTION,
)
