"""How well each judge's field covers each entry, as whole thousandths, for every pair; and lists of pairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pandas as pd

from leaderboards.decimals import exact
from leaderboards.refusals import AssignmentError, ScoreError
from leaderboards.tables import FIRST_ROW, read_table

LIMIT = 1_000_000  # thousandths; keeps every sum exact in the solver's float64
Pair = tuple[str, str]


@dataclass(frozen=True)
class Affinities:
    """A value for every entry and judge, in thousandths; rows follow the entries, columns the judges, both by name."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, given: Mapping[Pair, int]) -> Self:
        """Order a value for each pair (entry, judge); raise AssignmentError for a gap or a value off the scale."""
        entries, judges = sorted({entry for entry, _ in given}), sorted({judge for _, judge in given})
        for entry in entries:
            for judge in judges:
                value = given.get((entry, judge))
                if value is None:
                    raise AssignmentError(f"{entry} and {judge} have no affinity; write 0 where it is not known.")
                if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LIMIT:
                    raise AssignmentError(
                        f"the affinity of {entry} and {judge} must be from 0 to {LIMIT} thousandths, not {value!r}."
                    )
        return cls(
            tuple(entries), tuple(judges), tuple(tuple(given[entry, judge] for judge in judges) for entry in entries)
        )

    def value(self, entry: str, judge: str) -> int:
        """Find the affinity of a pair."""
        return self.values[self.entries.index(entry)][self.judges.index(judge)]


def read_affinities(path: Path | str) -> Affinities:
    """Read a table with the columns entry, judge and affinity, a decimal of at least 0, rounded to thousandths.

    Raises AssignmentError naming file, row and column, or OSError.
    """
    name, given = Path(path).name, dict[Pair, int]()
    frame = _frame(path, ("entry", "judge", "affinity"))
    for row, (pair, cell) in enumerate(zip(_pairs(frame, name), frame["affinity"], strict=True), start=FIRST_ROW):
        value = exact(cell if isinstance(cell, str) else repr(cell))
        if value is None or not 0 <= value <= LIMIT // 1000:
            raise AssignmentError(
                f"{name}, row {row}, column affinity: {str(cell)[:40]!r} is no decimal from 0 to {LIMIT // 1000}."
            )
        given[pair] = round(value * 1000)
    try:
        return Affinities.of(given)
    except AssignmentError as problem:
        raise AssignmentError(f"{name}: {problem}") from None


def read_pairs(path: Path | str) -> frozenset[Pair]:
    """Read a table with the columns entry and judge; raise AssignmentError naming file, row and column, or OSError."""
    return frozenset(_pairs(_frame(path, ("entry", "judge")), Path(path).name))


def _frame(path: Path | str, columns: tuple[str, ...]) -> pd.DataFrame:
    try:
        frame = read_table(path, text_columns=frozenset({"entry", "judge"}))
    except ScoreError as problem:
        raise AssignmentError(str(problem)) from None
    if sorted(map(str, frame.columns)) != sorted(columns):
        raise AssignmentError(
            f"{Path(path).name}: the columns must be {','.join(columns)}, not {','.join(map(str, frame.columns))}."
        )
    return frame


def _pairs(frame: pd.DataFrame, name: str) -> list[Pair]:
    seen: dict[Pair, int] = {}
    for row, (entry, judge) in enumerate(zip(frame["entry"], frame["judge"], strict=True), start=FIRST_ROW):
        for column, cell in (("entry", entry), ("judge", judge)):
            if not isinstance(cell, str) or not cell.strip():
                raise AssignmentError(f"{name}, row {row}, column {column}: empty; write the name.")
        if (entry, judge) in seen:
            raise AssignmentError(
                f"{name}, row {row}: {entry} and {judge} stand in row {seen[entry, judge]} already; keep one row."
            )
        seen[entry, judge] = row
    return list(seen)
