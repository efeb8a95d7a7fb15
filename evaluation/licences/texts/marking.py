"""The words that a licence text has too many or too few are marked where they stand, in the file's own lines."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, islice

from evaluation.licences.texts.detection import Difference
from evaluation.licences.texts.lexicon import WORD
from evaluation.licences.texts.words import is_notice, words_of_line

MOST_MARKED = 300
"""Differences of one text that are marked, the first; nobody reads more, and a hostile text has any number."""
_CUT = " …"


@dataclass(frozen=True)
class Piece:
    """A part of a line: the file's own words (no kind), words `added` to the licence, or words `missing` from it."""

    kind: str
    text: str


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class _Place:
    """Where a word stands: its line, counted from 0, and its first and last sign there."""

    word: str
    line: int
    start: int
    end: int


def marked(lines: Sequence[str], differences: Iterable[Difference], *, placed: bool = True) -> list[Line]:
    """Mark differences in the plain lines of the file in which they were found; every line is there, in order.

    `placed` tells whether the differences' places count in these very lines; else their words are looked for in the
    lines that they name. Added words that cannot be told from others around them mark their lines as a whole. The first
    MOST_MARKED differences are marked.
    """
    by_line = [_places(line, number) for number, line in enumerate(lines)]
    counted = [place for line, places in zip(lines, by_line, strict=True) if not _is_left_out(line) for place in places]
    search = _Search(by_line)
    spans: dict[int, list[tuple[int, int]]] = {}
    gone: dict[int, list[tuple[int, str]]] = {}
    for one in islice(differences, MOST_MARKED):
        if not 1 <= one.line <= len(lines):
            continue
        if one.kind == "missing":
            line, start = _where_missing(one, counted if placed else [])
            gone.setdefault(line, []).append((start, one.words))
            continue
        found = _found(one, counted) if placed else []
        found = found or search.find(one)
        for number, on_line in groupby(found, key=lambda place: place.line):
            spans.setdefault(number, []).extend(_runs(list(on_line), by_line[number]))
        if not found:
            for number in range(one.line - 1, min(one.last_line, len(lines))):
                spans.setdefault(number, []).append((0, len(lines[number])))
    return [_pieces(line, spans.get(number, []), gone.get(number, [])) for number, line in enumerate(lines)]


class _Search:
    """Finds words in lines: in a row, else one after the other; however many are asked for, it reads them once."""

    def __init__(self, by_line: Sequence[Sequence[_Place]]) -> None:
        self.places = [place for places in by_line for place in places]
        self.first = list(accumulate((len(places) for places in by_line), initial=0))
        """By line, the number of its first word; behind the last line, of all words."""
        self.text = "".join(f" {place.word}" for place in self.places) + " "
        self.starts = list(accumulate((len(place.word) + 1 for place in self.places), initial=0))
        self.by_word: dict[str, list[int]] = {}
        for number, place in enumerate(self.places):
            self.by_word.setdefault(place.word, []).append(number)
        self.next: dict[str, int] = {}
        """By words, from where they are looked for again: the same difference, found twice, has two places."""

    def find(self, one: Difference) -> list[_Place]:
        """Return the places of a difference's words within the lines that it names; empty where they are not there."""
        shown = _shown(one)
        first, end = self.first[one.line - 1], self.first[min(one.last_line, len(self.first) - 1)]
        row = " ".join(shown)
        begun = self._row(row, max(first, self.next.get(row, 0)), end)
        begun = self._row(row, first, end) if begun < 0 else begun
        if begun >= 0:
            length = max(one.count, len(shown))
            self.next[row] = begun + length
            return self.places[begun : min(begun + length, end)]
        return self._scattered(shown, first, end) if len(shown) >= one.count else []

    def _row(self, row: str, first: int, end: int) -> int:
        """Return the number of the word at which a row of words begins, -1 where it is not there."""
        if first >= end:
            return -1
        found = self.text.find(f" {row} ", self.starts[first], self.starts[end] + 1)
        return bisect_left(self.starts, found) if found >= 0 else -1

    def _scattered(self, shown: Sequence[str], first: int, end: int) -> list[_Place]:
        found = list[_Place]()
        for word in shown:
            numbers = self.by_word.get(word, [])
            place = bisect_left(numbers, first)
            if place == len(numbers) or numbers[place] >= end:
                return []
            found.append(self.places[numbers[place]])
            first = numbers[place] + 1
        return found


def _places(line: str, number: int) -> list[_Place]:
    """List the words of a line as they are compared, each with its place; a compound word has one place for all."""
    plain = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in line).replace("(c)", "   ")
    found = [
        _Place(word, number, token.start(), token.end())
        for token in WORD.finditer(plain)
        for word in words_of_line(token.group())
    ]
    return found if [place.word for place in found] == words_of_line(line) else []


def _is_left_out(line: str) -> bool:
    return is_notice(line, words_of_line(line))


def _shown(one: Difference) -> list[str]:
    return one.words.removesuffix(_CUT).split(" ")


def _found(one: Difference, counted: Sequence[_Place]) -> list[_Place]:
    """Take the words at the place that the difference names, if they are the ones it shows."""
    shown = _shown(one)
    there = list(counted[one.at : one.at + one.count]) if one.at >= 0 else []
    return there if [place.word for place in there[: len(shown)]] == shown else []


def _where_missing(one: Difference, counted: Sequence[_Place]) -> tuple[int, int]:
    if 0 <= one.at < len(counted):
        return counted[one.at].line, counted[one.at].start
    if one.at >= 0 and counted:
        return counted[-1].line, counted[-1].end
    return one.line - 1, 0


def _start(place: _Place) -> int:
    return place.start


def _runs(found: Sequence[_Place], places: Sequence[_Place]) -> list[tuple[int, int]]:
    """Join words of a line between which none of its other `places` lies."""
    runs: list[tuple[int, int]] = []
    wanted = {(place.start, place.end) for place in found}
    last_taken = False
    begun = bisect_left(places, found[0].start, key=_start)
    for place in islice(places, begun, None):
        if place.start > found[-1].start:
            break
        taken = (place.start, place.end) in wanted
        if taken and last_taken:
            runs[-1] = (runs[-1][0], place.end)
        elif taken:
            runs.append((place.start, place.end))
        last_taken = taken
    return runs


def _pieces(line: str, spans: list[tuple[int, int]], gone: list[tuple[int, str]]) -> Line:
    """Cut a line at its marks; missing words stand before what was added in their place."""
    added = [False] * len(line)
    for start, end in spans:
        added[start:end] = [True] * (min(end, len(line)) - start)
    missing: dict[int, list[str]] = {}
    for start, words in gone:
        missing.setdefault(min(start, len(line)), []).append(words)
    found: list[Piece] = []
    begun = 0
    for place in range(len(line) + 1):
        is_edge = place == len(line) or place in missing or (place > 0 and added[place] != added[place - 1])
        if is_edge and place > begun:
            found.append(Piece("added" if added[begun] else "", line[begun:place]))
            begun = place
        found += [Piece("missing", words) for words in missing.get(place, ())]
    return tuple(found)
