"""Bits per byte is how much a model is surprised by texts, whatever its tokens are: −Σ ln p/(ln 2 · Σ bytes).

It is a ratio of sums, so long texts weigh more. With θ the ratio the influence is (−ln p_i/ln 2 − θ b_i)/b̄ (Cochran
1977, section 6.3).
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np

from evaluation.metrics.sums import units_of_sums
from evaluation.metrics.units import Direction, Metric, Scale, Units, decimals
from evaluation.tasks import Answer, Kind, Task

_EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
_LN2 = _EXACT.ln(Decimal(2))


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute the bits per byte over all items and each item's influence on it.

    truth: bytes of each text; prediction: the natural logarithm of its probability, which is at most 0.
    """
    sizes, chances = list(decimals(truth)), list(decimals(prediction))
    if any(chance > 0 for chance in chances):
        raise ValueError("the logarithm of a probability is at most 0")
    bits = _EXACT.divide(-sum(chances, Decimal(0)), _LN2)
    total = sum(sizes, Decimal(0))
    score = float(_EXACT.divide(bits, total))
    statistics = np.array([[float(-chance), float(size)] for chance, size in zip(chances, sizes, strict=True)])
    gradient = [1 / float(_EXACT.multiply(_LN2, total)), -score / float(total)]
    return units_of_sums(score, gradient, statistics, unit=task.unit)


BITS_PER_BYTE = Metric(
    name="bits_per_byte",
    kinds=frozenset({Kind.LIKELIHOOD}),
    direction=Direction.LOWER,
    formula="−Σ ln(probability of the text)/(ln 2 · Σ bytes)",
    items=items,
    scale=Scale.POSITIVE,
    is_mean=False,
)
