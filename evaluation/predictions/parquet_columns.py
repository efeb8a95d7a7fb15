"""Predictions in Parquet as columns, a batch at a time: texts, whole numbers as texts, and floats as decimals."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evaluation.predictions.column_sheets import EXACT
from evaluation.predictions.parquet_rows import check_shape
from evaluation.predictions.problems import Problems, StopReading
from evaluation.predictions.rows import COLUMNS, PredictionLimits
from evaluation.predictions.text_blocks import Unusual

_BATCH = 131_072
_SPELT_OUT = 33_554_432
"""So many bytes of a column's texts are spelt out at once, whatever a file makes them out to be."""


def parquet_columns(file: BinaryIO, *, limits: PredictionLimits, max_rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the columns task, item and prediction of a file; raises Unusual where only its rows can be judged."""
    try:
        check_shape(pq.ParquetFile(file), limits, max_rows, Problems())
        file.seek(0)
        # Texts stay dictionary-encoded until their lengths are checked: a tiny file may spell out to gigabytes.
        source = pq.ParquetFile(file, read_dictionary=list(COLUMNS))
        for batch in source.iter_batches(batch_size=_BATCH, columns=list(COLUMNS), use_threads=False):
            longest = max(_longest(column, limits) for column in batch.columns)
            rows = max(_SPELT_OUT // max(longest, 1), 1)
            for start in range(0, batch.num_rows, rows):
                part = batch.slice(start, rows)
                yield pa.record_batch([_texts(part.column(column)) for column in COLUMNS], names=list(COLUMNS))
    except MemoryError:
        raise  # Arrow's own is both; it says nothing about whether the file is whole
    except (pa.ArrowException, OSError, OverflowError, KeyError, StopReading) as error:
        raise Unusual from error


def _longest(column: pa.Array, limits: PredictionLimits) -> int:
    """Return the bytes of the longest text; raises Unusual for one too long, and for a column that has gaps."""
    words = column.dictionary if pa.types.is_dictionary(column.type) else column
    if column.null_count or words.null_count:
        raise Unusual
    if not _is_text(words.type):
        return 0
    longest: int = pc.max(pc.binary_length(words)).as_py() or 0
    if longest > 4 * limits.longest:
        raise Unusual
    return longest


def _texts(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        return _rounded(column)
    if not _is_text(column.type) and not pa.types.is_integer(column.type):
        raise Unusual
    texts = column.cast(pa.string())
    texts.validate(full=True)  # UTF-8, which Parquet only promises
    return texts


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _rounded(column: pa.Array) -> pa.Array:
    """Round floats half even to 12 places, as exactly as writing them out would; raises Unusual for those too large.

    A product with 10¹² below 2⁴² is off by 2⁻¹² at most, so it tells the nearest whole number unless it lies
    near the middle between two; only such floats are written out.
    """
    values = column.cast(pa.float64()).to_numpy()
    if not (np.abs(values) < 1e9).all():  # nor for those that are no number
        raise Unusual
    scaled = values * 1e12
    whole = np.rint(scaled)
    unsure = np.flatnonzero((np.abs(scaled - whole) > 0.49) | (np.abs(scaled) > 2.0**42))
    whole[unsure] = 0
    words = np.empty((len(values), 2), dtype="<i8")  # a decimal is 128 bits, the lower 64 first
    words[:, 0] = whole
    words[:, 1] = words[:, 0] >> 63
    for place in unsure.tolist():
        exact = int(f"{values[place]:.12f}".replace(".", ""))
        words[place] = np.frombuffer(exact.to_bytes(16, "little", signed=True), "<i8")
    return pa.Array.from_buffers(EXACT, len(values), [None, pa.py_buffer(words)])
