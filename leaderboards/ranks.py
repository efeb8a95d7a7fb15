"""Ranks are shared by entrants that are equal at the declared precision, and the ranks after a tie stay empty.

The board's ranks come from exact points; places and mid-ranks are those of the rules it is compared with, in float64.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SAME = 1e-9
"""Worths no further apart than this are equal: what separates them is rounding."""


def at_precision(points: Fraction, *, decimals: int) -> int:
    """Round exact points to the declared number of decimals, half to even, and return them in that unit."""
    scale: int = 10**decimals
    return round(points * scale)


def shared_ranks(points: Sequence[Fraction], *, decimals: int) -> list[int]:
    """Rank points from largest to smallest: 1, 1, 3 where the first two are equal at `decimals` places."""
    declared = [at_precision(one, decimals=decimals) for one in points]
    rank_of: dict[int, int] = {}
    ahead = 0
    for value, count in sorted(Counter(declared).items(), reverse=True):
        rank_of[value] = 1 + ahead
        ahead += count
    return [rank_of[value] for value in declared]


def places(worths: Floats) -> NDArray[np.int64]:
    """Give the places 1, 1, 3, … along the last axis of (…, K) worths; who has no worth (NaN) is tied for the last.

    Neighbours in order that are no further apart than SAME share a place, wherever a rounding boundary would lie.
    """
    known = np.where(np.isnan(worths), -np.inf, worths)
    order = np.argsort(-known, axis=-1, kind="stable")
    first, _ = _ties(np.take_along_axis(known, order, axis=-1), apart=SAME)
    return _put_back(first, order)


def among_best(worths: Floats, count: int) -> NDArray[np.bool_]:
    """Mark who has fewer than `count` entrants ahead; a tie at the cut lets all of the tied in, and no worth nobody."""
    chosen: NDArray[np.bool_] = (places(worths) <= count) & ~np.isnan(worths)
    return chosen


def mid_ranks(scores: Floats) -> Floats:
    """Rank scores (…, K, T), larger better, within each task: 1 for the best, ties the mean of theirs, NaN for NaN."""
    by_task = np.swapaxes(scores, -1, -2)
    known = np.where(np.isnan(by_task), -np.inf, by_task)
    order = np.argsort(-known, axis=-1, kind="stable")
    first, last = _ties(np.take_along_axis(known, order, axis=-1), apart=0.0)
    ranks: Floats = np.swapaxes(_put_back(first + last, order), -1, -2) / 2
    return np.where(np.isnan(scores), np.nan, ranks)


def _ties(inside: Floats, *, apart: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the first and the last place of each group of equals in values (…, K) that fall along the last axis."""
    size = inside.shape[-1]
    # −∞ beside −∞ is not a number, hence no step: those are equal
    with np.errstate(invalid="ignore"):
        step = inside[..., :-1] - inside[..., 1:] > apart
    number = np.arange(1, size + 1)
    first, last = np.ones(inside.shape, np.int64), np.full(inside.shape, size, np.int64)
    first[..., 1:] = np.where(step, number[1:], 1)
    last[..., :-1] = np.where(step, number[:-1], size)
    backwards = np.minimum.accumulate(last[..., ::-1], axis=-1)
    return np.maximum.accumulate(first, axis=-1), backwards[..., ::-1]


def _put_back(found: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    given = np.empty_like(found)
    np.put_along_axis(given, order, found, axis=-1)
    return given
