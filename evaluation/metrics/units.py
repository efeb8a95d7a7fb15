"""A metric's value for one item is an integer number of units, so that sums are exact whatever their order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from evaluation.numbers import EXACT
from evaluation.tasks import Answer, Kind, Task

CAP = 10**12
"""No item counts for more units than this, so that the sum over nine million items fits 64 bits."""

Units = NDArray[np.int64]


class Direction(StrEnum):
    """Whether a higher or a lower score is the better one."""

    HIGHER = "higher"
    LOWER = "lower"


class Scale(StrEnum):
    """On which scale a score's interval is symmetric."""

    PROPORTION = "proportion"
    """A share of items, each right or wrong: Wilson's interval."""
    SHARE = "share"
    """Between 0 and 1: symmetric in the logarithm of the odds."""
    CORRELATION = "correlation"
    """Between -1 and 1: symmetric in Fisher's z."""
    POSITIVE = "positive"
    """Above 0: symmetric in the logarithm."""
    REAL = "real"
    """Symmetric as it stands."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric: its name, the kinds of task it fits, its direction, its formula and its items' values."""

    name: str
    kinds: frozenset[Kind]
    direction: Direction
    formula: str
    items: Callable[..., Units]
    least: Decimal | None = Decimal(0)
    most: Decimal | None = None
    """Between which bounds a score can lie at all; None where there is no bound."""
    scale: Scale = Scale.REAL
    has_interval: bool = True
    """Whether an interval from the values of its items holds what it promises; none is given where it does not."""
    is_mean: bool = True
    """Whether an item's value hangs on that item alone, so that the mean over some of the items is their score."""


def units(values: Iterable[Decimal], *, task: Task) -> Units:
    """Turn exact values per item into integers of `1/task.unit`, rounded half even and capped at CAP."""
    unit = Decimal(task.unit)
    whole = (min(int(EXACT.multiply(value, unit).to_integral_value(ROUND_HALF_EVEN)), CAP) for value in values)
    return np.fromiter(whole, dtype=np.int64)


def decimals(answers: Sequence[Answer]) -> Iterable[Decimal]:
    """Yield the answers as numbers; raises TypeError for a label, which a numeric metric cannot score."""
    for answer in answers:
        if not isinstance(answer, Decimal):
            raise TypeError(f"a number was expected, not the label {answer!r}")
        yield answer
