"""Reads the item scores of results from the store and writes those of a whole board back, always the same bytes."""

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
from numpy.typing import NDArray

from challenge.foundation.files import FileStore, Stored
from leaderboards import ScoreTable

COLUMNS = ("task", "item", "cluster", "value")
LARGEST = 10**9
"""Bytes of a board's scores; a thousand entries on half a million items each would not reach it."""

Layout = tuple[tuple[str, ...], ...]
"""Task, item and cluster of each row of a result."""


class ItemsDamaged(Exception):
    """Raised where a file of item scores is missing, or is not what a report writes."""


@dataclass(frozen=True, eq=False)
class ItemScores:
    """One result on one part: a whole number of units per item, in order of task and item."""

    layout: Layout
    values: NDArray[np.int64]

    def counts(self) -> dict[str, int]:
        """Return how many items there are, by task."""
        return {task: self.layout[0].count(task) for task in dict.fromkeys(self.layout[0])}


NOTHING = ItemScores(((), (), ()), np.zeros(0, np.int64))
"""What a result has of a part in which the suite has no items."""


class ItemShelf:
    """Item scores by file and part, kept decoded because boards are rebuilt more often than results come in."""

    def __init__(self, files: FileStore, *, size: int = 4096) -> None:
        """Keep the last `size` results read from `files`."""
        self._files = files
        # A thousand results share one layout, so each costs no more than its numbers.
        self._layouts: dict[Layout, Layout] = {}
        self._parts = lru_cache(maxsize=size)(self._read)

    def take(self, sha256: str, part: str) -> ItemScores:
        """Return one part of a result; raise ItemsDamaged where a cell is empty or a value no whole number."""
        return self._parts(sha256).get(part, NOTHING)

    def _read(self, sha256: str) -> dict[str, ItemScores]:
        """Read a result once for all its parts: a call has a board for each."""
        wanted = [*COLUMNS, "part"]
        try:
            with self._files.open(sha256) as stream:
                table = pyarrow.parquet.ParquetFile(stream).read(columns=wanted, use_threads=False)
        except (OSError, ValueError, pa.ArrowException) as problem:
            raise ItemsDamaged(f"The item scores {sha256[:12]} cannot be read: {problem}") from problem
        if sorted(table.column_names) != sorted(wanted):
            raise ItemsDamaged(f"The item scores {sha256[:12]} do not have the columns of a report, each of them once.")
        if not pa.types.is_integer(table.schema.field("value").type) or any(one.null_count for one in table.columns):
            raise ItemsDamaged(f"The item scores {sha256[:12]} hold a value that is no whole number, or an empty cell.")
        return {part: self._part(table, part) for part in table.column("part").unique().to_pylist()}

    def _part(self, table: pa.Table, part: str) -> ItemScores:
        mine = table.filter(pyarrow.compute.equal(table.column("part"), part))
        mine = mine.sort_by([("task", "ascending"), ("item", "ascending")])
        layout = tuple(tuple(mine.column(name).to_pylist()) for name in COLUMNS[:3])
        values = mine.column("value").to_numpy().astype(np.int64)
        return ItemScores(self._layouts.setdefault(layout, layout), values)


def score_table(results: Mapping[str, ItemScores], *, tasks: Collection[str]) -> ScoreTable:
    """Join results by reference into the instrument's table, which checks every row; other tasks are left out."""
    together: dict[Layout, list[str]] = {}
    for reference, one in results.items():
        together.setdefault(one.layout, []).append(reference)
    pieces = [_frame(layout, references, results) for layout, references in together.items()]
    empty = pd.DataFrame({name: pd.Series([], dtype=object) for name in ("entrant", *COLUMNS)})
    frame = pd.concat(pieces, ignore_index=True) if pieces else empty
    return ScoreTable.from_frame(frame[frame["task"].isin(tasks)], source="the item scores")


def keep_scores(files: FileStore, scores: ScoreTable) -> Stored:
    """Write a board's item scores to the store as Parquet, sorted by entrant, task and item."""
    places = [np.nonzero(block.present) for block in scores.tasks]
    entrant, item = (_joined([place[axis] for place in places]) for axis in (0, 1))
    task = np.repeat(np.arange(len(places)), [len(row) for row, _ in places])
    value = _joined([block.values[place] for block, place in zip(scores.tasks, places, strict=True)])
    order = np.lexsort((item, task, entrant))
    # Items are numbered through all tasks, so that one list of names serves every row.
    starts = np.cumsum([0, *(len(block.items) for block in scores.tasks)])
    item = item + starts[task]
    table = pa.table(
        {
            "entrant": _texts(scores.entrants, entrant[order]),
            "task": _texts([block.task for block in scores.tasks], task[order]),
            "item": _texts([name for block in scores.tasks for name in block.items], item[order]),
            "cluster": _texts([name for block in scores.tasks for name in block.clusters], item[order]),
            "value": pa.array(value[order], pa.int32()),
        }
    )
    sheet = io.BytesIO()
    # Everything that could differ between two writers of the same rows is fixed.
    pyarrow.parquet.write_table(
        table, sheet, version="2.6", compression="zstd", compression_level=3, row_group_size=1 << 20,
        write_statistics=False, store_schema=False,
    )  # fmt: skip
    sheet.seek(0)
    return files.put(sheet, limit=LARGEST)


def read_scores(files: FileStore, sha256: str, *, tasks: Collection[str] | None = None) -> ScoreTable:
    """Read what `keep_scores` wrote, all tasks unless some are named; raise ItemsDamaged where it is no more."""
    try:
        with files.open(sha256) as stream:
            frame = pyarrow.parquet.ParquetFile(stream).read(use_threads=False).to_pandas()
    except (OSError, ValueError, pa.ArrowException) as problem:
        raise ItemsDamaged(f"The item scores {sha256[:12]} cannot be read: {problem}") from problem
    chosen = frame if tasks is None else frame[frame["task"].isin(tasks)]
    return ScoreTable.from_frame(chosen, source="the item scores")


def _joined(pieces: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(0, np.int64), *pieces])


def _texts(names: Sequence[str], codes: NDArray[np.int64]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(names, pa.string())).cast(pa.string())


def _frame(layout: Layout, references: Sequence[str], results: Mapping[str, ItemScores]) -> pd.DataFrame:
    rows, copies = len(layout[0]), len(references)
    named = dict(zip(COLUMNS, layout, strict=False))
    return pd.DataFrame(
        {
            "entrant": np.repeat(np.array(references, dtype=object), rows),
            **{name: np.tile(np.array(cells, dtype=object), copies) for name, cells in named.items()},
            "value": np.concatenate([results[one].values for one in references]),
        }
    )
