"""A file's text is recognised: by its exact words, else by alignment with the likeliest known texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from evaluation.licences.texts.alignment import Alignment, align
from evaluation.licences.texts.candidates import candidates, ranked
from evaluation.licences.texts.index import Index, key_of, known
from evaluation.licences.texts.leftovers import Leftover, leftovers
from evaluation.licences.texts.templates import TemplateKind
from evaluation.licences.texts.words import Words, words_of_line

MAX_TEXT = 524_288  # bytes; the longest known licence has a tenth of it
_MOST_ALIGNED = 8
_MOST_LICENCES = 20
_SHOWN = 40
_WHOLE = 0.97  # share of the words that an unchanged text takes up, so that no other is tried


class Match(StrEnum):
    """How a text relates to the known ones."""

    EXACT = "exact"
    VARIED = "exact-with-allowed-variation"
    MODIFIED = "modified"
    PARTIAL = "partial"
    UNKNOWN = "unknown-licence-like"
    NONE = "none"


class FoundBy(StrEnum):
    """What a licence was found by."""

    TEXT = "text"
    NOTICE = "notice"
    TAG = "tag"
    FINGERPRINT = "fingerprint"
    """Title and phrases of a licence whose text no package carries: the name is known, the text is not verified."""


@dataclass(frozen=True)
class Difference:
    """Words that a text has too many or too few, and where: lines from 1."""

    kind: str
    """`added` or `missing`."""
    line: int
    last_line: int
    words: str
    outside: bool = False
    """Whether the words stand before or behind the licence's own text."""
    count: int = field(default=0, compare=False)
    """How many words they are; `words` shows the first of them."""
    at: int = field(default=-1, compare=False)
    """The place among the file's words at which they stand or are missing; -1 where only the lines are known."""


@dataclass(frozen=True)
class Finding:
    """One licence in a file: identifiers that share the text, how it matches, where, and what differs."""

    ids: tuple[str, ...]
    match: Match
    by: FoundBy
    first_line: int
    last_line: int
    coverage: float
    differences: tuple[Difference, ...] = ()
    expression: str = ""
    """The expression of a tag, as written."""


def texts_in(lines: Sequence[str], words: Words, *, file: str, index: Index | None = None) -> list[Finding]:
    """Find the licence texts and notices in a file's lines, in the order of their lines."""
    index = index or known()
    numbers = index.numbered(words.words)
    exact = index.keys.get(key_of(numbers))
    if exact is not None:
        template = index.templates[exact]
        by = FoundBy.NOTICE if template.kind is TemplateKind.NOTICE else FoundBy.TEXT
        return [Finding(template.ids, Match.EXACT, by, words.lines[0], words.lines[-1], 1.0)]
    laid = _laid(index, words.words, numbers)
    if not laid:
        return []
    laid.sort(key=lambda one: one.start)
    rest = leftovers(lines, words, [(one.start, one.end) for one in laid], file=file)
    return [_finding(one, words, _nearest(rest, laid, one, words)) for one in laid]


def _laid(index: Index, words: Sequence[str], numbers: Sequence[int]) -> list[Alignment]:
    """Take the best alignment, then the best of what is left before and behind it, and so on."""
    hits = candidates(index, numbers)
    found: list[Alignment] = []
    waiting = [(0, len(words))]
    while waiting and hits and len(found) < _MOST_LICENCES:
        low, high = waiting.pop(0)
        best = _best(index, hits, words, numbers, low, high)
        if best is None:
            continue
        found.append(best)
        waiting += [part for part in ((low, best.start), (best.end, high)) if part[1] - part[0] >= 8]
    return found


def _best(
    index: Index,
    hits: dict[int, list[tuple[int, int]]],
    words: Sequence[str],
    numbers: Sequence[int],
    low: int,
    high: int,
) -> Alignment | None:
    best: Alignment | None = None
    for candidate in ranked(index, hits, low, high, most=_MOST_ALIGNED):
        template = index.templates[candidate.template]
        laid = align(template, words, numbers, index.vocabulary, candidate.low, candidate.high)
        if laid is None or not _is_claim(laid):
            continue
        if best is None or _is_better(laid, best):
            best = laid
        if not best.changes and best.end - best.start >= _WHOLE * (high - low):
            break
    return best


def _is_better(one: Alignment, other: Alignment) -> bool:
    """Whether an alignment fits better; of two that fit entirely and nearly as long, the earlier in the list stays."""
    if not one.changes and not other.changes and abs(one.score - other.score) <= other.score // 50:
        return one.template.rank < other.template.rank
    return one.score > other.score


def _is_claim(laid: Alignment) -> bool:
    """Whether enough of a text is there to speak of it."""
    if laid.template.kind is TemplateKind.NOTICE and laid.coverage < 0.8:
        return False
    return laid.coverage >= 0.3 and laid.matched >= 8 and laid.end > laid.start


def _finding(laid: Alignment, words: Words, rest: list[Leftover]) -> Finding:
    differences = [
        difference for change in laid.changes for difference in _told(change.start, change.end, change.missing, words)
    ]
    differences += [as_difference(one) for one in rest]
    by = FoundBy.NOTICE if laid.template.kind is TemplateKind.NOTICE else FoundBy.TEXT
    match = Match.VARIED
    if differences:
        match = Match.MODIFIED if laid.coverage >= 0.75 else Match.PARTIAL
    return Finding(
        laid.template.ids,
        match,
        by,
        words.lines[laid.start],
        words.lines[laid.end - 1],
        round(laid.coverage, 4),
        tuple(sorted(differences, key=lambda one: (one.line, one.kind, one.words))),
    )


def as_difference(left: Leftover) -> Difference:
    """Tell of a sentence besides a licence as of words added to it."""
    words = words_of_line(left.text)
    return Difference("added", left.line, left.last_line, _shown(words), outside=True, count=len(words))


def _told(start: int, end: int, missing: tuple[str, ...], words: Words) -> list[Difference]:
    found = []
    if end > start:
        shown, first, last = _shown(words.words[start:end]), words.lines[start], words.lines[end - 1]
        found.append(Difference("added", first, last, shown, count=end - start, at=start))
    if missing:
        line = words.lines[min(start, len(words.lines) - 1)]
        found.append(Difference("missing", line, line, _shown(missing), count=len(missing), at=start))
    return found


def _shown(words: Sequence[str]) -> str:
    return " ".join(words[:_SHOWN]) + (" …" if len(words) > _SHOWN else "")


def _nearest(rest: list[Leftover], laid: list[Alignment], one: Alignment, words: Words) -> list[Leftover]:
    """Choose the leftover sentences that stand nearer to this licence than to any other."""

    def distance(other: Alignment) -> Callable[[Leftover], int]:
        first, last = words.lines[other.start], words.lines[other.end - 1]
        return lambda left: max(first - left.last_line, left.line - last, 0)

    return [left for left in rest if min(laid, key=lambda other: distance(other)(left)) is one]
