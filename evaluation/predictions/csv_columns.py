"""Predictions in CSV as columns, a block at a time: Arrow splits the fields where it must split them as Python does."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from evaluation.predictions.rows import COLUMNS, PredictionLimits, column_fault
from evaluation.predictions.text_blocks import BOM, Unusual, text_blocks

_CONVERT = arrow_csv.ConvertOptions(
    column_types=dict.fromkeys(COLUMNS, pa.string()),
    include_columns=list(COLUMNS),
    check_utf8=False,  # each block was decoded
)
_PARSE = arrow_csv.ParseOptions(double_quote=False, newlines_in_values=False, ignore_empty_lines=True)
_QUOTE, _COMMA, _RETURN, _NEWLINE = b'",\r\n'


def csv_columns(file: BinaryIO, *, limits: PredictionLimits, max_rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the columns task, item and prediction of a CSV file; raises Unusual where only its rows can be judged."""
    if limits.longest > csv.field_size_limit():
        raise Unusual
    names = _header(file.readline(limits.line_bytes + 1), limits)
    for block in text_blocks(file, limits=limits, max_rows=max_rows):
        if b'"' in block:
            _check_quotes(block)
        options = arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(block) + 1)
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(block), read_options=options, parse_options=_PARSE, convert_options=_CONVERT
            )
        except pa.ArrowInvalid as error:
            raise Unusual from error
        yield from table.to_batches()


def _header(line: bytes, limits: PredictionLimits) -> list[str]:
    if len(line) > limits.line_bytes:
        raise Unusual
    try:
        names = next(csv.reader([line.removeprefix(BOM).decode()], strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unusual from error
    if column_fault(names):
        raise Unusual
    return names


def _check_quotes(block: bytes) -> None:
    """See that quotes stand around whole fields of one line and nowhere else; raises Unusual.

    Of such quotes there are as many that open as that close, in turn; an opening one follows a comma or a line's end,
    a closing one is followed by one of these.
    """
    letters = np.frombuffer(b"\n" + block + b"\n", np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    if len(quotes) % 2:
        raise Unusual
    opening, closing = quotes[0::2], quotes[1::2]
    before, after = letters[opening - 1], letters[closing + 1]
    newlines = np.flatnonzero(letters == _NEWLINE)
    if not (
        np.isin(before, (_COMMA, _NEWLINE)).all()
        and np.isin(after, (_COMMA, _RETURN, _NEWLINE)).all()
        and (np.searchsorted(newlines, opening) == np.searchsorted(newlines, closing)).all()
    ):
        raise Unusual
