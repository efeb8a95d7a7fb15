"""The Matthews correlation is the correlation of true and given labels (Matthews 1975; Gorodkin 2004 for k labels).

With c right answers of n, t_k true and g_k given: (c·n − Σ t_k g_k)/√((n² − Σ g_k²)(n² − Σ t_k²)), and 0 where only one
label occurs or only one is given.
"""

from decimal import Decimal
from math import sqrt

import numpy as np

from evaluation.metrics.confusion import Confusion, items_of
from evaluation.metrics.influence import Floats
from evaluation.metrics.units import Direction, Metric, Scale
from evaluation.tasks import Kind


def matthews_correlation(table: Confusion) -> tuple[float, Floats]:
    """Compute the correlation and its slopes."""
    size, total = len(table.counts), len(table.cells)
    true, given, right = (part.tolist() for part in (table.truths, table.givens, table.right))
    # Python's integers: products of a million items squared leave 64 bits
    above = sum(right) * total - sum(t * g for t, g in zip(true, given, strict=True))
    of_given = total * total - sum(g * g for g in given)
    of_true = total * total - sum(t * t for t in true)
    if of_given == 0 or of_true == 0:
        return 0.0, np.zeros((size, size))
    below = sqrt(of_given) * sqrt(of_true)
    score = above / below
    shares_true, shares_given = np.array(true) / total, np.array(given) / total
    square = below / total**2
    # derivatives of the three terms, written in shares: s = trace − Σ t g, u = 1 − Σ g², v = 1 − Σ t²
    by_s = np.eye(size) - shares_given[:, None] - shares_true[None, :]
    by_u = np.broadcast_to(-2 * shares_given[None, :], (size, size)) / (of_given / total**2)
    by_v = np.broadcast_to(-2 * shares_true[:, None], (size, size)) / (of_true / total**2)
    return score, by_s / square - score / 2 * (by_u + by_v)


MATTHEWS = Metric(
    name="matthews_correlation",
    kinds=frozenset({Kind.CLASSIFICATION}),
    direction=Direction.HIGHER,
    formula="correlation of true and given labels",
    items=items_of(matthews_correlation),
    least=Decimal(-1),
    most=Decimal(1),
    scale=Scale.CORRELATION,
    is_mean=False,
)
