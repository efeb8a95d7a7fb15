"""The expected calibration error is how far predicted probabilities lie from what happened, in ten equal bins.

Σ_b |Σ_{i in b} (p_i − y_i)|/n (Naeini, Cooper and Hauskrecht 2015). It compares averages in bins, so a predictor that
always says the base rate has an error of 0; read it beside the Brier score.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from evaluation.metrics.distributions import top_labels
from evaluation.metrics.influence import Units, whole_units
from evaluation.metrics.units import Direction, Metric, Scale, decimals
from evaluation.tasks import Answer, Kind, Task

BINS = 10
_PLACES = 12


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute the error and each item's influence on it; bins are [0, 0.1), [0.1, 0.2), …, [0.9, 1].

    Of a distribution the highest probability counts, and whether its label is the true one (Guo et al. 2017).
    """
    if task.kind is Kind.DISTRIBUTION:
        truth, prediction = top_labels(truth, prediction, task=task)
    given = np.fromiter((int(value.scaleb(_PLACES)) for value in decimals(prediction)), np.int64, len(prediction))
    true = np.fromiter((int(value.scaleb(_PLACES)) for value in decimals(truth)), np.int64, len(truth))
    bins = np.minimum(given * BINS // 10**_PLACES, BINS - 1)
    gaps = np.zeros(BINS, dtype=np.int64)
    np.add.at(gaps, bins, given - true)
    score = Fraction(int(np.abs(gaps).sum()), len(truth) * 10**_PLACES)
    influence = np.sign(gaps)[bins] * (given - true) / 10**_PLACES - float(score)
    return whole_units(score, influence, unit=task.unit)


CALIBRATION_ERROR = Metric(
    name="calibration_error",
    kinds=frozenset({Kind.PROBABILITY, Kind.DISTRIBUTION}),
    direction=Direction.LOWER,
    formula="mean distance of predicted and true averages in ten bins of the probability, weighted by items",
    items=items,
    most=Decimal(1),
    has_interval=False,  # its estimate is above the truth, by more than its spread where a model is well calibrated
    scale=Scale.SHARE,
    is_mean=False,
)
