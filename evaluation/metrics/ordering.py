"""Items in the order of their scores, with equal scores as one step: what curves over thresholds are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.influence import Floats
from evaluation.metrics.units import decimals
from evaluation.tasks import Answer

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Steps:
    """The distinct scores from the highest down: positives and negatives at each, shape (s,), and each item's step."""

    positives: Counts
    negatives: Counts
    place: Counts
    positive: NDArray[np.bool_]
    """Whether each item is positive, shape (n,)."""


def steps(truth: Sequence[Answer], prediction: Sequence[Answer]) -> Steps:
    """Sort a probability task's items by their predictions, equal predictions together, compared exactly."""
    positive = np.fromiter((bool(answer) for answer in decimals(truth)), dtype=np.bool_, count=len(truth))
    # predictions have twelve places at most, so they are compared as whole numbers and never as rounded ones
    scaled = np.fromiter(
        (int(value.scaleb(12)) for value in decimals(prediction)), dtype=np.int64, count=len(prediction)
    )
    distinct, place = np.unique(-scaled, return_inverse=True)
    counts = np.bincount(place, weights=positive, minlength=len(distinct)).astype(np.int64)
    every = np.bincount(place, minlength=len(distinct)).astype(np.int64)
    return Steps(counts, every - counts, place.astype(np.int64), positive)


def numbers(answers: Sequence[Answer]) -> Floats:
    """Return a numeric task's answers as floats; raises TypeError for a label."""
    return np.fromiter((float(value) for value in decimals(answers)), dtype=np.float64, count=len(answers))


def average_ranks(values: Sequence[Decimal]) -> Floats:
    """Return the ranks from 1 up, equal values sharing the mean of theirs, shape (n,)."""
    scaled = np.fromiter((int(value.scaleb(12)) for value in values), dtype=object, count=len(values))
    _, place, counts = np.unique(scaled, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mean = (last + (last - counts) + 1) / 2
    ranks: Floats = mean[place]
    return ranks
