"""Items of the public part as the schema's samples: what was asked, what is right, and whether an entry got it right.

Everything is taken from the starter, in which no hidden item has an answer, so that none can be told from here. The
schema asks whether an answer was right, so only tasks whose metric says that of every item have samples; and it asks
for the text that was put, which only suites hold that are put to models. What an entry answered is not given.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.engines.requests import Request, batches_of
from evaluation.every_eval_ever.log import SCHEMA_VERSION, Log
from evaluation.metrics import METRICS, Scale
from evaluation.suites import Suite
from evaluation.tasks import Answer, By, Kind, Part, Task, written

WITHHELD = "not handed out"
Values = Mapping[str, Mapping[str, int]]
"""What an entry got for each item, by task and item, in the task's units."""


@dataclass(frozen=True)
class Sample:
    """One public item of a task."""

    task: str
    item: str
    asked: str
    choices: tuple[str, ...]
    right: tuple[str, ...]
    """The answers that are right."""
    unit: int
    """How much an item counts that is answered right."""

    @property
    def digest(self) -> str:
        """SHA-256 of what is asked and what is right."""
        return hashlib.sha256((self.asked + "".join(self.right)).encode()).hexdigest()


@dataclass(frozen=True)
class Samples:
    """The public items of a suite, in the order of its tasks and items."""

    samples: tuple[Sample, ...]

    def lines(self, log: Log, values: Values, *, named: Mapping[str, str]) -> str:
        """Write how an entry did, a line of JSON for each item; `named` gives the name of each task's result.

        Items for which it has no value, and tasks that are not named, are left out.
        """
        return "".join(
            json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in self._rows(log, values, named)
        )

    def _rows(self, log: Log, values: Values, named: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        for one in self.samples:
            value = values.get(one.task, {}).get(one.item)
            if value is None or one.task not in named:
                continue
            yield {
                "schema_version": SCHEMA_VERSION,
                "evaluation_id": log.id,
                "model_id": log.model.id,
                "evaluation_name": named[one.task],
                "evaluation_result_id": log.result_id(named[one.task]),
                "sample_id": one.item,
                "sample_hash": one.digest,
                "interaction_type": "single_turn",
                "input": {
                    "raw": one.asked,
                    "reference": list(one.right),
                    **({"choices": list(one.choices)} if one.choices else {}),
                },
                "output": {"raw": []},
                "answer_attribution": [],
                "evaluation": {"score": value / one.unit, "is_correct": value == one.unit},
                "metadata": {"output": WITHHELD},
            }


def samples_of(starter: Suite) -> Samples:
    """Take the samples from a suite's starter: those of the public part, of tasks whose items are right or wrong.

    Images are no texts, so tasks that ask by them have none. A suite of predictions has none at all.
    """
    if any(task.ask is None for task in starter.tasks):
        return Samples(())
    found: list[Sample] = []
    for batch in batches_of(starter, parts=[Part.PUBLIC]):
        task, truth = batch.task, starter.truths[batch.task.name]
        metric = METRICS[task.metric]
        right_or_wrong = metric.scale is Scale.PROPORTION and metric.is_mean and task.samples == 1
        if not right_or_wrong or batch.ask.by is By.IMAGE:
            continue
        labels = dict(zip(truth.items, truth.labels, strict=True))
        found += [_sample(task, request, labels[request.item]) for request in batch.requests]
    return Samples(tuple(found))


def reference(path: str, lines: str) -> dict[str, Any]:
    """Write what a document says of its file of samples."""
    return {
        "format": "jsonl",
        "file_path": path,
        "hash_algorithm": "sha256",
        "checksum": hashlib.sha256(lines.encode()).hexdigest(),
        "total_rows": lines.count("\n"),
    }


def _sample(task: Task, request: Request, label: Answer | None) -> Sample:
    right = () if label is None else tuple(written(label).split("\n")) if task.kind is Kind.TEXT else (written(label),)
    return Sample(task.name, request.item, request.prompt, request.choices, right, task.unit)
