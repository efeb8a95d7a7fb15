"""What the private board says of one entry, task by task, between the anchors that turn a score into points."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from challenge.standings.policy import SuiteTask
from challenge.standings.ranking import Entry, TaskScore

FULL_MARKS = Decimal(100)
AS_FLOOR = "no result; by the call's rules it counts as its floor"


@dataclass(frozen=True)
class Way:
    """How far a score has come from floor (0) to ceiling (1), with its interval; not clipped, so it may lie outside."""

    low: Decimal
    middle: Decimal
    high: Decimal


@dataclass(frozen=True)
class TaskMeasure:
    """One task of one entry; `way` is None where there is no score or no interval, and `reason` says why."""

    name: str
    title: str
    metric: str
    items: int
    score: str | None
    low: str | None
    high: str | None
    floor: str
    ceiling: str
    utility: Decimal
    utility_low: Decimal | None
    utility_high: Decimal | None
    points: Decimal
    most: Decimal
    """The points of a score at the ceiling."""
    way: Way | None
    reason: str


def task_measures(entry: Entry, policy: Mapping[str, Any], tasks: Mapping[str, SuiteTask]) -> tuple[TaskMeasure, ...]:
    """Lay out an entry's tasks by the policy that its standing was computed by; `tasks` gives them their titles.

    Utility = clip((score − floor) / (ceiling − floor), 0, 1); points = 100 · weight / Σ weights · utility.
    """
    whole = sum((Decimal(task["weight"]) for task in policy["tasks"]), Decimal(0))
    anchors = {task["name"]: task for task in policy["tasks"]}
    return tuple(_measure(score, anchors[score.task], tasks.get(score.task), whole) for score in entry.tasks)


def _measure(found: TaskScore, anchors: Mapping[str, Any], task: SuiteTask | None, whole: Decimal) -> TaskMeasure:
    floor, ceiling = Decimal(anchors["floor"]), Decimal(anchors["ceiling"])

    def share(value: str) -> Decimal:
        return (Decimal(value) - floor) / (ceiling - floor)

    way = None
    if found.score is not None and found.low is not None and found.high is not None:
        # a metric of which less is better has its floor above its ceiling, and its bounds change places
        low, high = sorted((share(found.low), share(found.high)))
        way = Way(low, share(found.score), high)
    return TaskMeasure(
        name=found.task,
        title=task.title if task else found.task,
        metric=task.metric if task else "",
        items=found.items,
        score=found.score,
        low=found.low,
        high=found.high,
        floor=anchors["floor"],
        ceiling=anchors["ceiling"],
        utility=Decimal(found.utility),
        utility_low=_clipped(way.low) if way else None,
        utility_high=_clipped(way.high) if way else None,
        points=Decimal(found.points),
        most=FULL_MARKS * Decimal(anchors["weight"]) / whole,
        way=way,
        reason=AS_FLOOR if found.score is None else "" if way else "no interval: its items have no spread to go by",
    )


def _clipped(share: Decimal) -> Decimal:
    return min(max(share, Decimal(0)), Decimal(1))


def top_sentence(entry: Entry, *, winners: int, sure: str) -> str:
    """Say in words whether an entry is in the set that may hold the best `winners`."""
    if entry.rank_high <= winners:
        return (
            f"At {sure} confidence it is one of the best {winners}: even its worst possible rank is {entry.rank_high}."
        )
    if entry.rank_low <= winners:
        return (
            f"It is in the {sure} top-{winners} set: the scores do not exclude it from the best {winners}, "
            "and do not prove it one of them."
        )
    return (
        f"It is not in the {sure} top-{winners} set: its best possible rank is {entry.rank_low}, so the scores "
        f"exclude it from the best {winners}."
    )
