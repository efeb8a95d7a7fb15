"""Balanced accuracy is the mean over the true labels of the share that was recognised (Brodersen et al. 2010)."""

from decimal import Decimal

import numpy as np

from evaluation.metrics.confusion import Confusion, items_of, ratio
from evaluation.metrics.influence import Floats
from evaluation.metrics.units import Direction, Metric, Scale
from evaluation.tasks import Kind


def balanced_accuracy(table: Confusion) -> tuple[float, Floats]:
    """Compute the mean recall of the labels that occur, and its slopes; a label that never occurs does not count."""
    there = int((table.truths > 0).sum())
    recall = ratio(table.right, table.truths)
    total = len(table.cells)
    weight = ratio(np.full(len(recall), total, dtype=np.int64), table.truths)[:, None]
    slopes = (np.eye(len(recall)) - recall[:, None]) * weight / there
    return float(recall.sum()) / there, slopes


BALANCED_ACCURACY = Metric(
    name="balanced_accuracy",
    kinds=frozenset({Kind.CLASSIFICATION}),
    direction=Direction.HIGHER,
    formula="mean over the true labels of the share given rightly",
    items=items_of(balanced_accuracy),
    most=Decimal(1),
    scale=Scale.SHARE,
    is_mean=False,
)
