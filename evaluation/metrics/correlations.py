"""Pearson's correlation of predictions and truth, and Spearman's, which is Pearson's of their ranks.

With standardised values u and v the influence on Pearson's r is u v − r (u² + v²)/2 (Devlin, Gnanadesikan and
Kettenring 1975). Spearman's ρ depends on the two distribution functions too, so its influence adds what an item does to
the ranks of the others (Croux and Dehon 2010). Where predictions or truth never change, a correlation is not
defined; it then counts as 0.
"""

from collections.abc import Sequence
from decimal import Decimal
from math import fsum, sqrt

import numpy as np

from evaluation.metrics.influence import Floats, Units, whole_units
from evaluation.metrics.ordering import average_ranks, numbers
from evaluation.metrics.units import Direction, Metric, Scale, decimals
from evaluation.tasks import Answer, Kind, Task


def pearson_items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute Pearson's correlation and each item's influence on it."""
    true, given = _standardised(numbers(truth)), _standardised(numbers(prediction))
    if true is None or given is None:
        return whole_units(0, np.zeros(len(truth)), unit=task.unit)
    score = _bounded(fsum((true * given).tolist()) / len(true))
    return whole_units(score, true * given - score * (true**2 + given**2) / 2, unit=task.unit)


def spearman_items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute Spearman's correlation and each item's influence on it."""
    ranks_true, ranks_given = average_ranks(list(decimals(truth))), average_ranks(list(decimals(prediction)))
    true, given = _standardised(ranks_true), _standardised(ranks_given)
    if true is None or given is None:
        return whole_units(0, np.zeros(len(truth)), unit=task.unit)
    score = _bounded(fsum((true * given).tolist()) / len(true))
    own = true * given - score * (true**2 + given**2) / 2
    others = _pushed(ranks_true, given, true, score) + _pushed(ranks_given, true, given, score)
    influence = own + others
    return whole_units(score, influence - influence.mean(), unit=task.unit)


def _standardised(values: Floats) -> Floats | None:
    """Return the values less their mean, over their standard deviation; None where they never change."""
    if not len(values) or (values == values[0]).all():
        return None
    apart = values - fsum(values.tolist()) / len(values)
    standardised: Floats = apart / sqrt(fsum((apart**2).tolist()) / len(values))
    return standardised


def _pushed(ranks: Floats, partner: Floats, own: Floats, score: float) -> Floats:
    """Compute what an item does by pushing the ranks of the items above it up: the second half of the influence.

    A further item at rank r adds 1 to each rank above r and one half to its equals; each of these moves the score by
    (v − ρ u)/σ, with u and v the standardised ranks and σ the deviation of the ranks themselves, in ranks.
    """
    size = len(ranks)
    gain = (partner - score * own) / _deviation(ranks)
    order = np.argsort(ranks, kind="stable")
    _, first, counts = np.unique(ranks[order], return_index=True, return_counts=True)
    totals = np.add.reduceat(gain[order], first)
    above = np.cumsum(totals[::-1])[::-1] - totals
    share = above + totals / 2
    place = np.repeat(np.arange(len(first)), counts)
    pushed = np.empty(size)
    pushed[order] = share[place]
    centred: Floats = pushed - pushed.mean()
    return centred


def _deviation(values: Floats) -> float:
    mean = fsum(values.tolist()) / len(values)
    return sqrt(fsum(((values - mean) ** 2).tolist()) / len(values))


def _bounded(value: float) -> float:
    return min(max(value, -1.0), 1.0)


PEARSON = Metric(
    name="pearson",
    kinds=frozenset({Kind.REGRESSION}),
    direction=Direction.HIGHER,
    formula="correlation of predictions and truth",
    items=pearson_items,
    least=Decimal(-1),
    most=Decimal(1),
    scale=Scale.CORRELATION,
    is_mean=False,
)
SPEARMAN = Metric(
    name="spearman",
    kinds=frozenset({Kind.REGRESSION}),
    direction=Direction.HIGHER,
    formula="correlation of the ranks of predictions and truth",
    items=spearman_items,
    least=Decimal(-1),
    most=Decimal(1),
    scale=Scale.CORRELATION,
    is_mean=False,
)
