"""Exact match is the share of items whose text is an accepted answer (Rajpurkar et al. 2016, SQuAD).

Case, punctuation, articles of English and blanks make no difference.
"""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from evaluation.metrics.texts import accepted, bare_words, texts
from evaluation.metrics.units import Direction, Metric, Scale, Units
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Give one whole unit to each item answered right, and nothing to the others."""
    pairs = zip(texts(truth), texts(prediction), strict=True)
    right = (bare_words(given) in map(bare_words, accepted(true)) for true, given in pairs)
    return np.fromiter(right, dtype=np.int64) * task.unit


EXACT_MATCH = Metric(
    name="exact_match",
    kinds=frozenset({Kind.TEXT}),
    direction=Direction.HIGHER,
    formula="mean of [prediction = an accepted answer], case, punctuation, articles and blanks aside",
    items=items,
    most=Decimal(1),
    scale=Scale.PROPORTION,
)
