"""Ranks are shared by entrants that are equal at the declared precision, and the ranks after a tie stay empty."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction


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
