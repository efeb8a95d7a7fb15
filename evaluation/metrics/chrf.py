"""chrF is the F score of character n-grams, recall weighing twice as much as precision (Popović 2015), on all items.

As sacrebleu computes it by default: n from 1 to 6 without blanks; the numbers of n-grams given, true and in common are
added up over the items; precision and recall are averaged over those n for which there are any, and
F = 5PR/(4P + R). Of several accepted answers the one with the best F for the item counts. From 0 to 1, not to 100.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from evaluation.metrics.sums import units_of_sums
from evaluation.metrics.texts import accepted, texts
from evaluation.metrics.units import Direction, Metric, Scale, Units
from evaluation.tasks import Answer, Kind, Task

ORDER = 6
_WEIGHT = 4  # recall counts twice, squared

Ngrams = list[Counter[str]]


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute the score over all items and each item's influence on it."""
    pairs = zip(texts(truth), texts(prediction), strict=True)
    statistics = np.array([_statistics(true, given) for true, given in pairs], dtype=np.int64)
    sums: list[int] = statistics.sum(axis=0).tolist()
    return units_of_sums(_score(sums), _gradient(sums), statistics, unit=task.unit)


def _statistics(true: str, given: str) -> list[int]:
    """Count n-grams given, true and in common, for each n in turn, against the accepted answer that fits best."""
    ours = _ngrams(given)
    counted = [_against(ours, _ngrams(answer)) for answer in accepted(true)]
    return max(counted, key=_score, default=[0] * 3 * ORDER)  # of equals the first


def _ngrams(text: str) -> Ngrams:
    letters = "".join(text.split())
    return [
        Counter(letters[place : place + size] for place in range(len(letters) - size + 1))
        for size in range(1, ORDER + 1)
    ]


def _against(given: Ngrams, true: Ngrams) -> list[int]:
    counts = []
    for ours, theirs in zip(given, true, strict=True):
        # n-grams longer than the accepted answer are no mistakes
        counts += [ours.total() if theirs else 0, theirs.total(), (ours & theirs).total()]
    return counts


def _averages(sums: Sequence[int]) -> tuple[float, float, int]:
    """Return precision and recall, averaged over the n that count, and how many these are."""
    there = [(given, true, both) for given, true, both in _triples(sums) if given and true]
    if not there:
        return 0.0, 0.0, 0
    precision = sum(both / given for given, _, both in there) / len(there)
    return precision, sum(both / true for _, true, both in there) / len(there), len(there)


def _score(sums: Sequence[int]) -> float:
    precision, recall, _ = _averages(sums)
    if not precision + recall:
        return 0.0
    return (1 + _WEIGHT) * precision * recall / (_WEIGHT * precision + recall)


def _gradient(sums: Sequence[int]) -> list[float]:
    precision, recall, orders = _averages(sums)
    if not precision + recall:
        return [0.0] * len(sums)
    below = (_WEIGHT * precision + recall) ** 2 / (1 + _WEIGHT) * orders
    by_precision, by_recall = recall**2 / below, _WEIGHT * precision**2 / below
    slopes = []
    for given, true, both in _triples(sums):
        if given and true:
            slopes += [-by_precision * both / given**2, -by_recall * both / true**2]
            slopes.append(by_precision / given + by_recall / true)
        else:
            slopes += [0.0] * 3
    return slopes


def _triples(sums: Sequence[int]) -> list[tuple[int, int, int]]:
    return [(sums[n], sums[n + 1], sums[n + 2]) for n in range(0, len(sums), 3)]


CHRF = Metric(
    name="chrf",
    kinds=frozenset({Kind.TEXT}),
    direction=Direction.HIGHER,
    formula="5PR/(4P + R) of character n-grams up to 6, added up over the items; sacrebleu's chrF2 over 100",
    items=items,
    most=Decimal(1),
    scale=Scale.SHARE,
    is_mean=False,
)
