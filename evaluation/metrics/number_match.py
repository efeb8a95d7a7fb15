"""Number match is the share of items whose last number is an accepted answer: for sums whose working is written out.

Numbers are compared as numbers, so that -3 is not 3 and 2,125 is 2125.0, which a comparison of words without their
punctuation gets wrong. A comma stands between thousands and a point before decimals, whatever the language, as Cobbe
et al. 2021 and Shi et al. 2022 write them. Where an accepted answer is no number, the whole texts are compared as by
exact match.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from evaluation.metrics.texts import accepted, bare_words, texts
from evaluation.metrics.units import Direction, Metric, Scale, Units
from evaluation.tasks import Answer, Kind, Task

_NUMBER = re.compile(r"(?<![0-9.,])[-−]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?")


def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
    """Give one whole unit to each item answered right, and nothing to the others."""
    pairs = zip(texts(truth), texts(prediction), strict=True)
    right = (any(_is_right(given, one) for one in accepted(true)) for true, given in pairs)
    return np.fromiter(right, dtype=np.int64) * task.unit


def last_number(text: str) -> Decimal | None:
    """Return the last number of a text, or None where it has none."""
    found = _NUMBER.findall(text)
    return Decimal(found[-1].replace(",", "").replace("−", "-")) if found else None


def _is_right(given: str, right: str) -> bool:
    if _NUMBER.fullmatch(right.strip()):
        return last_number(given) == last_number(right)
    return bare_words(given) == bare_words(right)


NUMBER_MATCH = Metric(
    name="number_match",
    kinds=frozenset({Kind.TEXT}),
    direction=Direction.HIGHER,
    formula="mean of [last number of the prediction = an accepted answer]",
    items=items,
    most=Decimal(1),
    scale=Scale.PROPORTION,
)
