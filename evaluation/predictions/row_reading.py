"""The thorough way to read predictions: row by row, so that every problem is explained with its place."""

from typing import BinaryIO

from evaluation.predictions.answer_texts import WORDY, AnswerError, read_answer, some
from evaluation.predictions.csv_rows import csv_rows
from evaluation.predictions.formats import HEAD, Format, format_of
from evaluation.predictions.jsonl_rows import jsonl_rows
from evaluation.predictions.parquet_rows import parquet_rows
from evaluation.predictions.problems import Problems, shown
from evaluation.predictions.rows import PredictionLimits, Row, Rows, too_many
from evaluation.suites import Suite, Truth
from evaluation.tasks import Answer, Task


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
        sheet = sheets.get(row.task)
        most = sheet.longest(limits) if sheet else limits.field
        if max(len(row.task), len(row.item)) > limits.field or len(row.prediction) > most:
            problems.note(row.line, "", "", f"a field is longer than {most:,} characters; shorten it.")
            continue
        if sheet is None:
            text = f"'{shown(row.task)}' is no task of the suite; its tasks are {some(list(sheets))}."
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

    def longest(self, limits: PredictionLimits) -> int:
        """Say how many characters a prediction may have."""
        return limits.text if self._task.kind in WORDY else limits.field

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
            self._answers[place] = read_answer(row.prediction, self._task)
        except AnswerError as error:
            problems.note(row.line, "prediction", row.prediction, f"'{shown(row.prediction)}' {error}.")

    def note_missing(self, problems: Problems) -> None:
        missing = [item for item, place in self._places.items() if not self._lines[place]]
        if missing:
            text = (
                f"{len(missing):,} of {len(self._places):,} items of task {self._task.name} have no prediction: "
                f"{some(missing, 3)}. Write one row for each."
            )
            problems.note(0, "", "", text)

    def answers(self) -> tuple[Answer, ...]:
        return tuple(answer for answer in self._answers if answer is not None)
