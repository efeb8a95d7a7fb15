"""A score table holds one integer per entrant, task and item, checked whole before anything is computed from it."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leaderboards.checks import Checked, check_frame
from leaderboards.fields import Fields
from leaderboards.refusals import ScoreError
from leaderboards.tables import FIRST_ROW, read_table

_TEXTS = frozenset({"entrant", "task", "item", "cluster"})


@dataclass(frozen=True)
class Unranked:
    """An entrant without a rank, and the reason as a clause for people."""

    entrant: str
    reason: str


@dataclass(frozen=True, eq=False)
class TaskScores:
    """All values of one task: rows follow the table's entrants, columns the items in order of name.

    values: int32 (entrants, items), 0 where absent; present: bool of the same shape;
    clusters: the cluster's name per item.
    """

    task: str
    items: tuple[str, ...]
    clusters: tuple[str, ...]
    values: NDArray[np.int32]
    present: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """A checked table of scores, sorted by name throughout, so that the order of its rows leaves no trace."""

    entrants: tuple[str, ...]
    tasks: tuple[TaskScores, ...]
    status: tuple[Unranked, ...] = field(default=())

    @classmethod
    def from_frame(
        cls, frame: pd.DataFrame, *, source: str = "the table", tasks: Collection[str] | None = None
    ) -> Self:
        """Check a frame with the columns entrant, task, item, value and, if wished, cluster.

        `source` names the table in errors, `tasks` the tasks that may occur. Raises ScoreError with row and column;
        row 2 is the first row of data.
        """
        checked = check_frame(frame, source=source, tasks=tasks)
        blocks = tuple(_block(checked, number) for number in range(len(checked.tasks)))
        return cls(tuple(checked.entrants), blocks)

    def task(self, name: str) -> TaskScores | None:
        """Find a task's values, or None where no entrant has any."""
        return next((block for block in self.tasks if block.task == name), None)

    def with_status(self, status: Collection[Unranked]) -> Self:
        """Return the table with entrants that are to stay unranked; raise ScoreError if one is named twice."""
        names = [one.entrant for one in status]
        for name in names:
            if names.count(name) > 1:
                raise ScoreError(f"the status table names {name!r} twice; keep one reason.")
        return replace(self, status=tuple(sorted(status, key=lambda one: one.entrant)))

    def without(self, entrants: Collection[str]) -> Self:
        """Return the table as if these entrants had never entered; items that only they answered are gone too."""
        if not set(entrants).intersection(self.entrants):
            return self
        stay = np.flatnonzero(np.array([entrant not in entrants for entrant in self.entrants], dtype=bool))
        blocks = []
        for block in self.tasks:
            asked = np.flatnonzero(block.present[stay].any(axis=0))
            if len(asked):
                kept = np.ix_(stay, asked)
                items, clusters = (tuple(names[n] for n in asked.tolist()) for names in (block.items, block.clusters))
                blocks.append(TaskScores(block.task, items, clusters, block.values[kept], block.present[kept]))
        return replace(self, entrants=tuple(self.entrants[row] for row in stay.tolist()), tasks=tuple(blocks))

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types: per task the items, their clusters, and each entrant's values, null where absent."""
        return {
            "tasks": [
                {
                    "task": block.task,
                    "items": list(block.items),
                    "clusters": list(block.clusters),
                    "values": {
                        entrant: [value if there else None for value, there in zip(*row, strict=True)]
                        for entrant, row in zip(self.entrants, _lists(block), strict=True)
                        if any(row[1])
                    },
                }
                for block in self.tasks
            ],
            "status": [{"entrant": one.entrant, "reason": one.reason} for one in self.status],
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned, checking it like any other table; raise ScoreError."""
        fields = Fields(given, path="scores", error=ScoreError)
        rows: list[tuple[str, str, str, str, object]] = []
        for one in fields.records("tasks"):
            task, items, clusters, values = (
                one.text("task"),
                one.texts("items"),
                one.texts("clusters"),
                one.record("values"),
            )
            one.close()
            for entrant in values.names_left():
                line = values.items(entrant)
                if not len(items) == len(clusters) == len(line):
                    raise ScoreError(f"{values.at(entrant)} must have one value for each of the {len(items)} items.")
                told = zip(items, clusters, line, strict=True)
                rows += [(entrant, task, item, cluster, value) for item, cluster, value in told if value is not None]
        status = []
        for one in fields.records("status"):
            status.append(Unranked(one.text("entrant"), one.text("reason")))
            one.close()
        fields.close()
        frame = pd.DataFrame(rows, columns=["entrant", "task", "item", "cluster", "value"], dtype=object)
        return cls.from_frame(frame, source="scores").with_status(status)

    def rows(self) -> Iterator[str]:
        """Spell every row as the JSON list [entrant, task, item, cluster, value], in order of the names."""
        spelled = [
            [f"{json.dumps(block.task)},{json.dumps(item)},{json.dumps(cluster)}," for item, cluster in pairs]
            for block in self.tasks
            for pairs in [zip(block.items, block.clusters, strict=True)]
        ]
        for row, entrant in enumerate(self.entrants):
            opening = f"[{json.dumps(entrant)},"
            for block, middles in zip(self.tasks, spelled, strict=True):
                values, present = block.values[row].tolist(), block.present[row].tolist()
                for middle, value, there in zip(middles, values, present, strict=True):
                    if there:
                        yield f"{opening}{middle}{value}]\n"

    def digest(self) -> str:
        """Compute the SHA-256 of the rows, then of the status rows [entrant, reason], each on a line of its own."""
        state = hashlib.sha256("".join(self.rows()).encode("ascii"))
        for one in self.status:
            state.update(f"[{json.dumps(one.entrant)},{json.dumps(one.reason)}]\n".encode("ascii"))
        return state.hexdigest()


def read_scores(path: Path | str, *, tasks: Collection[str] | None = None) -> ScoreTable:
    """Read a score table from CSV or Parquet; raise ScoreError naming file, row and column, or OSError."""
    frame = read_table(path, text_columns=_TEXTS)
    return ScoreTable.from_frame(frame, source=Path(path).name, tasks=tasks)


def read_status(path: Path | str) -> tuple[Unranked, ...]:
    """Read a table with the columns entrant and reason; raise ScoreError naming file and row, or OSError."""
    name = Path(path).name
    frame = read_table(path, text_columns=frozenset({"entrant", "reason"}))
    if sorted(frame.columns) != ["entrant", "reason"]:
        raise ScoreError(f"{name}: the columns must be entrant,reason, not {','.join(map(str, frame.columns))}.")
    status: dict[str, Unranked] = {}
    pairs = zip(frame["entrant"].tolist(), frame["reason"].tolist(), strict=True)
    for row, (entrant, reason) in enumerate(pairs, start=FIRST_ROW):
        for column, cell in (("entrant", entrant), ("reason", reason)):
            if not isinstance(cell, str) or not cell.strip():
                raise ScoreError(f"{name}, row {row}, column {column}: empty; write the {column}.")
        if entrant in status:
            raise ScoreError(f"{name}, row {row}, column entrant: {entrant!r} has a reason already; keep one.")
        status[entrant] = Unranked(entrant, reason)
    return tuple(status.values())


def _lists(block: TaskScores) -> Iterator[tuple[list[int], list[bool]]]:
    return zip(block.values.tolist(), block.present.tolist(), strict=True)


def _block(checked: Checked, number: int) -> TaskScores:
    mine = np.flatnonzero(checked.task_of == number)
    used, column = np.unique(checked.item_of[mine], return_inverse=True)
    shape = (len(checked.entrants), len(used))
    values, present = np.zeros(shape, np.int32), np.zeros(shape, np.bool_)
    values[checked.entrant_of[mine], column] = checked.value[mine]
    present[checked.entrant_of[mine], column] = True
    cluster = np.zeros(len(used), np.int64)
    cluster[column] = checked.cluster_of[mine]
    return TaskScores(
        task=checked.tasks[number],
        items=tuple(checked.items[code] for code in used.tolist()),
        clusters=tuple(checked.clusters[code] for code in cluster.tolist()),
        values=values,
        present=present,
    )
