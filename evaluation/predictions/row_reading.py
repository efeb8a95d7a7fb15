"""The thorough way to read predictions: row by row, so that every problem is explained with its place."""

from decimal import Decimal
from typing import BinaryIO

from evaluation.numbers import NumberError, parse_number, parse_probability
from evaluation.predictions.csv_rows import csv_rows
from evaluation.predictions.formats import HEAD, Format, format_of
from evaluation.predictions.jsonl_rows import jsonl_rows
from evaluation.predictions.parquet_rows import parquet_rows
from evaluation.predictions.problems import Problems, shown
from evaluation.predictions.rows import PredictionLimits, Row, Rows, too_many
from evaluation.suites import Suite, Truth
from evaluation.tasks import Answer, Kind, Task


def read_rows(
    file: BinaryIO, suite: Suite, *, limits: PredictionLimits, problems: Problems
) -> dict[str, tuple[Answer, ...]]:
    """Read an open file from its beginning; notes all problems, and raises StopReading where it cannot go on."""
    sheets = {task.name: _Sheet(task, suite.truths[task.name]) for task in suite.tasks}
    max_rows = limits.rows_per_item * suite.size
    _fill(sheets, _rows(file, max_rows, limits, problems), max_rows, limits, problems)
    for sheet in sheets.values():
        sheet.note_missing(problems)
    return {name: sheet.answers() for name, sheet in sheets.items()}


def _rows(file: BinaryIO, max_rows: int, limits: PredictionLimits, problems: Problems) -> Rows:
    form = format_of(file.read(HEAD), problems=problems)
    file.seek(0)
    if form is Format.PARQUET:
        return parquet_rows(file, limits=limits, max_rows=max_rows, problems=problems)
    if form is Format.JSONL:
        return jsonl_rows(file, limits=limits, max_rows=max_rows, problems=problems)
    return csv_rows(file, limits=limits, max_rows=max_rows, problems=problems)


def _fill(sheets: dict[str, "_Sheet"], rows: Rows, max_rows: int, limits: PredictionLimits, problems: Problems) -> None:
    for count, row in enumerate(rows, start=1):
        if count > max_rows:
            raise problems.stop(row.line, "", "", too_many(max_rows))
        if max(len(row.task), len(row.item), len(row.prediction)) > limits.field:
            problems.note(row.line, "", "", f"a field is longer than {limits.field:,} characters; shorten it.")
            continue
        sheet = sheets.get(row.task)
        if sheet is None:
            text = f"'{shown(row.task)}' is no task of the suite; its tasks are {_some(list(sheets))}."
            problems.note(row.line, "task", row.task, text)
            continue
        sheet.add(row, problems)


class _Sheet:
    """The answer sheet of one task: a place for every item, filled once."""

    def __init__(self, task: Task, truth: Truth) -> None:
        self._task = task
        self._places = {item: place for place, item in enumerate(truth.items)}
        self._answers: list[Answer | None] = [None] * len(truth.items)
        # A place may be taken by an answer that could not be read; it is then neither free nor missing.
        self._lines = [0] * len(truth.items)

    def add(self, row: Row, problems: Problems) -> None:
        place = self._places.get(row.item)
        if place is None:
            text = f"'{shown(row.item)}' is no item of task {row.task}; use the item names of the starter."
            problems.note(row.line, "item", row.item, text)
            return
        if self._lines[place]:
            text = (
                f"the item '{shown(row.item)}' of task {row.task} was answered on line {self._lines[place]}; keep one."
            )
            problems.note(row.line, "item", row.item, text)
            return
        self._lines[place] = row.line
        try:
            self._answers[place] = self._read(row.prediction)
        except NumberError as error:
            problems.note(row.line, "prediction", row.prediction, f"'{shown(row.prediction)}' {error}.")

    def _read(self, text: str) -> Answer:
        if self._task.kind is Kind.REGRESSION:
            return parse_number(text)
        if self._task.kind is Kind.PROBABILITY:
            return parse_probability(text)
        if text not in self._task.labels:
            raise NumberError(f"is no label of task {self._task.name}; its labels are {_some(list(self._task.labels))}")
        return text

    def note_missing(self, problems: Problems) -> None:
        missing = [item for item, place in self._places.items() if not self._lines[place]]
        if missing:
            text = (
                f"{len(missing):,} of {len(self._places):,} items of task {self._task.name} have no prediction: "
                f"{_some(missing, 3)}. Write one row for each."
            )
            problems.note(0, "", "", text)

    def answers(self) -> tuple[Answer, ...]:
        return tuple(answer for answer in self._answers if isinstance(answer, str | Decimal))


def _some(names: list[str], most: int = 5) -> str:
    listed = ", ".join(shown(name) for name in names[:most])
    return f"{listed} and {len(names) - most:,} more" if len(names) > most else listed
