"""A prediction file read by columns and by rows, and ways to write one besides those of the plain tests."""

import io
import json
import re

import pyarrow as pa
import pyarrow.parquet as pq

from evaluation import PredictionLimits, Suite
from evaluation.predictions.columns import read_columns
from evaluation.predictions.problems import Problems, StopReading
from evaluation.predictions.row_reading import read_rows
from evaluation.predictions.text_blocks import Unusual

Rows = list[tuple[str, str, str]]
LIMITS = PredictionLimits(text=0)


def by_columns(content: bytes, suite: Suite, limits: PredictionLimits = LIMITS) -> dict[str, tuple[object, ...]] | None:
    """Read by columns; None where the file is left to the reader of rows."""
    try:
        return dict(read_columns(io.BytesIO(content), suite, limits=limits))
    except Unusual:
        return None


def by_rows(content: bytes, suite: Suite, limits: PredictionLimits = LIMITS) -> dict[str, tuple[object, ...]] | None:
    """Read by rows; None where there is any problem."""
    problems = Problems()
    try:
        answers = read_rows(io.BytesIO(content), suite, limits=limits, problems=problems)
    except StopReading:
        return None
    return None if problems.count else dict(answers)


def agree(content: bytes, suite: Suite, limits: PredictionLimits = LIMITS) -> None:
    """See that the reader of columns accepts nothing but what that of rows accepts, with the same answers."""
    found = by_columns(content, suite, limits)
    if found is not None:
        assert found == by_rows(content, suite, limits), content


def quoted(rows: Rows) -> bytes:
    """Write CSV with quotes around every field and the line ends of Windows."""
    lines = [",".join(f'"{cell}"' for cell in row) + "\r\n" for row in [("task", "item", "prediction"), *rows]]
    return b"\xef\xbb\xbf" + "".join(lines).encode()


def bare(rows: Rows) -> bytes:
    """Write JSON Lines with numbers where the prediction is one, and no blanks."""
    lines = [
        f'{{"item":"{item}","task":"{task}","prediction":{json.dumps(given_, ensure_ascii=False)}}}\n'
        for task, item, given_ in rows
    ]
    return re.sub(r'"(-?[0-9][-+.0-9eE]*)"\}', r"\1}", "".join(lines)).encode()


def encoded(rows: Rows) -> bytes:
    """Write Parquet of dictionary-encoded texts in several row groups."""
    buffer = io.BytesIO()
    columns = dict(zip(("task", "item", "prediction"), map(list, zip(*rows, strict=True)), strict=True))
    table = pa.table({name: pa.array(texts).dictionary_encode() for name, texts in columns.items()})
    pq.write_table(table, buffer, row_group_size=4)
    return buffer.getvalue()
