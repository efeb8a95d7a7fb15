"""A frame of scores is checked column by column; the first thing wrong is named with its row and column."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leaderboards.refusals import ScoreError
from leaderboards.tables import FIRST_ROW

NEEDED = ("entrant", "task", "item", "value")
ALLOWED = ("entrant", "task", "item", "cluster", "value")
LIMIT = 1_000_000_000  # fits int32, and keeps sums of squares exact in float64 at every size we serve
_INTEGER = re.compile(r"-?[0-9]{1,10}")
_CELL = (str, int, float, np.number)
_TRUTH = (bool, np.bool_)
_HOW = "write digits only, in the task's unit"
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Checked:
    """A frame as codes: each code is the place of a name in its sorted list of names."""

    entrants: list[str]
    tasks: list[str]
    items: list[str]
    clusters: list[str]
    entrant_of: Codes
    task_of: Codes
    item_of: Codes
    cluster_of: Codes
    value: Codes


def check_frame(frame: pd.DataFrame, *, source: str, tasks: Collection[str] | None) -> Checked:
    """Turn a frame into codes and int64 values; raise ScoreError for whatever cannot be ranked honestly."""
    _columns(frame, source)
    entrants, entrant_of = _names(frame, "entrant", source)
    named, task_of = _names(frame, "task", source)
    items, item_of = _names(frame, "item", source)
    if tasks is not None:
        unknown = np.array([name not in tasks for name in named], dtype=bool)
        if unknown.any():
            row = int(np.flatnonzero(unknown[task_of])[0])
            raise _error(
                source,
                row,
                "task",
                f"the policy knows no task {named[task_of[row]]!r}; mend the name or add the task to the policy",
            )
    value = _values(frame["value"], source)
    _no_duplicates(frame, source, entrant_of, task_of * len(items) + item_of)
    clusters, cluster_of = _clusters(frame, source, items, item_of)
    _one_cluster_per_item(source, task_of * len(items) + item_of, clusters, cluster_of)
    return Checked(entrants, named, items, clusters, entrant_of, task_of, item_of, cluster_of, value)


def _columns(frame: pd.DataFrame, source: str) -> None:
    for name in NEEDED:
        if name not in frame.columns:
            raise ScoreError(
                f"{source}: the column {name!r} is missing; the columns are {', '.join(ALLOWED)} "
                "(cluster may be left out)."
            )
    for name in frame.columns:
        if name not in ALLOWED:
            raise ScoreError(f"{source}: the column {str(name)!r} is not known; the columns are {', '.join(ALLOWED)}.")
    if not frame.columns.is_unique:
        raise ScoreError(f"{source}: a column occurs twice; keep one of them.")


def _names(frame: pd.DataFrame, column: str, source: str) -> tuple[list[str], Codes]:
    given = frame[column]
    if pd.api.types.is_integer_dtype(given.dtype) and not given.isna().any():
        given = given.astype(str)  # numbered items are as good as named ones
    if not isinstance(given.dtype, pd.StringDtype):  # such a column holds nothing but text and gaps
        gap = given.isna()
        odd = next((row for row, cell in enumerate(given) if not isinstance(cell, str) and not gap.iloc[row]), None)
        if odd is not None:
            raise _error(source, odd, column, f"{_shown(given.iloc[odd])} is not a name; write it as text")
    codes, uniques = pd.factorize(given.to_numpy(dtype=object))
    empty = [n for n, name in enumerate(uniques) if isinstance(name, str) and not name.strip()]
    wrong = (codes < 0) | np.isin(codes, empty)
    if wrong.any():
        raise _error(source, int(np.flatnonzero(wrong)[0]), column, f"empty; write the {column}'s name")
    # Sorting the names makes every later array independent of the order of rows.
    names = sorted(uniques)
    place = {name: number for number, name in enumerate(names)}
    order = np.array([place[name] for name in uniques], dtype=np.int64)
    return names, order[codes] if names else np.zeros(0, np.int64)


def _values(column: "pd.Series[int]", source: str) -> Codes:
    missing = column.isna().to_numpy(dtype=bool)
    if missing.any():
        raise _error(
            source,
            int(np.flatnonzero(missing)[0]),
            "value",
            "missing (NaN); leave the row out or give the entrant a reason in the status table",
        )
    if pd.api.types.is_integer_dtype(column.dtype):
        numbers = column.to_numpy(dtype=object) if column.dtype.kind == "u" else column.to_numpy(dtype=np.int64)
        beyond = np.flatnonzero((numbers > LIMIT) | (numbers < -LIMIT))
        if len(beyond):
            raise _beyond(source, int(beyond[0]), numbers[beyond[0]])
        return numbers.astype(np.int64)
    cells: list[object] = list(column)
    # Looked for by themselves: True equals 1 and would be taken for it, and a list cannot be looked up at all.
    odd = next((row for row, cell in enumerate(cells) if isinstance(cell, _TRUTH) or not isinstance(cell, _CELL)), None)
    if odd is not None:
        raise _error(source, odd, "value", f"{_shown(cells[odd])} is not an integer; {_HOW}")
    codes, uniques = pd.factorize(np.array(cells, dtype=object))
    parsed = np.zeros(len(uniques), np.int64)
    problems: dict[int, str] = {}
    for code, found in enumerate(uniques):
        number, problem = _integer(found)
        if problem:
            problems[code] = problem
        else:
            parsed[code] = number
    if problems:
        row = int(np.flatnonzero(np.isin(codes, list(problems)))[0])
        raise _error(source, row, "value", problems[int(codes[row])])
    return parsed[codes] if len(uniques) else parsed


def _integer(found: object) -> tuple[int, str]:
    """Read one value; the second of the pair is what is wrong with it, or nothing."""
    if isinstance(found, float | np.floating):
        if not np.isfinite(found):
            return 0, f"{found} is infinite; only finite scores are ranked"
        if found != int(found):
            return 0, f"{float(found)!r} is not an integer; multiply scores by the task's unit and round"
        number = int(found)
    elif isinstance(found, int | np.integer) or (isinstance(found, str) and _INTEGER.fullmatch(found)):
        number = int(found)
    else:
        return 0, f"{_shown(found)} is not an integer; {_HOW}"
    if abs(number) > LIMIT:
        return 0, f"{number} lies beyond ±{LIMIT}; choose a smaller unit"
    return number, ""


def _shown(cell: object) -> str:
    return repr(cell[:40]) if isinstance(cell, str) else f"{cell}"[:40]


def _beyond(source: str, row: int, number: int) -> ScoreError:
    return _error(source, row, "value", f"{number} lies beyond ±{LIMIT}; choose a smaller unit")


def _no_duplicates(frame: pd.DataFrame, source: str, entrant_of: Codes, item_key: Codes) -> None:
    key = pd.Series(entrant_of) * (int(item_key.max()) + 1 if len(item_key) else 1) + item_key
    again = np.flatnonzero(key.duplicated().to_numpy())
    if len(again):
        row = int(again[0])
        first = int(np.flatnonzero(key.to_numpy() == key.iloc[row])[0]) + FIRST_ROW
        here = frame.iloc[row]
        raise _error(
            source,
            row,
            "item",
            f"entrant {here['entrant']!r}, task {here['task']!r}, item {here['item']!r} "
            f"stands in row {first} already; keep one value",
        )


def _clusters(frame: pd.DataFrame, source: str, items: list[str], item_of: Codes) -> tuple[list[str], Codes]:
    if "cluster" not in frame.columns:
        return items, item_of
    own = frame["cluster"].isna() | (frame["cluster"] == "")
    named = frame["cluster"].astype(object).where(~own, pd.Series(np.array(items, object)[item_of], frame.index))
    return _names(named.to_frame("cluster"), "cluster", source)


def _one_cluster_per_item(source: str, item_key: Codes, clusters: list[str], cluster_of: Codes) -> None:
    if not len(item_key):
        return
    first_row = pd.Series(np.arange(len(item_key))).groupby(item_key).transform("first").to_numpy()
    differs = np.flatnonzero(cluster_of != cluster_of[first_row])
    if len(differs):
        row = int(differs[0])
        other = int(first_row[row])
        raise _error(
            source,
            row,
            "cluster",
            f"{clusters[cluster_of[row]]!r}, but row {other + FIRST_ROW} puts the same item in "
            f"{clusters[cluster_of[other]]!r}; an item has one cluster for all entrants",
        )


def _error(source: str, row: int, column: str, what: str) -> ScoreError:
    return ScoreError(f"{source}, row {row + FIRST_ROW}, column {column}: {what}.")
