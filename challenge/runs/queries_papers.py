"""Reads what is kept beside a result: the log, what the model said, and what running it took."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import pyarrow.parquet
from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls.suites import TaskSummary
from challenge.runs.records_papers import PaperRelease, RunEvent, RunPaper, RunUsage

A_PAGE = 25
MOST_SHOWN, LEADING = 5, 3
"""So many numbers of an item are shown at once; of more, so many of the highest, and all of them unfolded."""
NO_NUMBER = "not a number"
RIGHT_OR_WRONG = frozenset({"accuracy", "exact_match"})
"""Metrics by which an item is either right or wrong."""


@dataclass(frozen=True)
class Said:
    """What a model said to one item of the public part."""

    task: str
    item: str
    prompt: str
    choices: tuple[tuple[str, str, bool], ...]
    """Each choice with its log-probability as a text, and whether it is the answer."""
    texts: tuple[str, ...]
    numbers: tuple[tuple[str, str, bool], ...]
    """Of a model of numbers or images: each class with its number as a text, and whether it is the highest.

    A lone number stands for no class, so its name is empty.
    """
    verdict: str
    """`right`, `wrong`, or the item's value where it can be in between."""

    @property
    def leading(self) -> tuple[tuple[str, str, bool], ...]:
        """The numbers that are shown at once: all of few, the highest of many, from the highest down."""
        if not self.is_folded:
            return self.numbers
        return tuple(sorted(self.numbers, key=lambda one: _worth(one[1]), reverse=True)[:LEADING])

    @property
    def is_folded(self) -> bool:
        """Whether there are more numbers than are shown at once."""
        return len(self.numbers) > MOST_SHOWN


def _worth(number: str) -> float:
    return float("-inf") if number == NO_NUMBER else float(number)


def events_of(session: Session, run_id: int) -> list[RunEvent]:
    """Return the log of a run, oldest first."""
    return list(session.scalars(select(RunEvent).where(RunEvent.run_id == run_id).order_by(RunEvent.id)))


def usage_of(session: Session, run_id: int) -> RunUsage | None:
    """Return what running a model took; None where none was run, or nothing was told."""
    return session.get(RunUsage, run_id)


def papers_of(session: Session, run_id: int) -> dict[str, RunPaper]:
    """Return the files that are kept beside a result, by name."""
    return {paper.name: paper for paper in session.scalars(select(RunPaper).where(RunPaper.run_id == run_id))}


def release_of(session: Session, run_id: int) -> PaperRelease | None:
    """Return whether and why the withheld files were released."""
    return session.get(PaperRelease, run_id)


def model_words(facts: BinaryIO) -> str:
    """Say what a model is, from its model.json: architecture, parameters, number formats; empty where it does not say.

    The digest is the one that the report names.
    """
    with facts:
        found = json.loads(facts.read())
    try:
        name = str(found["architecture"] or found["model_type"] or found["format"])
        formats = " and ".join(str(one) for one in found["dtypes"])
        return f"{name}, {int(found['parameters']):,} parameters as {formats}, digest {str(found['digest'])[:16]}…"
    except (KeyError, TypeError, ValueError):
        return ""


def said_page(outputs: BinaryIO, items: BinaryIO, tasks: list[TaskSummary], *, page: int) -> tuple[list[Said], int]:
    """Return one page, counted from 1, of what a model said to the public items, and how many items there are.

    `outputs` is the file outputs.public.jsonl, `items` the report's item rows.
    """
    with outputs:
        total = sum(1 for _ in outputs)
        outputs.seek(0)
        lines = list(islice(outputs, (page - 1) * A_PAGE, page * A_PAGE))
    found = [json.loads(line) for line in lines]
    values = _values(items, {(one["task"], one["item"]) for one in found})
    known = {task.name: task for task in tasks}
    return [_said(one, known.get(one["task"]), values.get((one["task"], one["item"]))) for one in found], total


def _said(one: dict[str, object], task: TaskSummary | None, value: int | None) -> Said:
    choices, numbers = _listed(one.get("choices")), _listed(one.get("logprobs"))
    best = -1  # of equal ones the first counts, as where it is scored
    if len(numbers) > 1 and None not in numbers:
        best = numbers.index(max(numbers, key=lambda number: float(str(number))))
    if not choices and len(numbers) == 1:
        choices = ["the whole text"]
    return Said(
        task=task.title if task else str(one["task"]),
        item=str(one["item"]),
        prompt=str(one["prompt"]),
        choices=tuple(
            (str(choice), _shown(number), place == best)
            for place, (choice, number) in enumerate(zip(choices, numbers, strict=False))
        ),
        texts=tuple(str(text) for text in _listed(one.get("texts"))),
        numbers=_numbers(one),
        verdict=_verdict(task, value),
    )


def _numbers(one: dict[str, object]) -> tuple[tuple[str, str, bool], ...]:
    numbers, labels = _listed(one.get("numbers")), _listed(one.get("labels"))
    if len(numbers) == 1:
        [number] = numbers
        return (("", NO_NUMBER if number is None else f"{float(str(number)):.6g}", False),)
    if len(labels) != len(numbers):
        labels = [f"output {place}" for place in range(1, len(numbers) + 1)]
    best = -1  # of equal ones the first counts, as where it is scored
    if numbers and None not in numbers:
        best = numbers.index(max(numbers, key=lambda number: float(str(number))))
    return tuple(
        (str(label), _shown(number), place == best)
        for place, (label, number) in enumerate(zip(labels, numbers, strict=True))
    )


def _shown(number: object) -> str:
    return NO_NUMBER if number is None else f"{number:.3f}"


def _listed(found: object) -> list[object]:
    return list(found) if isinstance(found, list) else []


def _verdict(task: TaskSummary | None, value: int | None) -> str:
    if task is None or value is None:
        return ""
    if task.metric in RIGHT_OR_WRONG and value in {0, task.unit}:
        return "right" if value else "wrong"
    return f"{value / task.unit:.4f}"


def _values(items: BinaryIO, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {(task, item): value for task, item, value in _rows(items) if (task, item) in wanted}


def _rows(items: BinaryIO) -> Iterator[tuple[str, str, int]]:
    with items:
        columns = ["task", "item", "value"]
        for batch in pyarrow.parquet.ParquetFile(items).iter_batches(10_000, columns=columns):
            yield from zip(*(batch.column(name).to_pylist() for name in columns), strict=True)
