"""Whether the words of a file between two certain places are what a template lets stand there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evaluation.licences.texts.lexicon import forbids, restrains
from evaluation.licences.texts.templates import Span, SpanKind, Template
from evaluation.licences.texts.words import is_bullet

_LONGEST_FILL = 60  # words that may stand for a name, an address or a title
_LONG_FILL = 12  # words from which on a fill is held against the wider list of restraining words
_ANYTHING = {".+", ".*", ".{0,5000}", ".{0,20}", ""}
_MOST_PLACES = 400


@dataclass(frozen=True)
class Layout:
    """A template prepared for comparison: which words may be missing one by one, and the larger parts in order."""

    template: Template
    lenient: Sequence[bool]
    parts: Sequence[Span]
    obligatory: Sequence[bool]
    replaceable: Sequence[bool]


@lru_cache(maxsize=256)
def layout_of(template: Template) -> Layout:
    """Prepare a template."""
    count = len(template.words)
    lenient, replaceable = [False] * count, [False] * count
    parts = []
    for span in template.spans:
        if span.kind in {SpanKind.OPTIONAL, SpanKind.REPLACEABLE}:
            parts.append(span)
            if span.kind is SpanKind.REPLACEABLE:
                replaceable[span.start : span.end] = [True] * (span.end - span.start)
        else:
            lenient[span.start : span.end] = [True] * (span.end - span.start)
    return Layout(template, lenient, parts, template.obligatory(), replaceable)


class Gap:
    """Walks through a part of a template and keeps every place in the file that it can have reached."""

    def __init__(self, layout: Layout, words: Sequence[str], numbers: Sequence[int], vocabulary: Sequence[str]) -> None:
        """Take the template and the file's words, as words and as numbers."""
        self._layout = layout
        self._words = words
        self._numbers = numbers
        self._vocabulary = vocabulary

    def forward(self, low: int, high: int, start: int, limit: int) -> set[int]:
        """Return the places that can follow, when template words low to high begin at a place of the file."""
        self._first, self._last = start, limit
        return self._walk(self._within(low, high), low, high, self._skipping({start}, 1), 1)

    def backward(self, low: int, high: int, end: int, limit: int) -> set[int]:
        """Return the places at which template words low to high can begin, when they end before a place."""
        self._first, self._last = limit, end
        return self._walk(self._within(low, high), low, high, self._skipping({end}, -1), -1)

    def _within(self, low: int, high: int) -> list[Span]:
        return [span for span in self._layout.parts if low <= span.start and span.end <= high]

    def _walk(self, parts: list[Span], low: int, high: int, reach: set[int], step: int) -> set[int]:
        """Follow words and parts in order, or from the end; parts within parts are walked in turn."""
        at = low if step > 0 else high
        for part, inner in _outermost(parts, backward=step < 0):
            near, far = (part.start, part.end) if step > 0 else (part.end, part.start)
            reach = self._follow(at, near, reach, step)
            if not reach:
                return reach
            through = self._walk(inner, part.start, part.end, reach, step)
            other = reach if part.kind is SpanKind.OPTIONAL else self._filled(part, reach, step)
            reach = through | other
            at = far
        return self._follow(at, high if step > 0 else low, reach, step)

    def _follow(self, at: int, to: int, reach: set[int], step: int) -> set[int]:
        words, lenient, numbers = self._layout.template.words, self._layout.lenient, self._numbers
        while at != to and reach:
            place = at if step > 0 else at - 1
            wanted = words[place]
            if step > 0:
                found = {p + 1 for p in reach if p < self._last and numbers[p] == wanted}
            else:
                found = {p - 1 for p in reach if p > self._first and numbers[p - 1] == wanted}
            found = self._skipping(found, step)
            reach = found | reach if lenient[place] else found
            at += step
        return reach

    def _skipping(self, reach: set[int], step: int) -> set[int]:
        """Add the places behind signs of list items, which count nowhere."""
        waiting = list(reach)
        while waiting:
            place = waiting.pop()
            after = place + step
            if self._first <= after <= self._last and after not in reach:
                word = self._words[place if step > 0 else place - 1]
                if is_bullet(word):
                    reach.add(after)
                    waiting.append(after)
        return reach

    def _filled(self, part: Span, reach: set[int], step: int) -> set[int]:
        """Find where a replaceable part can end, filled with other words that do not restrain anybody."""
        template = self._layout.template
        own = {self._vocabulary[number] for number in template.words[part.start : part.end]}
        own |= set(re.findall(r"[a-z]+", part.pattern.lower()))
        pattern, found = _compiled(part.pattern), set()
        for place in list(reach)[:_MOST_PLACES]:
            for length in range(_LONGEST_FILL + 1):
                other = place + step * length
                if not self._first <= other <= self._last:
                    break
                fill = self._words[min(place, other) : max(place, other)]
                text = " ".join(fill)
                if part.pattern not in _ANYTHING and not (pattern.fullmatch(text) or pattern.fullmatch(f" {text} ")):
                    continue
                if part.pattern == ".+" and not fill:
                    continue
                strange = (forbids if length <= _LONG_FILL else restrains)(fill)
                if not set(strange) - own:
                    found.add(other)
        return self._skipping(found, step)


def _outermost(parts: list[Span], *, backward: bool) -> list[tuple[Span, list[Span]]]:
    """Pair each part that lies in no other with the parts within it."""
    found: list[tuple[Span, list[Span]]] = []
    for part in sorted(parts, key=lambda span: (span.start, -span.end, span.kind, span.pattern)):
        if found and found[-1][0].end >= part.end and (found[-1][0].end > part.start or part.start < part.end):
            found[-1][1].append(part)
        elif not found or found[-1][0].end <= part.start:
            found.append((part, []))
    return found[::-1] if backward else found


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)
