"""The pages of a Parquet file are counted before they are unpacked, and odd ones are left alone."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import PredictionLimits
from evaluation.predictions.parquet_columns import longest_words
from evaluation.predictions.parquet_pages import unpacked_bytes
from evaluation.predictions.rows import COLUMNS

NAMES = [f"item-{number}" for number in range(30_000)]


def written(names: list[str], **options: object) -> io.BytesIO:
    """Write one column of texts."""
    file = io.BytesIO()
    pq.write_table(pa.table({"item": names}), file, **options)
    return file


def chunk_of(file: io.BytesIO) -> pq.ColumnChunkMetaData:
    """Return what the file says of its one column."""
    return pq.ParquetFile(file).metadata.row_group(0).column(0)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"data_page_version": "2.0"},
        {"use_dictionary": False},
        {"use_dictionary": False, "data_page_size": 1_000},
        {"compression": "zstd"},
        {"compression": "none"},
        {"write_statistics": False},
        {"write_page_checksum": True},
        {"write_page_index": True},
    ],
    ids=str,
)
def test_ordinary_pages_are_counted(options: dict[str, object]) -> None:
    file = written(NAMES, **options)
    spelt = sum(len(name) for name in NAMES)
    found = unpacked_bytes(file, chunk_of(file))
    assert found is not None
    assert spelt < found < chunk_of(file).total_uncompressed_size


def test_texts_that_repeat_the_last_one_are_left_alone() -> None:
    file = written(NAMES, use_dictionary=False, column_encoding={"item": "DELTA_BYTE_ARRAY"})
    assert unpacked_bytes(file, chunk_of(file)) is None


def test_a_chunk_that_ends_within_a_page_is_left_alone() -> None:
    file = written(NAMES, use_dictionary=False)
    chunk = chunk_of(file)
    assert unpacked_bytes(io.BytesIO(file.getvalue()[: chunk.data_page_offset + 10]), chunk) is None


SMALL = written(["a", "b", "c"] * 9).getvalue()


@given(st.integers(4, 120), st.integers(0, 255))
def test_a_damaged_header_is_counted_or_left_alone(place: int, byte: int) -> None:
    damaged = bytearray(SMALL)
    damaged[place] = byte
    found = unpacked_bytes(io.BytesIO(bytes(damaged)), chunk_of(io.BytesIO(SMALL)))
    assert found is None or found >= 0


def test_a_dictionary_is_known_from_the_first_row_on() -> None:
    file = io.BytesIO()
    columns = {name: ["a"] * 200_000 + ["b" * 777] for name in COLUMNS}
    pq.write_table(pa.table(columns), file, data_page_size=1_000)
    source = pq.ParquetFile(file, read_dictionary=list(COLUMNS))
    assert longest_words(source, 0, PredictionLimits()) == 777
