"""nDCG is the graded worth of a ranking, discounted by rank, over that of the best (Järvelin and Kekäläinen 2002).

DCG = Σ_r grade_r/log₂(r + 1) over the ranks r from 1, with the grade itself as gain. Documents that are not graded are
worth nothing and keep their rank; documents that are not named are not found. Where no document has a grade above 0
the item is worth 0.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from math import fsum

import numpy as np

from evaluation.metrics.texts import texts
from evaluation.metrics.units import Direction, Metric, Scale, Units
from evaluation.tasks import Answer, Kind, Task

_EXACT = Context(prec=30, rounding=ROUND_HALF_EVEN)  # the C library's logarithms differ between machines


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Measure the worth of each item's ranking in the task's units."""
    pairs = zip(texts(truth), texts(prediction), strict=True)
    return np.fromiter((round(_worth(true, given) * task.unit) for true, given in pairs), dtype=np.int64)


def _worth(true: str, given: str) -> float:
    graded = (word.rpartition(":") for word in true.split())
    grades = {name: int(grade) for name, _, grade in graded}
    best = _gain(sorted(grades.values(), reverse=True))
    # a document named twice is found once; files are refused for it, engines are not
    return _gain([grades.get(name, 0) for name in dict.fromkeys(given.split())]) / best if best else 0.0


def _gain(grades: list[int]) -> float:
    return fsum(grade * _discount(rank) for rank, grade in enumerate(grades, start=1))


@cache
def _discount(rank: int) -> float:
    return float(_EXACT.divide(_EXACT.ln(Decimal(2)), _EXACT.ln(Decimal(rank + 1))))


NDCG = Metric(
    name="ndcg",
    kinds=frozenset({Kind.RANKING}),
    direction=Direction.HIGHER,
    formula="mean of Σ grade/log₂(rank + 1) over that of the best ranking",
    items=items,
    most=Decimal(1),
    scale=Scale.SHARE,
)
