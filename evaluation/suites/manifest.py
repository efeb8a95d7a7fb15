"""The manifest suite.yaml declares the suite, its tasks and its split."""

from dataclasses import dataclass
from enum import StrEnum

from evaluation.metrics import METRICS, Direction
from evaluation.suites.fields import MANIFEST, fail, flag, mapping, name, number, text, whole
from evaluation.suites.suite import Split, SuiteError
from evaluation.tasks import Kind, Task
from evaluation.yaml_reading import YamlError, read_yaml

MAX_TASKS = 200
_REQUIRED = {"name", "version", "title", "tasks", "split"}
_TASK_REQUIRED = {"name", "title", "kind", "metric", "floor", "ceiling"}
_TASK_OPTIONAL = {"weight", "labels", "unit", "cluster", "description", "source", "licence"}


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What suite.yaml says, checked."""

    name: str
    version: str
    title: str
    tasks: tuple[Task, ...]
    split: Split
    starter_of: str


def read_manifest(content: bytes) -> Manifest:
    """Read and check suite.yaml; raises SuiteError naming the line or the key."""
    try:
        data = read_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SuiteError(f"{MANIFEST}: not UTF-8 text; save it as UTF-8") from error
    except YamlError as error:
        where = f"line {error.line}: " if error.line else ""
        raise SuiteError(f"{MANIFEST}: {where}{error}") from error
    top = mapping(data, "the whole file", required=_REQUIRED, optional={"starter_of"})
    return Manifest(
        name=name(top["name"], "name"),
        version=text(top["version"], "version", longest=40),
        title=text(top["title"], "title"),
        tasks=_tasks(top["tasks"]),
        split=_split(top["split"]),
        starter_of=text(top.get("starter_of", ""), "starter_of"),
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
    task = Task(
        name=name(found["name"], f"{key}.name"),
        title=text(found["title"], f"{key}.title"),
        kind=kind,
        metric=_metric(found["metric"], f"{key}.metric", kind),
        floor=number(found["floor"], f"{key}.floor"),
        ceiling=number(found["ceiling"], f"{key}.ceiling"),
        weight=weight,
        labels=_labels(found.get("labels", []), f"{key}.labels", kind),
        unit=whole(found.get("unit", 10_000), f"{key}.unit", low=1, high=1_000_000),
        cluster=flag(found.get("cluster", False), f"{key}.cluster"),
        description=text(found.get("description", ""), f"{key}.description", longest=4_000),
        source=text(found.get("source", ""), f"{key}.source", longest=1_000),
        licence=text(found.get("licence", ""), f"{key}.licence"),
    )
    _check_anchors(task, key)
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
    if kind is Kind.CLASSIFICATION and len(labels) < 2:
        raise fail(key, "a classification task names at least two labels")
    if kind is not Kind.CLASSIFICATION and labels:
        raise fail(key, f"only a classification task has labels, and this is {kind.value}; remove them")
    return labels


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
