"""A report holds the value of every item and, computed from those, the score of every task and part."""

import hashlib
import json
from dataclasses import dataclass

import pyarrow as pa

from evaluation.numbers import quotient
from evaluation.tasks import Part

ITEM_SCHEMA = pa.schema(
    [
        pa.field("task", pa.string(), nullable=False),
        pa.field("item", pa.string(), nullable=False),
        pa.field("cluster", pa.string(), nullable=False),
        pa.field("part", pa.string(), nullable=False),
        pa.field("value", pa.int64(), nullable=False),
    ]
)


class ReportError(ValueError):
    """A report's files cannot be used; the message names the file and says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class TaskReport:
    """The score of one part of a task: score = sum / (items · unit), with six places, half even."""

    task: str
    part: Part
    metric: str
    items: int
    sum: int
    unit: int

    @property
    def score(self) -> str:
        """Write the score as a decimal text with six places."""
        return quotient(self.sum, self.items * self.unit)


@dataclass(frozen=True)
class Note:
    """Something about a task's part that a reader of its score should know."""

    task: str
    part: Part
    code: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that scoring found: digests of suite and predictions, the engine, scores, notes and item rows."""

    suite: str
    predictions: str
    engine: str
    tasks: tuple[TaskReport, ...]
    notes: tuple[Note, ...]
    items: pa.Table

    def to_json(self) -> str:
        """Write everything but the item rows as canonical JSON; the rows are there by count and digest."""
        found = {
            "engine": self.engine,
            "items": {"count": self.items.num_rows, "digest": rows_digest(self.items)},
            "notes": [
                {"code": note.code, "part": note.part, "sentence": note.sentence, "task": note.task}
                for note in self.notes
            ],
            "predictions": self.predictions,
            "suite": self.suite,
            "tasks": [_task_data(task) for task in self.tasks],
        }
        return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _task_data(task: TaskReport) -> dict[str, object]:
    return {
        "items": task.items,
        "metric": task.metric,
        "part": task.part,
        "score": task.score,
        "sum": task.sum,
        "task": task.task,
        "unit": task.unit,
    }


def rows_digest(items: pa.Table) -> str:
    """Compute the SHA-256 over the item rows, one JSON array a line, whatever file they lie in."""
    digest = hashlib.sha256()
    for batch in items.to_batches(max_chunksize=8_192):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            digest.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return digest.hexdigest()
