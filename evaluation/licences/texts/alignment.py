"""A file is laid along a template word by word; what the template does not let vary is a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from evaluation.licences.texts.gaps import Gap, Layout, layout_of
from evaluation.licences.texts.templates import SpanKind, Template

_ANCHOR = 4  # words in a row that are taken for certain
_FORGIVEN = 6  # words of an optional part that may be missing together, though the rest of it is there
_MOST_CELLS = 400_000_000


@dataclass(frozen=True)
class Change:
    """Words that were added (from `start` to before `end` in the file) or are missing there (start equals end)."""

    start: int
    end: int
    missing: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """Count the words of the change."""
        return self.end - self.start + len(self.missing)


@dataclass(frozen=True)
class Alignment:
    """A template laid along a file: its place in the file, how much of it is there, and every change."""

    template: Template
    start: int
    end: int
    matched: int
    """Words of the file that the template accounts for."""
    coverage: float
    """Share of the template's obligatory words that are there."""
    changes: tuple[Change, ...]

    @property
    def score(self) -> int:
        """Weigh what fits against what does not."""
        return self.matched - 2 * sum(change.weight for change in self.changes)


def align(
    template: Template, words: Sequence[str], numbers: Sequence[int], vocabulary: Sequence[str], low: int, high: int
) -> Alignment | None:
    """Lay a template along the words low to high of a file; None where nothing certain is shared."""
    if len(template.words) * (high - low) > _MOST_CELLS:
        return None
    layout = layout_of(template)
    anchors = _anchors(layout, numbers[low:high], low)
    if not anchors:
        return None
    gap = Gap(layout, words, numbers, vocabulary)
    changes: list[Change] = []
    lost = 0
    first, last = anchors[0], anchors[-1]
    heads = gap.backward(0, first[0], first[1], low)
    start = min(heads, default=first[1])
    if not heads:
        start, found, missing = _head(layout, numbers, vocabulary, first, low)
        changes += found
        lost += missing
    for one, other in pairwise(anchors):
        t, f = one[0] + one[2], one[1] + one[2]
        if other[1] in gap.forward(t, other[0], f, other[1]):
            continue
        found, missing = _differences(layout, numbers, vocabulary, t, other[0], f, other[1])
        changes += found
        lost += missing
    t, f = last[0] + last[2], last[1] + last[2]
    tails = gap.forward(t, len(template.words), f, high)
    end = max(tails, default=f)
    if not tails:
        end, found, missing = _tail(layout, numbers, vocabulary, t, f, high)
        changes += found
        lost += missing
    needed = sum(layout.obligatory)
    added = sum(change.end - change.start for change in changes)
    return Alignment(
        template, start, end, end - start - added, 1 - lost / needed if needed else 0.0, tuple(_joined(changes))
    )


def _anchors(layout: Layout, numbers: Sequence[int], low: int) -> list[tuple[int, int, int]]:
    """Find the runs of words that are certainly the template's: (place in it, place in the file, length)."""
    wanted = layout.template.words
    at = [-1] * len(wanted)
    for step in LCSseq.opcodes(wanted, numbers):
        if step.tag == "equal":
            at[step.src_start : step.src_end] = range(low + step.dest_start, low + step.dest_end)
    for span in layout.parts:
        inside = at[span.start : span.end]
        if span.kind is SpanKind.OPTIONAL and -1 in inside:
            at[span.start : span.end] = [-1] * len(inside)
    runs: list[tuple[int, int, int]] = []
    place = 0
    while place < len(at):
        if at[place] < 0 or layout.replaceable[place]:
            place += 1
            continue
        end = place + 1
        while end < len(at) and at[end] == at[end - 1] + 1 and not layout.replaceable[end]:
            end += 1
        if end - place >= _ANCHOR or (end - place == len(at)):
            runs.append((place, at[place], end - place))
        place = end
    return runs


def _differences(
    layout: Layout, numbers: Sequence[int], vocabulary: Sequence[str], t0: int, t1: int, f0: int, f1: int
) -> tuple[list[Change], int]:
    """Name the words added and missing between two certain places, and count the obligatory ones that are missing."""
    changes, lost = [], 0
    old, new = layout.template.words[t0:t1], numbers[f0:f1]
    for step in LCSseq.opcodes(old, new):
        if step.tag == "equal":
            continue
        gone = range(t0 + step.src_start, t0 + step.src_end)
        required = [place for place in gone if layout.obligatory[place]]
        forgiven = len(gone) >= _FORGIVEN or step.dest_start < step.dest_end
        kept = required if forgiven else [place for place in gone if not layout.lenient[place]]
        lost += len(required)
        missing = tuple(vocabulary[layout.template.words[place]] for place in kept)
        if missing or step.dest_start < step.dest_end:
            changes.append(Change(f0 + step.dest_start, f0 + step.dest_end, missing))
    return changes, lost


def _head(
    layout: Layout, numbers: Sequence[int], vocabulary: Sequence[str], first: tuple[int, int, int], low: int
) -> tuple[int, list[Change], int]:
    """Compare what stands before the first certain place; words before the first that fits belong to nobody."""
    begin = max(low, first[1] - first[0] - 8)
    changes, lost = _differences(layout, numbers, vocabulary, 0, first[0], begin, first[1])
    if changes and changes[0].start == begin:
        opening = changes[0]
        begin = opening.end
        changes[0] = Change(begin, begin, opening.missing)
    return begin, [change for change in changes if change.weight], lost


def _tail(
    layout: Layout, numbers: Sequence[int], vocabulary: Sequence[str], t: int, f: int, high: int
) -> tuple[int, list[Change], int]:
    """Compare what stands behind the last certain place; words behind the last that fits belong to nobody."""
    count = len(layout.template.words)
    finish = min(high, f + (count - t) + 8)
    changes, lost = _differences(layout, numbers, vocabulary, t, count, f, finish)
    if changes and changes[-1].end == finish:
        closing = changes[-1]
        finish = closing.start
        changes[-1] = Change(finish, finish, closing.missing)
    return finish, [change for change in changes if change.weight], lost


def _joined(changes: list[Change]) -> list[Change]:
    """Join changes that touch one another."""
    found: list[Change] = []
    for change in sorted(changes, key=lambda one: (one.start, one.end)):
        if found and found[-1].end == change.start:
            found[-1] = Change(found[-1].start, change.end, found[-1].missing + change.missing)
        else:
            found.append(change)
    return found
