"""Predictions in Parquet: three columns of texts or numbers."""

import math
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from evaluation.predictions.problems import Problems
from evaluation.predictions.rows import COLUMNS, PredictionLimits, Row, Rows, column_fault

BATCH = 8_192
_ADVICE = "write the file anew, for example with pandas.DataFrame.to_parquet."


def parquet_rows(file: BinaryIO, *, limits: PredictionLimits, max_rows: int, problems: Problems) -> Rows:
    """Yield the rows of a Parquet file, numbered from 1; notes problems, and stops where it is damaged."""
    try:
        check_shape(pq.ParquetFile(file), limits, max_rows, problems)
        file.seek(0)
        # Texts stay dictionary-encoded until their lengths are checked: a tiny file may spell out to gigabytes.
        source = pq.ParquetFile(file, read_dictionary=list(COLUMNS))
        start = 1
        for batch in source.iter_batches(batch_size=BATCH, columns=list(COLUMNS)):
            columns = [_texts(batch.column(column), column, start, limits, problems) for column in COLUMNS]
            yield from _whole_rows(start, columns)
            start += batch.num_rows
    except MemoryError:
        raise  # Arrow's own is both; it says nothing about whether the file is whole
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError, KeyError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise problems.stop(0, "", "", f"not a readable Parquet file ({reason}); {_ADVICE}") from error


def check_shape(source: pq.ParquetFile, limits: PredictionLimits, max_rows: int, problems: Problems) -> None:
    fault = column_fault(list(source.schema_arrow.names))
    if fault:
        raise problems.stop(0, "", ",".join(source.schema_arrow.names), fault)
    for field in source.schema_arrow:
        if not _readable(field.type):
            raise problems.stop(0, field.name, str(field.type), "holds neither texts nor numbers; convert it.")
    if source.metadata.num_rows > max_rows:
        text = f"holds {source.metadata.num_rows:,} rows; at most {max_rows:,} are read. One row an item."
        raise problems.stop(0, "", "", text)
    groups = (source.metadata.row_group(index) for index in range(source.metadata.num_row_groups))
    if sum(group.total_byte_size for group in groups) > limits.file_bytes:
        raise problems.stop(0, "", "", f"unpacks to more than {limits.file_bytes:,} bytes; shorten the texts.")


def _readable(kind: pa.DataType) -> bool:
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(
        pa.types.is_string(plain)
        or pa.types.is_large_string(plain)
        or pa.types.is_integer(plain)
        or pa.types.is_float32(plain)
        or pa.types.is_float64(plain)
    )


def _texts(column: pa.Array, name: str, start: int, limits: PredictionLimits, problems: Problems) -> list[str | None]:
    words = column.dictionary if pa.types.is_dictionary(column.type) else column
    if pa.types.is_string(words.type) or pa.types.is_large_string(words.type):
        longest = pc.max(pc.binary_length(words)).as_py() or 0
        if longest > 4 * limits.longest:
            text = f"holds a text of {longest:,} bytes; at most {limits.longest:,} characters are read."
            raise problems.stop(start, name, "", text)
    plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    values: list[Any] = plain.to_pylist()
    if plain.null_count:
        for offset in (place for place, value in enumerate(values) if value is None):
            problems.note(start + offset, name, "", "is empty (null); write a value.")
    if pa.types.is_string(plain.type) or pa.types.is_large_string(plain.type):
        return values
    return [None if value is None else _text(value) for value in values]


def _text(value: Any) -> str:
    """Write a cell as CSV would hold it; floats with at most 12 decimals, which is what is read of them."""
    if not isinstance(value, float):
        return str(value)
    if not math.isfinite(value):
        return str(value)
    if value.is_integer() and abs(value) < 1e9:
        return str(int(value))
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _whole_rows(start: int, columns: list[list[str | None]]) -> Iterator[Row]:
    cells: Iterable[tuple[str | None, ...]] = zip(*columns, strict=True)
    for line, (task, item, prediction) in enumerate(cells, start=start):
        if task is not None and item is not None and prediction is not None:
            yield Row(line, task, item, prediction)
