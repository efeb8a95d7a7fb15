"""A draft is a licence text with marked parts, before its words are counted; it is made from XML or plain text."""

import re
from dataclasses import dataclass, field

from evaluation.licences.texts.lexicon import WORD
from evaluation.licences.texts.templates import Span, SpanKind
from evaluation.licences.texts.words import SAME, bullets_of_line, is_notice, words_of_line

_TITLE_WORDS = 14
_PLACEHOLDER = re.compile(r"<[^<>\n]{2,80}>|\[[a-z][^\[\]\n]{2,60}\]|\{[^{}\n]{2,60}\}")


@dataclass
class Part:
    """A marked part of a draft while it is read."""

    kind: SpanKind
    pattern: str = ""
    glued: str = ""
    """What stands for the part in a pattern, where it is joined to a word without a blank."""


@dataclass
class Draft:
    """Text in pieces, each with the marked parts it lies in, outermost first; a line end ends a paragraph."""

    pieces: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def mark(self, kind: SpanKind, pattern: str = "") -> int:
        """Begin a part and return its number."""
        self.parts.append(Part(kind, pattern))
        return len(self.parts) - 1

    @property
    def text(self) -> str:
        """Join the pieces."""
        return "".join(piece for piece, _ in self.pieces)

    def finished(self) -> tuple[list[str], list[Span]]:
        """Count the words and give the parts as spans of them."""
        text = re.sub(r"(?i)\(c\)", "   ", self.text)
        owners: list[tuple[int, ...]] = []
        for piece, within in self.pieces:
            owners += [within] * len(piece)
        words: list[str] = []
        covers: list[set[int]] = []
        spans: list[Span] = []
        line_starts: list[tuple[int, int, str]] = []
        start = 0
        for line in text.split("\n"):
            first = len(words)
            for found in WORD.finditer(line):
                low, high = start + found.start(), start + found.end()
                around = owners[low:high]
                shared: set[int] = set.intersection(*(set(owner) for owner in around))
                if any(set(owner) != shared for owner in around):
                    spans.append(
                        Span(len(words), len(words) + 1, SpanKind.REPLACEABLE, self._glued(text, owners, low, high))
                    )
                parts = words_of_line(found.group())
                words += parts
                covers += [shared] * len(parts)
            if len(words) > first:
                line_starts.append((first, len(words), line))
            start += len(line) + 1
        for number, part in enumerate(self.parts):
            places = [place for place, cover in enumerate(covers) if number in cover]
            if places:
                spans.append(Span(places[0], places[-1] + 1, part.kind, part.pattern))
            elif part.kind is SpanKind.REPLACEABLE:
                at = self._word_at(owners, number, text)
                if at is not None:
                    spans.append(Span(at, at, part.kind, part.pattern))
        for first, end, line in line_starts:
            spans += _line_spans(first, end, line, words)
        return words, sorted(set(spans), key=lambda span: (span.start, -span.end, span.kind, span.pattern))

    def _glued(self, text: str, owners: list[tuple[int, ...]], low: int, high: int) -> str:
        """Write the pattern of a word of which only some letters lie in a marked part."""
        pattern, place = "", low
        while place < high:
            stop = place
            while stop < high and owners[stop] == owners[place]:
                stop += 1
            piece = re.escape(text[place:stop])
            inner = owners[place][-1] if owners[place] else None
            part = self.parts[inner] if inner is not None else None
            if part is None or part.kind in {SpanKind.TITLE, SpanKind.NOTICE, SpanKind.BULLET}:
                pattern += piece
            elif part.kind is SpanKind.OPTIONAL:
                pattern += f"(?:{piece})?"
            else:
                pattern += f"(?:{part.pattern})"
            place = stop
        return pattern

    def _word_at(self, owners: list[tuple[int, ...]], number: int, text: str) -> int | None:
        """Find before which word an empty or wordless part stands."""
        seen = 0
        for piece, within in self.pieces:
            if number in within:
                return len(words_of_line(text[:seen]))
            seen += len(piece)
        return None


def _line_spans(first: int, end: int, line: str, words: list[str]) -> list[Span]:
    """Mark a line that is a notice of copyright, and the signs of list items."""
    if is_notice(line, words[first:end]):
        return [Span(first, end, SpanKind.NOTICE)]
    bullets = bullets_of_line(line)
    bullets = {SAME.get(bullet, bullet) for bullet in bullets}
    return [Span(place, place + 1, SpanKind.BULLET) for place in range(first, end) if words[place] in bullets]


def plain_draft(text: str) -> Draft:
    """Draft a text without markup: a short first paragraph is a title, <words in brackets> may be others."""
    draft = Draft()
    lines = text.strip("\n").split("\n")
    title = _title_lines(lines)
    for number, line in enumerate(lines):
        if number < title:
            draft.pieces.append((line, (draft.mark(SpanKind.TITLE),)))
        else:
            place = 0
            for found in _PLACEHOLDER.finditer(line):
                draft.pieces.append((line[place : found.start()], ()))
                draft.pieces.append((found.group(), (draft.mark(SpanKind.REPLACEABLE, ".+"),)))
                place = found.end()
            draft.pieces.append((line[place:], ()))
        draft.pieces.append(("\n", ()))
    return draft


def _title_lines(lines: list[str]) -> int:
    """Count the lines of a text's title: its first paragraph, where that is short and no sentence."""
    end = next((number for number, line in enumerate(lines) if not line.strip()), 0)
    words = sum(len(words_of_line(line)) for line in lines[:end])
    return (
        end if end <= 2 and 0 < words <= _TITLE_WORDS and not lines[end - 1].rstrip().endswith((".", ",", ":")) else 0
    )
