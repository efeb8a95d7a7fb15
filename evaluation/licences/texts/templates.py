"""A template is a licence text with what may vary in it: parts that may be missing, and words that may be others."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any


class SpanKind(IntEnum):
    """How a part of a template may vary."""

    OPTIONAL = 0
    """May be missing, as a whole."""
    REPLACEABLE = 1
    """May be any words that the span's pattern matches."""
    TITLE = 2
    """May be missing word by word."""
    NOTICE = 3
    """Says who holds the copyright; may be missing word by word."""
    BULLET = 4
    """The sign of a list item; may be missing."""


class TemplateKind(StrEnum):
    """What a template is the text of."""

    TEXT = "text"
    NOTICE = "notice"
    EXCEPTION = "exception"
    MODEL = "model"


@dataclass(frozen=True)
class Span:
    """A part of a template that may vary: its words from `start` to before `end`, and the pattern of a replacement."""

    start: int
    end: int
    kind: SpanKind
    pattern: str = ""


@dataclass(frozen=True, eq=False)
class Template:
    """One text of the index: the licences that share its obligatory words, and its words by their numbers."""

    ids: tuple[str, ...]
    kind: TemplateKind
    words: Sequence[int]
    marks: Sequence[Sequence[Any]]
    """The parts that may vary, as (start, end, kind, pattern), the pattern where there is one."""
    rank: int = 0
    """Its place in the index, where identifiers in use come before deprecated ones."""

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Give the parts that may vary; made when they are asked for, since most templates never are."""
        return tuple(Span(low, high, SpanKind(kind), *pattern) for low, high, kind, *pattern in self.marks)

    def obligatory(self) -> list[bool]:
        """Say of each word whether it must be there."""
        wanted = [True] * len(self.words)
        for span in self.spans:
            wanted[span.start : span.end] = [False] * (span.end - span.start)
        return wanted
