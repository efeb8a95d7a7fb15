"""A suite that an endpoint is asked, and an endpoint that knows the answers, as it should or not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evaluation import Suite, load_suite
from evaluation.endpoints import Budget, Endpoint, Route
from evaluation.remote import RemoteEntry
from tests.evaluation.endpoints.serving import Call, Served, chat, scored

ITEMS = 20
TEXT = {
    "name": "parity", "title": "Parity", "kind": "classification", "metric": "accuracy", "floor": 0.5, "ceiling": 1,
    "labels": ["even", "odd"], "ask": {"by": "text", "prompt": "Is {{ n }} odd or even?", "stop": ["\n"], "tokens": 4},
}  # fmt: skip
CHOICES = {**TEXT, "name": "chosen", "ask": {"by": "choices", "prompt": "{{ n }} is", "choices": [" even", " odd"]}}


def suite_of(folder: Path, *tasks: dict[str, Any], labels: Callable[[int], str] | None = None) -> Suite:
    """Write and load a suite of numbers that are even or odd."""
    labels = labels or label
    for name in ("items", "inputs"):
        (folder / name).mkdir(parents=True)
    manifest = {"name": "own", "version": "1", "title": "Own", "split": {"seed": 1, "public_share": 0.5}}
    (folder / "suite.yaml").write_text(json.dumps({**manifest, "tasks": list(tasks)}))
    for task in tasks:
        rows = [f"n{n},{labels(n)}\n" for n in range(ITEMS)]
        (folder / f"items/{task['name']}.csv").write_text("item,label\n" + "".join(rows))
        inputs = [json.dumps({"item": f"n{n}", "n": n}) + "\n" for n in range(ITEMS)]
        (folder / f"inputs/{task['name']}.jsonl").write_text("".join(inputs))
    return load_suite(folder)


def label(number: int) -> str:
    """Say whether a number is even or odd."""
    return ("even", "odd")[number % 2]


def number_in(call: Call) -> int:
    """Take the number out of a prompt."""
    return next(int(word) for word in call.seen.prompt.split() if word.isdigit())


def knows(call: Call) -> None:
    """Answer rightly, in a chat or with log-probabilities; those of the choices follow their lengths."""
    if call.seen.data.get("echo"):
        call.handler.reply(scored(call.seen))
    else:
        call.handler.reply(chat(f"{label(number_in(call)).title()}.\nIt is."))


def entry_of(server: Served, *, route: Route = Route.CHAT, **more: Any) -> RemoteEntry:
    """Make the entry that a server is."""
    found = server.endpoint
    budget = more.pop("budget", Budget(requests=1_000, tokens=100_000, seconds=600))
    return RemoteEntry(endpoint=Endpoint(found.url, found.model, found.key, route=route), budget=budget, **more)
