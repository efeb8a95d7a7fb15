"""Reads a board's item scores from the store, row by row."""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow.parquet

from challenge.foundation.spreadsheet import Cell

COLUMNS = ("entrant", "task", "item", "cluster", "value")


def item_rows(stream: BinaryIO) -> Iterator[list[Cell]]:
    """Yield the rows of a board's file of item scores in its order, a batch of them in memory at a time."""
    with stream:
        for batch in pyarrow.parquet.ParquetFile(stream).iter_batches(10_000, columns=list(COLUMNS)):
            columns = [batch.column(name).to_pylist() for name in COLUMNS]
            for row in zip(*columns, strict=True):
                yield list(row)
