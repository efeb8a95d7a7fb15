"""Shows a licence text with its marks: the changed places with what stands around them, and the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

AROUND, LONGEST_AROUND = 2, 160
"""Lines shown before and behind a changed one, and how much of each."""
MOST_WINDOWS = 12


@dataclass(frozen=True)
class TextLine:
    """A line with its number and its pieces, each with its kind: none, `added` or `missing`."""

    number: int
    pieces: tuple[tuple[str, str], ...]

    @property
    def is_changed(self) -> bool:
        """Whether something is marked in it."""
        return any(kind for kind, _ in self.pieces)


@dataclass(frozen=True)
class MarkedFile:
    """A file's text; `windows` are its changed places, `of` is how many lines the file has."""

    file: str
    lines: tuple[TextLine, ...]
    windows: tuple[tuple[TextLine, ...], ...]
    left_out: int
    """How many changed places are shown in the whole text alone."""
    of: int

    @property
    def is_changed(self) -> bool:
        """Whether anything is marked; else the text is of no licence that is known."""
        return bool(self.windows)


def marked_files(found: Mapping[str, Any]) -> list[MarkedFile]:
    """Read the marked texts of a scan's kept evidence."""
    return [_file(one) for one in found.get("marked") or ()]


def _file(one: Mapping[str, Any]) -> MarkedFile:
    lines = tuple(
        TextLine(number, tuple((str(kind), str(text)) for kind, text in pieces))
        for number, pieces in enumerate(one["lines"], start=1)
    )
    windows = _windows(lines)
    return MarkedFile(
        file=str(one["file"]),
        lines=lines,
        windows=tuple(windows[:MOST_WINDOWS]),
        left_out=max(len(windows) - MOST_WINDOWS, 0),
        of=int(one["of"]),
    )


def _windows(lines: Sequence[TextLine]) -> list[tuple[TextLine, ...]]:
    """Cut out the changed lines with those around them; what touches is one piece."""
    spans: list[tuple[int, int]] = []
    for place, line in enumerate(lines):
        if line.is_changed:
            start, end = max(place - AROUND, 0), min(place + AROUND + 1, len(lines))
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return [tuple(_beside(line) for line in lines[start:end]) for start, end in spans]


def _beside(line: TextLine) -> TextLine:
    """Cut a line without a change that is there only for the sake of its neighbour."""
    text = "".join(text for _, text in line.pieces)
    if line.is_changed or len(text) <= LONGEST_AROUND:
        return line
    return TextLine(line.number, (("", text[:LONGEST_AROUND] + " …"),))
