"""Predictions in Parquet as columns, a batch at a time: texts, whole numbers as texts, and floats."""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evaluation.predictions.parquet_pages import unpacked_bytes
from evaluation.predictions.parquet_rows import check_shape
from evaluation.predictions.problems import Problems, StopReading
from evaluation.predictions.rows import COLUMNS, PredictionLimits
from evaluation.predictions.text_blocks import Unusual

_BATCH = 131_072
_GROUPS = 64
_SPELT_OUT = 33_554_432
"""So many bytes of a column's texts are spelt out at once, whatever a file makes them out to be."""


def parquet_columns(file: BinaryIO, *, limits: PredictionLimits, max_rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the columns task, item and prediction of a file; raises Unusual where only its rows can be judged."""
    try:
        check_shape(pq.ParquetFile(file), limits, max_rows, Problems())
        file.seek(0)
        # Texts stay dictionary-encoded until their lengths are checked: a tiny file may spell out to gigabytes.
        source = pq.ParquetFile(file, read_dictionary=list(COLUMNS))
        size = _rows_at_once(file, source, limits)
        if size:
            file.seek(0)
            source = pq.ParquetFile(file, read_dictionary=["task"])
        for batch in source.iter_batches(batch_size=size or _BATCH, columns=list(COLUMNS), use_threads=False):
            longest = max(_longest(column, limits) for column in batch.columns)
            rows = max(_SPELT_OUT // max(longest, 1), 1)
            for start in range(0, batch.num_rows, rows):
                part = batch.slice(start, rows)
                tasks, *others = (part.column(column) for column in COLUMNS)
                columns = [_tasks(tasks), *(_texts(column) for column in others)]
                yield pa.record_batch(columns, names=list(COLUMNS))
    except MemoryError:
        raise  # Arrow's own is both; it says nothing about whether the file is whole
    except (pa.ArrowException, OSError, OverflowError, KeyError, StopReading) as error:
        raise Unusual from error


def _rows_at_once(file: BinaryIO, source: pq.ParquetFile, limits: PredictionLimits) -> int:
    """Say how many rows may be read as texts without a dictionary, which takes a fifth of the time; 0 for none.

    So many that those from a dictionary are within bounds; all others stand in the file as they are.
    """
    groups = source.metadata.num_row_groups
    if not 0 < groups <= _GROUPS:
        return 0
    longest = total = 0
    for number in range(groups):
        group = source.metadata.row_group(number)
        for column in range(group.num_columns):
            total += unpacked_bytes(file, group.column(column)) or limits.file_bytes + 1
        if total > limits.file_bytes:
            return 0
        longest = max(longest, longest_words(source, number, limits))
    return min(_SPELT_OUT // max(longest, 1), _BATCH)


def longest_words(source: pq.ParquetFile, group: int, limits: PredictionLimits) -> int:
    """Return the bytes of the longest text in a row group's dictionaries, which come whole with the first row."""
    texts = [field.name for field in source.schema_arrow if pa.types.is_dictionary(field.type)]
    first = source.iter_batches(batch_size=1, row_groups=[group], columns=texts, use_threads=False)
    return max((_longest(column, limits) for batch in islice(first, 1) for column in batch.columns), default=0)


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


def _tasks(column: pa.Array) -> pa.Array:
    """Return the names of tasks; those of one task alone stay a dictionary of one word, not spelt out row by row."""
    if not pa.types.is_dictionary(column.type) or len(column.dictionary) != 1:
        return _texts(column)
    return pa.DictionaryArray.from_arrays(column.indices, _texts(column.dictionary))


def _texts(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        # its words are looked at once each, not once a row
        return pa.DictionaryArray.from_arrays(column.indices, _texts(column.dictionary)).dictionary_decode()
    if pa.types.is_floating(column.type):
        return column
    if not _is_text(column.type) and not pa.types.is_integer(column.type):
        raise Unusual
    texts = column.cast(pa.string())
    texts.validate(full=True)  # UTF-8, which Parquet only promises
    return texts


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
