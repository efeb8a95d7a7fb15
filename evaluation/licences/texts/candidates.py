"""Which known texts a file may hold, and where: by the shingles that they share."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.licences.texts.index import Index
from evaluation.licences.texts.shingles import WIDTH, shingles

_LEAST = 0.12  # share of a text's shingles below which it is not looked at
_BEHIND = 0.4  # part of the likeliest text's weight below which another is not tried
_SLACK = 40  # words by which a place may be off, besides a tenth of the text


@dataclass(frozen=True)
class Candidate:
    """A known text that a file may hold, the shingles shared, and the words of the file among which it would lie."""

    template: int
    shared: int
    low: int
    high: int
    share: float
    """Of the text's shingles, those that the file has."""


def candidates(index: Index, numbers: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """Collect, for each known text, the places (in the file, in the text) of the shingles that it shares."""
    found: dict[int, list[tuple[int, int]]] = {}
    for number, place in shingles(numbers):
        for template, at in index.postings(number):
            if template in found:
                found[template].append((place, at))
            else:
                found[template] = [(place, at)]
    counts = index.shingle_counts
    return {template: places for template, places in found.items() if len(places) >= _LEAST * counts[template]}


def ranked(index: Index, hits: dict[int, list[tuple[int, int]]], low: int, high: int, *, most: int) -> list[Candidate]:
    """Choose the likeliest texts for the words low to high of a file, the likeliest first."""
    promising = []
    for template, places in hits.items():
        # the places of a text are in the order of the file, so the two ends are found by halving
        begin, end = bisect_left(places, (low, 0)), bisect_left(places, (max(low, high - WIDTH + 1), 0))
        shared = end - begin
        if shared >= _LEAST * index.shingle_counts[template] and shared:
            promising.append((-shared * shared / index.shingle_counts[template], template, begin, end))
    promising.sort()
    found = [
        _candidate(index, template, hits[template][begin:end], low, high)
        for _, template, begin, end in promising[: 4 * most]
    ]
    found.sort(key=lambda one: (-one.shared * one.share, -one.share, one.template))
    likely = _BEHIND * found[0].shared * found[0].share if found else 0
    return [one for one in found[:most] if one.shared * one.share >= likely]


def _candidate(index: Index, template: int, places: list[tuple[int, int]], low: int, high: int) -> Candidate:
    """Find where in the file the text would lie: around the diagonal on which most shingles agree."""
    length = len(index.templates[template].words)
    slack = _SLACK + length // 10
    offsets = sorted(place - at for place, at in places)
    middle = _densest(offsets, slack)
    inside = [(place, at) for place, at in places if abs(place - at - middle) <= 2 * slack + length // 4]
    begin = max(low, min(place - at for place, at in inside) - slack)
    end = min(high, max(place - at for place, at in inside) + length + slack)
    distinct = len({at for _, at in inside})
    return Candidate(template, distinct, begin, end, distinct / max(1, index.shingle_counts[template]))


def _densest(offsets: list[int], width: int) -> int:
    """Find the offset around which most others lie."""
    best, most, low = offsets[0], 0, 0
    for high, offset in enumerate(offsets):
        while offset - offsets[low] > width:
            low += 1
        if high - low + 1 > most:
            best, most = offsets[(low + high) // 2], high - low + 1
    return best
