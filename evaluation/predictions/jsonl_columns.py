"""Predictions in JSON Lines as columns, a block at a time, where every line is one flat object of texts or numbers."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as arrow_json

from evaluation.predictions.jsonl_fields import split_alike
from evaluation.predictions.rows import COLUMNS, PredictionLimits
from evaluation.predictions.text_blocks import BOM, Unusual, text_blocks

_SCHEMA = pa.schema([(column, pa.string()) for column in COLUMNS])
_PARSE = arrow_json.ParseOptions(explicit_schema=_SCHEMA, newlines_in_values=False, unexpected_field_behavior="error")
# A number in JSON's own grammar, whole, after a key: what is none stays as it is, and Arrow takes it for no text.
_NUMBER = r'(": ?)(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)([,}])'
_OPENING, _CLOSING, _NEWLINE = b"{}\n"


def jsonl_columns(file: BinaryIO, *, limits: PredictionLimits, max_rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the columns task, item and prediction of a file; raises Unusual where only its rows can be judged."""
    if file.read(len(BOM)) != BOM:
        file.seek(0)
    for block in text_blocks(file, limits=limits, max_rows=max_rows):
        alike = split_alike(block)
        if alike is not None:
            yield from alike.to_batches()
            continue
        lines = _lines(block)
        texts = _numbers_as_texts(block)
        options = arrow_json.ReadOptions(use_threads=False, block_size=texts.size + 1)
        try:
            table = arrow_json.read_json(pa.BufferReader(texts), read_options=options, parse_options=_PARSE)
        except pa.ArrowInvalid as error:
            raise Unusual from error
        if table.num_rows != lines or table.column_names != list(COLUMNS):
            raise Unusual
        yield from table.to_batches()


def _lines(block: bytes) -> int:
    """Count the lines where each begins with a brace and ends with one; raises Unusual for others.

    Arrow reads any number of objects a line, and objects that go on over several. Of flat objects, whose texts hold no
    line's end, such lines hold one or more each; where there are as many objects as lines each holds one.
    """
    whole = block.replace(b"\r\n", b"\n") if b"\r" in block else block
    letters = np.frombuffer(b"\n" + whole.removesuffix(b"\n") + b"\n", np.uint8)
    ends = np.flatnonzero(letters == _NEWLINE)
    if (letters[ends[:-1] + 1] != _OPENING).any() or (letters[ends[1:] - 1] != _CLOSING).any():
        raise Unusual
    return len(ends) - 1


def _numbers_as_texts(block: bytes) -> pa.Buffer:
    """Put quotes around numbers, so that they are kept as they are written, for the number grammar to judge.

    With a backslash in the block a text might look like a key; numbers are then left to the reader of rows. Without,
    a text that begins like `:5,` is cut in two by a quote, with nothing between, and is JSON no more.
    """
    if b"\\" in block:
        return pa.py_buffer(block)
    return pc.replace_substring_regex(pa.array([block], pa.binary()), _NUMBER, r'\1"\2"\3')[0].as_buffer()
