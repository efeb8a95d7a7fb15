"""The fast way to read predictions: by columns, in blocks. It accepts a file or leaves it to the reader of rows.

Whatever it accepts the reader of rows would accept with the same answers; what is wrong with a file is for that one to
say, as it knows every place. A file so costs a second reading only where something in it is out of the ordinary.
"""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from evaluation.predictions.answers import Answers
from evaluation.predictions.column_sheets import ColumnSheet, longest
from evaluation.predictions.csv_columns import csv_columns
from evaluation.predictions.formats import HEAD, Format, format_of
from evaluation.predictions.jsonl_columns import jsonl_columns
from evaluation.predictions.parquet_columns import parquet_columns
from evaluation.predictions.problems import Problems, StopReading
from evaluation.predictions.rows import COLUMNS, PredictionLimits
from evaluation.predictions.text_blocks import Unusual
from evaluation.suites import Suite

_READERS = {Format.CSV: csv_columns, Format.JSONL: jsonl_columns, Format.PARQUET: parquet_columns}


def read_columns(file: BinaryIO, suite: Suite, *, limits: PredictionLimits) -> Answers:
    """Read an open file from its beginning; raises Unusual for any but an ordinary file without a problem."""
    sheets = {task.name: ColumnSheet(task, suite.truths[task.name], limits) for task in suite.tasks}
    most, rows = suite.size * limits.rows_per_item, 0
    for batch in _batches(file, most, limits):
        rows += batch.num_rows
        if rows > most:
            raise Unusual
        tasks, items, predictions = (batch.column(column) for column in COLUMNS)
        if pa.types.is_floating(tasks.type) or pa.types.is_floating(items.type):
            raise Unusual
        if any(column.null_count for column in batch.columns) or max(longest(tasks), longest(items)) > limits.field:
            raise Unusual
        for name, own in _by_task(tasks):
            if name not in sheets:
                raise Unusual
            if own is None:
                sheets[name].add(items, predictions)
            else:
                sheets[name].add(items.filter(own), predictions.filter(own))
    return Answers({name: sheet.answers() for name, sheet in sheets.items()})


def _by_task(tasks: pa.Array) -> Iterator[tuple[str, pa.Array | None]]:
    """Yield the tasks of a block, each with which rows are its own; None where all are, as in most blocks."""
    if pa.types.is_dictionary(tasks.type):  # of one word
        yield from ((word.as_py(), None) for word in tasks.dictionary if len(tasks))
        return
    if len(tasks) and pc.all(pc.equal(tasks, tasks[0])).as_py():
        yield tasks[0].as_py(), None
        return
    encoded = tasks.dictionary_encode()
    for code, name in enumerate(encoded.dictionary.to_pylist()):
        yield name, pc.equal(encoded.indices, code)


def _batches(file: BinaryIO, max_rows: int, limits: PredictionLimits) -> Iterator[pa.RecordBatch]:
    try:
        form = format_of(file.read(HEAD), problems=Problems())
    except StopReading as error:
        raise Unusual from error
    file.seek(0)
    return _READERS[form](file, limits=limits, max_rows=max_rows)
