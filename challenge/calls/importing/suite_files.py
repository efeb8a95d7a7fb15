"""Writes the beginning of a suite, `suite.yaml`, with marked gaps where a bundle says nothing."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from challenge.calls.importing.drafts import BoardMetric, Template
from challenge.calls.positions import whole

_UNSHOWN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
GAP = "TO BE FILLED IN"
"""What marks a gap, in comments beside an empty value."""


@dataclass
class TaskPlan:
    """A task of a suite while it is read."""

    name: str
    title: str
    by: str
    kind: str
    metric: str = ""
    prompt: str = ""
    choices: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    stop: list[str] = field(default_factory=list)
    tokens: int | None = None
    source: str = ""
    version: str = ""
    templates: list[Template] = field(default_factory=list)
    metrics: list[BoardMetric] = field(default_factory=list)


def quoted(text: str) -> str:
    """Write a text as YAML in double quotes, with everything escaped that would not be shown or not be read again."""
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(whole(text), ensure_ascii=False))


def suite_file(title: str, plans: Sequence[TaskPlan]) -> str:
    """Return `suite.yaml` for some tasks."""
    version = next((plan.version for plan in plans if plan.version), "1")
    lines = [
        f"name: {_name(title, [])}",
        f"version: {quoted(version[:40])}",
        f"title: {quoted(title)}",
        "split:",
        _gap("  seed", "a whole number that is fixed before any score exists, such as 20260901"),
        _gap("  public_share", "the share of items that teams may know, 0 to 1, such as 0.3"),
        "tasks:",
    ]
    taken: list[str] = []
    for plan in plans:
        taken.append(_name(plan.name, taken))
        lines += _task(plan, taken[-1])
    return "\n".join(lines) + "\n"


def _task(plan: TaskPlan, name: str) -> list[str]:
    lines = [
        f"  - name: {name}",
        f"    title: {quoted(plan.title)}",
        f"    kind: {plan.kind}",
        f"    metric: {plan.metric}" if plan.metric else _gap("    metric", f"a metric for a task of kind {plan.kind}"),
        _gap("    floor", "the score that counts as nothing, such as that of guessing"),
        _gap("    ceiling", "the score that counts as all"),
    ]
    if plan.kind in {"classification", "distribution"}:
        listed = f"    labels: {_list(plan.labels)}"
        lines.append(listed if plan.labels else _gap("    labels", "the labels of the items, such as [A, B, C, D]"))
    if plan.source:
        lines.append(f"    source: {quoted(plan.source)}")
    lines += ["    ask:", f"      by: {plan.by}"]
    lines.append(
        f"      prompt: {quoted(plan.prompt)}"
        if plan.prompt
        else _gap("      prompt", "a template over an item's fields")
    )
    if plan.by == "choices":
        listed = f"      choices: {_list(plan.choices)}"
        lines.append(listed if plan.choices else _gap("      choices", "one template for each label, in their order"))
    if plan.by == "text":
        lines.append(
            f"      tokens: {plan.tokens}" if plan.tokens else _gap("      tokens", "how many tokens a model may write")
        )
        lines += [f"      stop: {_list(plan.stop)}"] if plan.stop else []
    return lines


def _gap(key: str, write: str) -> str:
    return f"{key}: # {GAP}: {write}"


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(quoted, texts)) + "]"


def _name(text: str, taken: Sequence[str]) -> str:
    """Make a name of small letters, digits, hyphens and underscores, as a suite has them."""
    name = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_")[:56].rstrip("-_") or "task"
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
