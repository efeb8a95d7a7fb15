"""F1 is the harmonic mean of precision and recall (van Rijsbergen 1979), averaged over labels or over items.

Of a label with r right, t true and g given answers it is 2r/(t + g), and 0 where the label neither occurs nor is
given. The macro average weighs labels alike and takes in those that occur or are given. The micro average adds up r, t
and g over all labels first; where every item has one label it equals accuracy.
"""

from decimal import Decimal

import numpy as np

from evaluation.metrics.confusion import Confusion, items_of, ratio
from evaluation.metrics.influence import Floats
from evaluation.metrics.units import Direction, Metric, Scale
from evaluation.tasks import Kind


def macro_f1(table: Confusion) -> tuple[float, Floats]:
    """Compute the mean F1 over the labels that occur or are given, and its slopes."""
    size, total = len(table.counts), len(table.cells)
    both = table.truths + table.givens
    there = int((both[: table.labels] > 0).sum())
    scores = ratio(2 * table.right, both)
    per_answer = ratio(np.full(size, total, dtype=np.int64), both)
    # an answer counts in t of its true label and in g of the given one; a right one also twice in 2r
    lowers = -scores * per_answer
    slopes = lowers[:, None] + lowers[None, :] + 2 * np.diag(per_answer)
    return float(scores.sum()) / there, slopes / there


def micro_f1(table: Confusion) -> tuple[float, Floats]:
    """Compute F1 over all answers at once, and its slopes."""
    size, total = len(table.counts), len(table.cells)
    return float(table.right.sum()) / total, np.eye(size)


MACRO_F1 = Metric(
    name="macro_f1",
    kinds=frozenset({Kind.CLASSIFICATION}),
    direction=Direction.HIGHER,
    formula="mean over the labels of 2·right/(true + given)",
    items=items_of(macro_f1),
    most=Decimal(1),
    scale=Scale.SHARE,
    is_mean=False,
)
MICRO_F1 = Metric(
    name="micro_f1",
    kinds=frozenset({Kind.CLASSIFICATION}),
    direction=Direction.HIGHER,
    formula="2·right/(true + given), added up over all labels first",
    items=items_of(micro_f1),
    most=Decimal(1),
    scale=Scale.PROPORTION,
)
