"""How a board is computed, as data for the instrument and as words for people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from challenge.calls.document import RankingRules

OFFICIAL_DRAWS = 100_000
"""The fewest draws of a ranking that decides something; the instrument refuses an official policy with fewer."""
OFFICIAL = "This version is official: the call was frozen before it, so that no entry could come in any more."
"""What is said of a version that decides."""


@dataclass(frozen=True)
class SuiteTask:
    """One task of a suite as its summary describes it; decimals are texts."""

    name: str
    title: str
    metric: str
    floor: str
    ceiling: str
    weight: str
    higher_is_better: bool
    unit: int
    least: str | None
    most: str | None
    items: Mapping[str, int]
    """How many items the task has, by part: `public` and `private`."""
    languages: tuple[str, ...] = ()
    """In which languages the same items are asked; empty where they are not parallel."""


def read_tasks(summary: str) -> tuple[SuiteTask, ...]:
    """Read the tasks from a suite's summary."""
    return tuple(
        SuiteTask(
            name=task["name"],
            title=task["title"],
            metric=task["metric"],
            floor=str(task["floor"]),
            ceiling=str(task["ceiling"]),
            weight=str(task["weight"]),
            higher_is_better=task["higher_is_better"],
            unit=task["unit"],
            least=task.get("least"),
            most=task.get("most"),
            items={part: task[part] for part in ("public", "private")},
            languages=tuple(task.get("languages", ())),
        )
        for task in json.loads(summary)["tasks"]
    )


def tasks_of(tasks: tuple[SuiteTask, ...], part: str) -> tuple[SuiteTask, ...]:
    """Return the tasks that have items in a part; the others cannot count there."""
    return tuple(task for task in tasks if task.items[part])


def policy_of(ranking: RankingRules, tasks: tuple[SuiteTask, ...], *, official: bool = False) -> dict[str, Any]:
    """Write the ranking policy of a board as the instrument reads it.

    An official one takes at least `OFFICIAL_DRAWS`; its seed is the call's, which stands since the call was opened.
    """
    return ({"official": True} if official else {}) | {
        "tasks": [
            {
                "name": task.name,
                "floor": task.floor,
                "ceiling": task.ceiling,
                "weight": task.weight,
                "higher_is_better": task.higher_is_better,
                "unit": task.unit,
                "least": task.least,
                "most": task.most,
            }
            for task in tasks
        ],
        "few_clusters": "signs",
        "unvaried": "bounds",
        "confidence": ranking.confidence,
        "draws": max(ranking.draws, OFFICIAL_DRAWS) if official else ranking.draws,
        "seed": ranking.seed,
        "missing": ranking.missing,
        "decimals": ranking.decimals,
    }


def is_official(policy: Mapping[str, Any]) -> bool:
    """Tell whether a ranking by this policy decides something."""
    return bool(policy.get("official", False))


def percent(confidence: str) -> str:
    """Write a confidence such as 0.95 as 95%."""
    digits = f"{float(confidence) * 100:.2f}".rstrip("0").rstrip(".")
    return f"{digits}%"


def in_words(policy: Mapping[str, Any]) -> list[str]:
    """Say sentence by sentence how a board is computed from its policy."""
    sure = percent(policy["confidence"])
    missing = {
        "unranked": "An entry without a result on every item is not ranked.",
        "floor": "A task without any result counts as its floor; an entry that lacks part of a task is not ranked.",
    }
    return [
        "Each task's score becomes a share of the way from its floor to its ceiling, never below 0 nor above 1; "
        "points are the weighted mean of these shares, from 0 to 100. Nobody's points depend on who else entered.",
        f"Points are compared at {policy['decimals']} decimal places; equal points share a rank, and the ranks after "
        "them stay empty. The time of submission plays no part.",
        f"Points come with {sure} intervals, computed from the spread over the items, clustered where items belong "
        "together.",
        f"The rank intervals hold together, all of them at once, with a confidence of {sure}: step-down comparison of "
        f"every pair on {policy['draws']:,} draws, seed {policy['seed']}, fixed before the call was opened.",
        missing[policy["missing"]],
        *([OFFICIAL] if is_official(policy) else []),
    ]
