"""Reading predictions with pandas, Arrow or polars alone: the same job, to which any of them could be put in an hour.

Each reads the file, finds the item of every row, sees that no item is missing, doubled or unknown and that every
prediction is a probability, and puts the probabilities in the order of the items, as floats. They say nothing of a file
that is wrong but that it is. polars takes part where it is installed; the platform has no use for it.
"""

import importlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.json as arrow_json
import pyarrow.parquet as pq

Read = Callable[[], object]


def polars() -> ModuleType | None:
    """Return the library, or nothing where it is not installed."""
    try:
        return importlib.import_module("polars")
    except ImportError:
        return None


def plain_readers(file: Path) -> dict[str, Read]:
    """Return what reads a file of that format and does nothing more, by the library's name."""
    found: dict[str, dict[str, Callable[[Path], object]]] = {
        ".csv": {"pandas": pd.read_csv, "pyarrow": arrow_csv.read_csv},
        ".jsonl": {"pandas": partial(pd.read_json, lines=True), "pyarrow": arrow_json.read_json},
        ".parquet": {"pandas": pd.read_parquet, "pyarrow": pq.read_table},
    }
    readers = found[file.suffix]
    if third := polars():
        readers["polars"] = {
            ".csv": third.read_csv,
            ".jsonl": third.read_ndjson,
            ".parquet": third.read_parquet,
        }[file.suffix]
    return {name: partial(reader, file) for name, reader in readers.items()}


def checking_readers(file: Path, task: str, names: pa.Array) -> dict[str, Read]:
    """Return what reads a file and does the whole job, by the library's name."""
    checks = {"pandas": with_pandas, "pyarrow": with_arrow, "polars": with_polars}
    return {name: partial(checks[name], read, task, names) for name, read in plain_readers(file).items()}


def with_pandas(read: Callable[[], pd.DataFrame], task: str, names: pa.Array) -> np.ndarray:
    """Do the job with pandas."""
    frame = read()
    places = pd.Index(names.to_pandas()).get_indexer(pd.Index(frame["item"]))
    given = frame["prediction"].to_numpy()
    if not (frame["task"] == task).all():
        raise ValueError("an unknown task")
    return placed(places, given, len(names))


def with_arrow(read: Callable[[], pa.Table], task: str, names: pa.Array) -> np.ndarray:
    """Do the job with Arrow."""
    table = read()
    places = pc.index_in(table["item"], value_set=names)
    if places.null_count or not pc.all(pc.equal(table["task"], task)).as_py():
        raise ValueError("an unknown item or task")
    return placed(places.to_numpy(), table["prediction"].to_numpy(), len(names))


def with_polars(read: Read, task: str, names: pa.Array) -> np.ndarray:
    """Do the job with polars."""
    library = polars()
    frame = read()
    suite = library.DataFrame({"item": library.from_arrow(names)}).with_row_index("place")
    joined = frame.join(suite, on="item", how="left")
    if joined["place"].null_count() or not (joined["task"] == task).all():
        raise ValueError("an unknown item or task")
    return placed(joined["place"].to_numpy().astype(np.int64), joined["prediction"].to_numpy(), len(names))


def placed(places: np.ndarray, given: np.ndarray, count: int) -> np.ndarray:
    """Put probabilities where they belong; raises ValueError where something is wrong."""
    if (places < 0).any() or (np.bincount(places, minlength=count) != 1).any():
        raise ValueError("an item is missing, doubled or unknown")
    if not ((given >= 0) & (given <= 1)).all():
        raise ValueError("no probability")
    answers = np.empty(count)
    answers[places] = given
    return answers
