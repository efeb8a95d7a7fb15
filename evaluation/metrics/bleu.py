"""BLEU is the precision of word n-grams up to 4 with a penalty for brevity (Papineni et al. 2002), on all items.

As sacrebleu computes it by default (Post 2018): words by the tokeniser of mteval-v13a; the numbers of n-grams given (T)
and found in the accepted answers (C) and the lengths given (h) and true (r) are added up over the items, and the score
is exp(min(0, 1 − r/h) + ¼ Σ ln C_n/T_n). Where C_n is 0 it counts as ½, ¼, … for the first, second, … such n (Chen and
Cherry 2014, method 3). It is 0 where nothing matches, and where no item has four words. From 0 to 1, not to 100.
"""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np

from evaluation.metrics.sums import units_of_sums
from evaluation.metrics.texts import accepted, texts
from evaluation.metrics.units import Direction, Metric, Scale, Units
from evaluation.tasks import Answer, Kind, Task

ORDER = 4
_EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)  # the C library's exp and log differ between machines
_SPLITS = (
    (re.compile(r"([{-~\[-` -&(-+:-@/])"), r" \1 "),
    (re.compile(r"([^0-9])([.,])"), r"\1 \2 "),
    (re.compile(r"([.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
)
_ENTITIES = (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Compute the score over all items and each item's influence on it."""
    pairs = zip(texts(truth), texts(prediction), strict=True)
    statistics = np.array([_statistics(true, given) for true, given in pairs], dtype=np.int64)
    sums: list[int] = statistics.sum(axis=0).tolist()
    score = _score(sums)
    return units_of_sums(score, _gradient(sums, score), statistics, unit=task.unit)


def tokens(text: str) -> list[str]:
    """Split a text into words and signs as mteval-v13a does."""
    line = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for entity, letter in _ENTITIES:
        line = line.replace(entity, letter)
    line = f" {line} "
    for pattern, spaced in _SPLITS:
        line = pattern.sub(spaced, line)
    return line.split()


def _statistics(true: str, given: str) -> list[int]:
    """Return the lengths h and r, then C_1 to C_4, then T_1 to T_4."""
    ours, answers = tokens(given), [tokens(answer) for answer in accepted(true)]
    length = min((len(answer) for answer in answers), key=lambda size: (abs(size - len(ours)), size), default=0)
    found, every = [], []
    for size in range(1, ORDER + 1):
        theirs: Counter[tuple[str, ...]] = Counter()
        for answer in answers:
            theirs |= _ngrams(answer, size)
        mine = _ngrams(ours, size)
        found.append((mine & theirs).total())
        every.append(mine.total())
    return [len(ours), length, *found, *every]


def _ngrams(words: list[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[place : place + size]) for place in range(len(words) - size + 1))


def _score(sums: Sequence[int]) -> float:
    given, true, found, every = sums[0], sums[1], sums[2 : 2 + ORDER], sums[2 + ORDER :]
    if not any(found) or not all(every):
        return 0.0
    exponent, halved = Decimal(0), 1
    for matched, size in zip(found, every, strict=True):
        halved *= 1 if matched else 2
        share = _EXACT.divide(Decimal(matched or 1), Decimal(size * (1 if matched else halved)))
        exponent = _EXACT.add(exponent, _EXACT.divide(_EXACT.ln(share), Decimal(ORDER)))
    if given < true:
        exponent = _EXACT.add(exponent, _EXACT.subtract(Decimal(1), _EXACT.divide(Decimal(true), Decimal(given))))
    return float(_EXACT.exp(exponent))


def _gradient(sums: Sequence[int], score: float) -> list[float]:
    given, true, found, every = sums[0], sums[1], sums[2 : 2 + ORDER], sums[2 + ORDER :]
    if not score:
        return [0.0] * len(sums)
    brief = [score * true / given**2, -score / given] if given < true else [0.0, 0.0]
    matched = [score / ORDER / count if count else 0.0 for count in found]
    return [*brief, *matched, *(-score / ORDER / count for count in every)]


BLEU = Metric(
    name="bleu",
    kinds=frozenset({Kind.TEXT}),
    direction=Direction.HIGHER,
    formula="brevity penalty · geometric mean of the precisions of word n-grams up to 4; sacrebleu's BLEU over 100",
    items=items,
    most=Decimal(1),
    scale=Scale.SHARE,
    is_mean=False,
)
