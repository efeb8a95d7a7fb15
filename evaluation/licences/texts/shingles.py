"""A shingle is five words in a row, as a number; some of them, chosen by their first word, lead to likely texts."""

from collections.abc import Iterator, Sequence

WIDTH = 5
UNKNOWN = 0xFFFF
"""The number of every word that no known text has."""
_MASK = 0xFFFFFFFF


def shingles(words: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield (number, place of the first word) of each chosen shingle of a text; unknown words are in none."""
    for place, first in enumerate(words[: max(0, len(words) - WIDTH + 1)]):
        if (first * 40503 >> 4) % 3 or first == UNKNOWN:
            continue
        _, b, c, d, e = words[place : place + WIDTH]
        if UNKNOWN in (b, c, d, e):
            continue
        yield ((((first * 31337 + b) * 31337 + c) * 31337 + d) * 31337 + e) & _MASK, place
