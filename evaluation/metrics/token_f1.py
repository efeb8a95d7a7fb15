"""Token F1 is the overlap of the words of a text with those of an accepted answer (Rajpurkar et al. 2016, 2018; SQuAD).

With s words in common, as often as both hold them, of g given and t true ones it is 2s/(g + t). Where one of the two
has no words it is 1 if the other has none either, else 0. Of several accepted answers the best counts.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from evaluation.metrics.texts import accepted, bare_words, texts
from evaluation.metrics.units import Direction, Metric, Scale, Units
from evaluation.tasks import Answer, Kind, Task


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Measure the best overlap of each item in the task's units."""
    pairs = zip(texts(truth), texts(prediction), strict=True)
    values = (round(_best(bare_words(given), accepted(true)) * task.unit) for true, given in pairs)
    return np.fromiter(values, dtype=np.int64)


def _best(given: list[str], answers: list[str]) -> Fraction:
    return max((_overlap(given, bare_words(answer)) for answer in answers), default=Fraction(0))


def _overlap(given: list[str], true: list[str]) -> Fraction:
    if not given or not true:
        return Fraction(given == true)
    return Fraction(2 * (Counter(given) & Counter(true)).total(), len(given) + len(true))


TOKEN_F1 = Metric(
    name="token_f1",
    kinds=frozenset({Kind.TEXT}),
    direction=Direction.HIGHER,
    formula="mean of 2·common words/(given + true words), the best over the accepted answers",
    items=items,
    most=Decimal(1),
    scale=Scale.SHARE,
)
