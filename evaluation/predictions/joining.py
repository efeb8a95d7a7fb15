"""Rows find their items by name: all of a block at once, by tables of the names' hashes.

A name is taken eight bytes at a time, as whole numbers. Each table has places for twice as many names and more; of
names that fall on one place one stays, and the others go to the next table, which so is far smaller. Whatever a table
says is held against the names themselves, so that a hash decides how long it takes and never what is found.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from evaluation.predictions.decimals import spelt
from evaluation.predictions.text_blocks import Unusual

LONGEST = 64
"""Bytes of the longest name that is taken apart; where one is longer Arrow finds them, in three times as long."""
_TABLES = 40
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""2⁶⁴ over the golden ratio, made odd (Knuth, The Art of Computer Programming, volume 3, 6.4)."""

Words = list[np.ndarray[Any, np.dtype[np.uint64]]]
Places = np.ndarray[Any, np.dtype[np.int32]]


class Joining:
    """The names of a task's items, ready to be found."""

    def __init__(self, names: pa.Array) -> None:
        """Take the names of items, each there once, at least one, and none with a NUL."""
        self._longest = longest = int(np.diff(spelt(names)[1]).max())
        self._words = _words(names, longest)
        self._tables: list[tuple[np.uint64, Places]] = []
        left = np.arange(len(names), dtype=np.int32)
        hashes = _hashes(self._words)
        while len(left):
            if len(self._tables) == _TABLES:
                raise Unusual
            shift = np.uint64(62 - len(left).bit_length())
            slots = hashes >> shift
            table = np.zeros(1 << (64 - int(shift)), np.int32)
            table[slots] = left
            self._tables.append((shift, table))
            others = np.flatnonzero(table[slots] != left)
            left, hashes = left[others], _again(hashes[others])

    def places(self, names: pa.Array) -> Places:
        """Return for each name the place of its item, shape (n,); raises Unusual for a name that is no item's."""
        letters, bounds = spelt(names)
        if not letters.all() or (len(names) and np.diff(bounds).max() > self._longest):
            raise Unusual  # a NUL would look like a name's end
        words = _words(names, self._longest)
        found = np.zeros(len(names), np.int32)
        left, hashes = np.arange(len(names)), _hashes(words)
        for shift, table in self._tables:
            places = np.take(table, (hashes >> shift).view(np.int64))
            is_it = np.ones(len(places), bool)
            for own, word in zip(self._words, words, strict=True):
                is_it &= np.take(own, places) == word
            found[left] = places
            others = np.flatnonzero(~is_it)
            if not len(others):
                return found
            left, words, hashes = left[others], [word[others] for word in words], _again(hashes[others])
        raise Unusual


def _words(names: pa.Array, longest: int) -> Words:
    """Return the first eight bytes of all names, the next eight, and so on, with zeros behind their ends."""
    letters, bounds = spelt(names)
    letters = np.concatenate([letters, np.zeros(longest + 8, np.uint8)])
    eights = np.lib.stride_tricks.as_strided(letters[:8].view("<u8"), shape=(len(letters) - 7,), strides=(1,))
    kept = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
    starts, lengths = bounds[:-1], np.diff(bounds)
    words = []
    for first in range(0, longest, 8):
        word = eights[starts + first]
        if len(lengths) and lengths.min() < first + 8:
            word &= kept[np.clip(lengths - first, 0, 8)]
        words.append(word)
    return words


def _hashes(words: Words) -> np.ndarray[Any, np.dtype[np.uint64]]:
    hashes = words[0] * _FACTOR
    for word in words[1:]:
        hashes ^= hashes >> np.uint64(32)
        hashes += word
        hashes *= _FACTOR
    return _again(hashes)


def _again(hashes: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Mix hashes anew."""
    mixed: np.ndarray[Any, np.dtype[np.uint64]] = (hashes ^ (hashes >> np.uint64(32))) * _FACTOR
    return mixed
