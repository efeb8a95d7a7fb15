"""Judges' marks as one checked table: who gave which entry how many half marks on which criterion, and how surely.

A row without a mark says that the judge stepped back: the pair is known, and nothing is counted for it.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from leaderboards.canonical import digest
from leaderboards.decimals import exact
from leaderboards.fields import Fields
from leaderboards.refusals import ReviewError, ScoreError
from leaderboards.tables import FIRST_ROW, read_table

MOST_HALVES = 10  # marks run from 0 to 5 in half marks
_WHOLE = re.compile(r"[0-9]{1,3}")
_NEEDED = ["criterion", "entry", "halves", "judge"]
_COLUMNS = "entry,judge,criterion,halves[,confidence]"


@dataclass(frozen=True, order=True)
class Mark:
    """One judge's mark on one criterion of one entry, in half marks from 0 to 10; None where the judge stepped back.

    confidence: an exact number above 0 as text; a mark of confidence 2 counts as much as two of confidence 1.
    """

    entry: str
    judge: str
    criterion: str
    halves: int | None
    confidence: str = "1"

    def __post_init__(self) -> None:
        """Refuse a mark off the scale or a confidence that is none; raise ReviewError."""
        if not (self.entry and self.judge and self.criterion):
            raise ReviewError("a mark needs the names of an entry, a judge and a criterion; fill the empty one in.")
        whole = isinstance(self.halves, int) and not isinstance(self.halves, bool)
        if self.halves is not None and not (whole and 0 <= self.halves <= MOST_HALVES):
            raise ReviewError(f"{self}: half marks run from 0 to {MOST_HALVES}, not {self.halves!r}.")
        if self.weight <= 0:
            raise ReviewError(f"{self}: the confidence must be above 0; leave the mark out if it should not count.")

    def __str__(self) -> str:
        """Name the mark for a sentence."""
        return f"{self.judge} on {self.entry}, {self.criterion}"

    @property
    def weight(self) -> Fraction:
        """Read the confidence exactly."""
        ratio = exact(self.confidence) if isinstance(self.confidence, str) else None
        if ratio is None:
            raise ReviewError(f'{self}: the confidence must be an exact number such as "1", not {self.confidence!r}.')
        return ratio


@dataclass(frozen=True)
class Reviews:
    """All marks of a jury, sorted by entry, judge and criterion, so that the order of rows leaves no trace."""

    marks: tuple[Mark, ...]

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> Self:
        """Sort marks into a table; raise ReviewError if a judge marks one criterion of an entry twice."""
        ordered = sorted(marks, key=lambda one: (one.entry, one.judge, one.criterion))
        for before, after in pairwise(ordered):
            if (before.entry, before.judge, before.criterion) == (after.entry, after.judge, after.criterion):
                raise ReviewError(f"{after}: marked twice; keep one mark.")
        return cls(tuple(ordered))

    @property
    def entries(self) -> tuple[str, ...]:
        """Name every entry, those that nobody marked included."""
        return tuple(sorted({one.entry for one in self.marks}))

    @property
    def judges(self) -> tuple[str, ...]:
        """Name every judge, those who stepped back everywhere included."""
        return tuple(sorted({one.judge for one in self.marks}))

    @property
    def criteria(self) -> tuple[str, ...]:
        """Name every criterion."""
        return tuple(sorted({one.criterion for one in self.marks}))

    def given(self) -> tuple[Mark, ...]:
        """List the marks that were given, without those who stepped back."""
        return tuple(one for one in self.marks if one.halves is not None)

    def on(self, *, criterion: str) -> Self:
        """Keep one criterion."""
        return type(self)(tuple(one for one in self.marks if one.criterion == criterion))

    def without(self, *, judges: Collection[str]) -> Self:
        """Leave some judges out."""
        return type(self)(tuple(one for one in self.marks if one.judge not in judges))

    def of_entries(self, entries: Collection[str]) -> Self:
        """Keep some entries."""
        return type(self)(tuple(one for one in self.marks if one.entry in entries))

    def digest(self) -> str:
        """Compute the SHA-256 of the table's canonical JSON."""
        return digest(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types: one list [entry, judge, criterion, half marks or null, confidence] for each mark."""
        return {
            "marks": [[one.entry, one.judge, one.criterion, one.halves, one.confidence] for one in self.marks],
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned; raise ReviewError with the path of whatever is wrong."""
        fields = Fields(given, path="reviews", error=ReviewError)
        marks = []
        for place, row in enumerate(fields.items("marks")):
            where = f"reviews.marks[{place}]"
            if not isinstance(row, list) or len(row) != 5:
                raise ReviewError(f"{where} must be a list of entry, judge, criterion, half marks and confidence.")
            if not all(isinstance(row[column], str) for column in (0, 1, 2, 4)):
                raise ReviewError(f"{where}: entry, judge, criterion and confidence must be texts.")
            try:
                marks.append(Mark(*row))
            except ReviewError as problem:
                raise ReviewError(f"{where}: {problem}") from None
        fields.close()
        return cls.of(marks)


def read_reviews(path: Path | str) -> Reviews:
    """Read marks from CSV or Parquet with the columns entry, judge, criterion, halves and, if wished, confidence.

    An empty cell in `halves` says that the judge stepped back. Raises ReviewError naming file, row and column; row 2
    is the first row of data. A file that cannot be opened raises OSError.
    """
    name = Path(path).name
    try:
        frame = read_table(path, text_columns=frozenset({"entry", "judge", "criterion"}))
    except ScoreError as problem:
        raise ReviewError(str(problem)) from None
    columns = sorted(map(str, frame.columns))
    if [one for one in columns if one != "confidence"] != _NEEDED:
        raise ReviewError(f"{name}: the columns must be {_COLUMNS}, not {','.join(map(str, frame.columns))}.")
    seen: dict[tuple[str, str, str], int] = {}
    marks = []
    for row, record in enumerate(frame.astype(object).to_dict("records"), start=FIRST_ROW):
        texts = {key: _text(record[key], f"{name}, row {row}, column {key}") for key in ("entry", "judge", "criterion")}
        key = (texts["entry"], texts["judge"], texts["criterion"])
        if key in seen:
            raise ReviewError(f"{name}, row {row}: {', '.join(key)} stands in row {seen[key]} already; keep one mark.")
        seen[key] = row
        halves = _halves(record["halves"], f"{name}, row {row}, column halves")
        confidence = _confidence(record.get("confidence"))
        try:
            marks.append(Mark(**texts, halves=halves, confidence=confidence))
        except ReviewError as problem:
            raise ReviewError(f"{name}, row {row}: {problem}") from None
    return Reviews.of(marks)


def level(confidence: str) -> Fraction:
    """Read the confidence of an interval, from 0.5 to below 1; raise ReviewError."""
    ratio = exact(confidence)
    if ratio is None or not Fraction(1, 2) <= ratio < 1:
        raise ReviewError(f'the confidence must be at least 0.5 and below 1, such as "0.95", not {confidence!r}.')
    return ratio


def _text(cell: object, where: str) -> str:
    if not isinstance(cell, str) or not cell.strip():
        raise ReviewError(f"{where}: empty; write the name.")
    return cell


def _absent(cell: object) -> bool:
    return cell is None or cell == "" or cell != cell  # NaN differs from itself


def _halves(cell: object, where: str) -> int | None:
    if _absent(cell):
        return None
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    if not _WHOLE.fullmatch(text):
        raise ReviewError(f"{where}: {text[:40]!r} is no whole number; half marks run from 0 to {MOST_HALVES}.")
    return int(text)


def _confidence(cell: object) -> str:
    if _absent(cell):
        return "1"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
