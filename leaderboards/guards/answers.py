"""Who answered what: a table of answers beside the key, as small numbers that only equality gives a meaning."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leaderboards.refusals import GuardError
from leaderboards.tables import FIRST_ROW, read_table

NEEDED = ("entrant", "task", "item", "answer", "key")
NO_ANSWER = -1


@dataclass(frozen=True, eq=False)
class Answers:
    """Options int32 (entrants, items), NO_ANSWER where there is none, and the right option of each item (items,).

    An option means something within its item only. Answers that are free text are options too: equal texts, equal
    numbers.
    """

    entrants: tuple[str, ...]
    options: NDArray[np.int32]
    key: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit; raise GuardError."""
        if self.options.shape != (len(self.entrants), len(self.key)):
            raise GuardError(
                f"answers have the shape {self.options.shape}; with {len(self.entrants)} entrants and "
                f"{len(self.key)} items it must be {(len(self.entrants), len(self.key))}."
            )


def read_answers(path: Path | str) -> Answers:
    """Read entrant,task,item,answer,key from CSV or Parquet; an empty answer is none.

    Raises GuardError or ScoreError naming file, row and column, or OSError.
    """
    name = Path(path).name
    return answers_of(read_table(path, text_columns=frozenset(NEEDED)), source=name)


def answers_of(frame: pd.DataFrame, *, source: str = "the table") -> Answers:
    """Check a frame of answers; the order of its rows leaves no trace. Raises GuardError with row and column."""
    if sorted(map(str, frame.columns)) != sorted(NEEDED):
        raise GuardError(f"{source}: the columns must be {','.join(NEEDED)}, not {','.join(map(str, frame.columns))}.")
    texts = {column: _texts(frame, column, source) for column in NEEDED}
    for column in ("entrant", "task", "item", "key"):
        empty = np.flatnonzero(texts[column].str.strip() == "")
        if len(empty):
            raise _error(source, int(empty[0]), column, f"empty; write the {column}")
    entrant_of, entrants = pd.factorize(texts["entrant"], sort=True)
    task_of, _ = pd.factorize(texts["task"], sort=True)
    item_of, items = pd.factorize(texts["item"], sort=True)
    cells, places = np.unique(task_of.astype(np.int64) * max(len(items), 1) + item_of, return_inverse=True)
    doubled = np.flatnonzero(pd.Series(entrant_of.astype(np.int64) * max(len(cells), 1) + places).duplicated())
    if len(doubled):
        raise _error(source, int(doubled[0]), "item", "this entrant has an answer to this item already; keep one")
    words, _ = pd.factorize(pd.concat([texts["answer"], texts["key"]], ignore_index=True))
    answer, right = words[: len(frame)], words[len(frame) :]
    key = np.zeros(len(cells), np.int32)
    key[places] = right
    other = np.flatnonzero(key[places] != right)
    if len(other):
        raise _error(source, int(other[0]), "key", "another row has another key for this item; an item has one")
    options = np.full((len(entrants), len(cells)), NO_ANSWER, np.int32)
    options[entrant_of, places] = np.where((texts["answer"] == "").to_numpy(dtype=bool), NO_ANSWER, answer)
    return Answers(tuple(map(str, entrants)), options, key)


def read_lineage(path: Path | str) -> dict[str, frozenset[str]]:
    """Read entrant,family from CSV or Parquet: what each says it was made from, one row a family.

    Raises GuardError or ScoreError naming file and row, or OSError.
    """
    name = Path(path).name
    frame = read_table(path, text_columns=frozenset({"entrant", "family"}))
    if sorted(map(str, frame.columns)) != ["entrant", "family"]:
        raise GuardError(f"{name}: the columns must be entrant,family, not {','.join(map(str, frame.columns))}.")
    found: dict[str, set[str]] = {}
    pairs = zip(_texts(frame, "entrant", name), _texts(frame, "family", name), strict=True)
    for row, (entrant, family) in enumerate(pairs):
        for column, cell in (("entrant", entrant), ("family", family)):
            if not cell.strip():
                raise _error(name, row, column, f"empty; write the {column}")
        found.setdefault(entrant, set()).add(family)
    return {entrant: frozenset(families) for entrant, families in found.items()}


def _texts(frame: pd.DataFrame, column: str, source: str) -> "pd.Series[str]":
    if pd.api.types.is_float_dtype(frame[column].dtype):  # 1 and 1.0 would be different answers
        raise GuardError(f"{source}: the column {column!r} holds fractions; write its cells as text or whole numbers.")
    return frame[column].astype("str").fillna("")


def _error(source: str, row: int, column: str, what: str) -> GuardError:
    return GuardError(f"{source}, row {row + FIRST_ROW}, column {column}: {what}.")
