"""How far each task is, from how far the whole is: engines go through a suite in an order that is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from challenge.calls.suites import TaskSummary


@dataclass(frozen=True)
class TaskCount:
    """How many items of a task are done."""

    task: str
    done: int
    total: int


def task_counts(
    tasks: Sequence[TaskSummary], done: int, *, is_model: bool, only_public: bool = False
) -> list[TaskCount]:
    """Return for each task how many of its items are among the first `done` of the whole.

    Predictions are scored task by task. A model is asked the public part of every task before the private part of any,
    and what an earlier attempt finished comes first, for that went the same way.
    """
    counts = {task.name: 0 for task in tasks}
    left = max(done, 0)
    for name, items in _stretches(tasks, is_model=is_model, only_public=only_public):
        counts[name] += min(left, items)
        left -= min(left, items)
    return [
        TaskCount(task.name, counts[task.name], task.public + (0 if only_public else task.private)) for task in tasks
    ]


def _stretches(tasks: Sequence[TaskSummary], *, is_model: bool, only_public: bool) -> Iterable[tuple[str, int]]:
    if only_public:
        return [(task.name, task.public) for task in tasks]
    if is_model:
        return [*((task.name, task.public) for task in tasks), *((task.name, task.private) for task in tasks)]
    return [(task.name, task.public + task.private) for task in tasks]
