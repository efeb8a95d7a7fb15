"""The manifest suite.yaml declares the suite, its tasks and its split."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from evaluation.metrics import METRICS, Direction
from evaluation.suites.asking import read_ask
from evaluation.suites.fields import MANIFEST, fail, flag, mapping, name, number, text, whole
from evaluation.suites.suite import Split, SuiteError
from evaluation.tasks import Kind, Task
from evaluation.yaml_reading import YamlError, read_yaml

MAX_TASKS = 200
_REQUIRED = {"name", "version", "title", "tasks", "split"}
_TASK_REQUIRED = {"name", "title", "kind", "metric", "floor", "ceiling"}
_TASK_OPTIONAL = {
    "weight", "labels", "unit", "cluster", "description", "source", "licence",
    "languages", "parallel", "canary", "ask", "samples", "k",
}  # fmt: skip
_LABELLED = {Kind.CLASSIFICATION, Kind.DISTRIBUTION}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What suite.yaml says, checked."""

    name: str
    version: str
    title: str
    tasks: tuple[Task, ...]
    split: Split
    starter_of: str
    starter_inputs: str
    """Whether a starter holds what all items ask, or the public ones only."""


def read_manifest(content: bytes) -> Manifest:
    """Read and check suite.yaml; raises SuiteError naming the line or the key."""
    try:
        data = read_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SuiteError(f"{MANIFEST}: not UTF-8 text; save it as UTF-8") from error
    except YamlError as error:
        where = f"line {error.line}: " if error.line else ""
        raise SuiteError(f"{MANIFEST}: {where}{error}") from error
    top = mapping(data, "the whole file", required=_REQUIRED, optional={"starter_of", "starter_inputs"})
    return Manifest(
        name=name(top["name"], "name"),
        version=text(top["version"], "version", longest=40),
        title=text(top["title"], "title"),
        tasks=_tasks(top["tasks"]),
        split=_split(top["split"]),
        starter_of=text(top.get("starter_of", ""), "starter_of"),
        starter_inputs=_one_of(top.get("starter_inputs", "public"), "starter_inputs", ["public", "all"]),
    )


def _split(value: object) -> Split:
    found = mapping(value, "split", required={"seed", "public_share"}, optional=set())
    share = number(found["public_share"], "split.public_share")
    if not 0 <= share <= 1:
        raise fail("split.public_share", f"{share.normalize()} is not between 0 and 1")
    return Split(whole(found["seed"], "split.seed", low=0, high=2**63 - 1), share)


def _tasks(value: object) -> tuple[Task, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_TASKS:
        raise fail("tasks", f"write a list of 1 to {MAX_TASKS} tasks")
    tasks = tuple(_task(entry, f"tasks[{index}]") for index, entry in enumerate(value))
    seen: set[str] = set()
    for index, task in enumerate(tasks):
        if task.name in seen:
            raise fail(f"tasks[{index}].name", f"{task.name!r} names two tasks; rename one")
        seen.add(task.name)
    return tasks


def _task(value: object, key: str) -> Task:
    found = mapping(value, key, required=_TASK_REQUIRED, optional=_TASK_OPTIONAL)
    kind = Kind(_one_of(found["kind"], f"{key}.kind", list(Kind)))
    weight = number(found.get("weight", 1), f"{key}.weight")
    if weight <= 0:
        raise fail(f"{key}.weight", "a weight is above zero")
    labels = _labels(found.get("labels", []), f"{key}.labels", kind)
    task = Task(
        name=name(found["name"], f"{key}.name"),
        title=text(found["title"], f"{key}.title"),
        kind=kind,
        metric=_metric(found["metric"], f"{key}.metric", kind),
        floor=number(found["floor"], f"{key}.floor"),
        ceiling=number(found["ceiling"], f"{key}.ceiling"),
        weight=weight,
        labels=labels,
        unit=whole(found.get("unit", 10_000), f"{key}.unit", low=1, high=1_000_000),
        cluster=flag(found.get("cluster", False), f"{key}.cluster"),
        description=text(found.get("description", ""), f"{key}.description", longest=4_000),
        source=text(found.get("source", ""), f"{key}.source", longest=1_000),
        licence=text(found.get("licence", ""), f"{key}.licence"),
        languages=_languages(found.get("languages", []), f"{key}.languages"),
        parallel=flag(found.get("parallel", False), f"{key}.parallel"),
        canary=text(found.get("canary", ""), f"{key}.canary"),
        ask=read_ask(found["ask"], f"{key}.ask", kind=kind, labels=labels) if "ask" in found else None,
        samples=whole(found.get("samples", 1), f"{key}.samples", low=1, high=200),
        k=whole(found.get("k", 1), f"{key}.k", low=1, high=200),
    )
    _check_anchors(task, key)
    _check_samples(task, found.keys(), key)
    _check_parallel(task, key)
    return task


def _one_of(value: object, key: str, known: list[Kind] | list[str]) -> str:
    if value not in known:
        names = [entry.value if isinstance(entry, StrEnum) else entry for entry in known]
        raise fail(key, f"{value!r} is not one of {', '.join(names)}")
    return str(value)


def _metric(value: object, key: str, kind: Kind) -> str:
    return _one_of(value, key, sorted(name for name, metric in METRICS.items() if kind in metric.kinds))


def _labels(value: object, key: str, kind: Kind) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise fail(key, "write a list of labels")
    labels = tuple(_label(label, f"{key}[{index}]") for index, label in enumerate(value))
    if len(set(labels)) < len(labels):
        raise fail(key, "a label is given twice")
    if kind in _LABELLED and len(labels) < 2:
        raise fail(key, f"a {kind.value} task names at least two labels")
    if kind not in _LABELLED and labels:
        raise fail(key, f"only a classification or distribution task has labels, and this is {kind.value}; remove them")
    return labels


def _languages(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise fail(key, "write a list of language tags such as [de, pt-BR]")
    tags = tuple(text(tag, f"{key}[{index}]", longest=35) for index, tag in enumerate(value))
    for index, tag in enumerate(tags):
        if _LANGUAGE.fullmatch(tag) is None:
            raise fail(f"{key}[{index}]", f"{tag!r} is not a language tag of BCP 47; write one such as de or pt-BR")
    if len(set(tags)) < len(tags):
        raise fail(key, "a language is given twice")
    return tags


def _label(value: object, key: str) -> str:
    label = text(value, key)
    if not label or label != label.strip() or "\n" in label:
        raise fail(key, "a label is one line without blanks at its ends")
    return label


def _check_anchors(task: Task, key: str) -> None:
    higher = METRICS[task.metric].direction is Direction.HIGHER
    if (task.floor < task.ceiling) is not higher or task.floor == task.ceiling:
        order = "below" if higher else "above"
        raise fail(f"{key}.floor", f"the floor is the bad anchor and lies {order} the ceiling for {task.metric}")


def _check_samples(task: Task, given: Collection[str], key: str) -> None:
    if task.kind is not Kind.CODE:
        for name in ("samples", "k"):
            if name in given:
                raise fail(f"{key}.{name}", f"only a code task has {name}, and this is {task.kind.value}; remove it")
    if task.k > task.samples:
        raise fail(f"{key}.k", f"{task.k} of {task.samples} samples cannot be drawn; raise samples or lower k")


def _check_parallel(task: Task, key: str) -> None:
    if not task.parallel:
        return
    if len(task.languages) < 2:
        raise fail(f"{key}.parallel", "parallel items are in two languages at least; name them under languages")
    if task.cluster:
        raise fail(f"{key}.cluster", "parallel items belong together by their names; leave cluster away")
    if not METRICS[task.metric].is_mean:
        known = ", ".join(sorted(name for name, one in METRICS.items() if one.is_mean and task.kind in one.kinds))
        raise fail(
            f"{key}.metric", f"{task.metric} has no score of one language; use one of {known}, or a task for each"
        )
