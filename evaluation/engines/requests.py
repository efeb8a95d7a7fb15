"""What a model is asked: the suite's templates filled for every item, and nothing of what is right."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from evaluation.suites import Suite, SuiteError
from evaluation.suites.templates import filled
from evaluation.tasks import Ask, Part, Task


@dataclass(frozen=True, kw_only=True)
class Request:
    """One item as it is asked."""

    item: str
    prompt: str
    choices: tuple[str, ...] = ()

    def line(self) -> str:
        """Write it as a line of JSON for an engine."""
        data: dict[str, object] = {"item": self.item, "prompt": self.prompt}
        if self.choices:
            data["choices"] = list(self.choices)
        return json.dumps(data, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The requests of one part of a task, in the order of the suite's items."""

    task: Task
    part: Part
    ask: Ask
    requests: tuple[Request, ...]

    @property
    def name(self) -> str:
        """Name the batch's files."""
        return f"{self.task.name}.{self.part.value}"

    def content(self) -> bytes:
        """Write all requests as an engine reads them."""
        return "".join(f"{request.line()}\n" for request in self.requests).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of what is asked, and of how."""
        ask = {"by": self.ask.by, "stop": self.ask.stop, "tokens": self.ask.tokens, "samples": self.task.samples}
        return hashlib.sha256(json.dumps(ask, sort_keys=True).encode() + b"\n" + self.content()).hexdigest()


def batches_of(suite: Suite, *, parts: Iterable[Part]) -> tuple[Batch, ...]:
    """Fill the templates of every task of a suite; raises SuiteError where a task says not how a model is asked.

    The public part comes first, so that what a team may see is known before the rest.
    """
    found = []
    wanted = set(parts)
    for part in (part for part in Part if part in wanted):
        for task in suite.tasks:
            if task.ask is None:
                raise SuiteError(f"suite.yaml: task {task.name}: has no `ask`, so no model can be run on it")
            requests = _requests(suite, task, task.ask, part)
            if requests:
                found.append(Batch(task=task, part=part, ask=task.ask, requests=requests))
    return tuple(found)


def _requests(suite: Suite, task: Task, ask: Ask, part: Part) -> tuple[Request, ...]:
    truth, inputs = suite.truths[task.name], suite.inputs[task.name]
    items = [item for item, own in zip(truth.items, truth.parts, strict=True) if own is part]
    missing = [item for item in items if item not in inputs]
    if missing:
        raise SuiteError(f"{task.name}: this is a starter suite, which does not say what its {part.value} items ask")
    return tuple(
        Request(
            item=item,
            prompt=filled(ask.prompt, inputs[item]),
            choices=tuple(filled(choice, inputs[item]) for choice in ask.choices),
        )
        for item in items
    )
