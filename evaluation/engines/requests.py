"""What a model is asked: the suite's templates filled for every item, and nothing of what is right."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.suites import Suite, SuiteError
from evaluation.suites.suite import Field
from evaluation.suites.templates import filled
from evaluation.tasks import Ask, By, Part, Task


@dataclass(frozen=True, kw_only=True)
class Request:
    """One item as it is asked."""

    item: str
    prompt: str
    choices: tuple[str, ...] = ()
    features: tuple[int | float, ...] = ()
    """The numbers of a row; the prompt then only shows them to people."""
    image: str = ""
    """A PNG file in base64; the prompt then only says that it is one."""

    def line(self) -> str:
        """Write it as a line of JSON for an engine."""
        data: dict[str, object] = {"item": self.item}
        if self.features:
            data["features"] = list(self.features)
        elif self.image:
            data["image"] = self.image
        else:
            data["prompt"] = self.prompt
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
    def form(self) -> dict[str, Any]:
        """What a model of numbers or images must fit; empty for a model of language, which gets a text."""
        if self.ask.by not in {By.FEATURES, By.IMAGE}:
            return {}
        fits = {"kind": self.task.kind.value, "labels": list(self.task.labels)}
        if self.ask.by is By.FEATURES:
            return {**fits, "features": list(self.ask.features)}
        return {**fits, "size": list(self.ask.size), "channels": self.ask.channels}

    @property
    def digest(self) -> str:
        """SHA-256 of what is asked, and of how."""
        ask: dict[str, Any] = {
            "by": self.ask.by,
            "stop": self.ask.stop,
            "tokens": self.ask.tokens,
            "samples": self.task.samples,
        }
        ask |= self.form
        return hashlib.sha256(json.dumps(ask, sort_keys=True).encode() + b"\n" + self.content()).hexdigest()


def batches_of(suite: Suite, *, parts: Iterable[Part]) -> tuple[Batch, ...]:
    """Put every task of a suite into requests; raises SuiteError where a task says not how a model is asked.

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
    return tuple(_request(ask, item, inputs[item]) for item in items)


def _request(ask: Ask, item: str, fields: Mapping[str, Field]) -> Request:
    if ask.by is By.FEATURES:
        numbers = {name: value for name in ask.features if isinstance(value := fields[name], int | float)}
        shown = "\n".join(f"{name}: {value}" for name, value in numbers.items())
        return Request(item=item, prompt=shown, features=tuple(numbers.values()))
    if ask.by is By.IMAGE:
        height, width = ask.size
        return Request(item=item, prompt=f"[image of {height} x {width} pixels]", image=str(fields[ask.image]))
    return Request(
        item=item,
        prompt=filled(ask.prompt, fields),
        choices=tuple(filled(choice, fields) for choice in ask.choices),
    )
