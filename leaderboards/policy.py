"""A ranking policy says before the deadline how scores become points: tasks, anchors, weights, confidence, seed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Self

from leaderboards.canonical import digest
from leaderboards.decimals import as_written
from leaderboards.fields import Fields
from leaderboards.refusals import PolicyError

OFFICIAL_DRAWS = 100_000
"""The fewest draws of an official run: with fewer, bounds on a knife's edge move with the seed."""


class Missing(StrEnum):
    """What happens to an entrant without any score on a task."""

    UNRANKED = "unranked"
    FLOOR = "floor"


class FewClusters(StrEnum):
    """By which draws ranks get their intervals where a task has few clusters; with many, draws are normal anyway."""

    NORMAL = "normal"
    SIGNS = "signs"


class Unvaried(StrEnum):
    """From what intervals get their width where no item varied, or the clip bites."""

    SPREAD = "spread"
    BOUNDS = "bounds"


@dataclass(frozen=True)
class TaskPolicy:
    """How one task's score counts; a score is the mean of integer values divided by `unit`."""

    name: str
    floor: float
    ceiling: float
    weight: float = 1.0
    higher_is_better: bool = True
    unit: int = 10_000
    least: float | None = None
    most: float | None = None
    """Between which bounds a score can lie at all; its interval is cut there. None where there is no bound."""

    def __post_init__(self) -> None:
        """Refuse anchors that say nothing or that contradict the direction; raise PolicyError."""
        if not self.name:
            raise PolicyError("a task's name must not be empty; give every task a name.")
        if not all(math.isfinite(value) for value in (self.floor, self.ceiling, self.weight)):
            raise PolicyError(f"task {self.name}: floor, ceiling and weight must be finite numbers.")
        if self.floor == self.ceiling:
            raise PolicyError(f"task {self.name}: floor and ceiling are both {self.floor}; they must differ.")
        if (self.ceiling > self.floor) != self.higher_is_better:
            says = "true" if self.higher_is_better else "false"
            order = "above" if self.ceiling > self.floor else "below"
            raise PolicyError(
                f"task {self.name}: higher_is_better is {says}, but the ceiling {self.ceiling} (good) lies {order} "
                f"the floor {self.floor} (bad); mend the anchors or the direction."
            )
        if self.weight <= 0:
            raise PolicyError(
                f"task {self.name}: the weight must be above 0, not {self.weight}; remove the task "
                "if it should not count."
            )
        if self.unit < 1:
            raise PolicyError(f"task {self.name}: the unit must be at least 1, not {self.unit}.")
        if self.least is not None and self.most is not None and self.least >= self.most:
            raise PolicyError(f"task {self.name}: least is {self.least} and most is {self.most}; most must be larger.")

    @property
    def span(self) -> Fraction:
        """Compute ceiling − floor exactly; negative where lower is better."""
        return as_written(self.ceiling) - as_written(self.floor)


@dataclass(frozen=True)
class Policy:
    """Everything besides the scores on which a ranking depends.

    official: the ranking decides something, so it takes OFFICIAL_DRAWS draws at least and a seed that somebody set.
    few_clusters: normal, and unvaried: spread, where it is not said, as before there was a choice.
    """

    tasks: tuple[TaskPolicy, ...]
    confidence: float = 0.95
    draws: int = 10_000
    seed: int = 0
    missing: Missing | str = Missing.UNRANKED
    decimals: int = 2
    official: bool = False
    few_clusters: FewClusters | str = FewClusters.NORMAL
    unvaried: Unvaried | str = Unvaried.SPREAD

    def __post_init__(self) -> None:
        """Refuse a policy that cannot rank; raise PolicyError naming the key."""
        if not self.tasks:
            raise PolicyError("tasks must name at least one task.")
        names = [task.name for task in self.tasks]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise PolicyError(f"tasks[{place}].name {name!r} is already taken; task names must differ.")
        if not 0.5 <= self.confidence < 1:
            raise PolicyError(f"confidence must be at least 0.5 and below 1, not {self.confidence}.")
        if not 100 <= self.draws <= 10_000_000:
            raise PolicyError(f"draws must be from 100 to 10000000, not {self.draws}.")
        if self.official and self.draws < OFFICIAL_DRAWS:
            raise PolicyError(f"draws must be at least {OFFICIAL_DRAWS} in an official policy, not {self.draws}.")
        if self.seed < 0:
            raise PolicyError(f"seed must be at least 0, not {self.seed}.")
        if not 0 <= self.decimals <= 6:
            raise PolicyError(f"decimals must be from 0 to 6, not {self.decimals}.")
        try:
            object.__setattr__(self, "missing", Missing(self.missing))
        except ValueError:
            raise PolicyError(f"missing must be 'unranked' or 'floor', not {self.missing!r}.") from None
        try:
            object.__setattr__(self, "few_clusters", FewClusters(self.few_clusters))
        except ValueError:
            raise PolicyError(f"few_clusters must be 'normal' or 'signs', not {self.few_clusters!r}.") from None
        try:
            object.__setattr__(self, "unvaried", Unvaried(self.unvaried))
        except ValueError:
            raise PolicyError(f"unvaried must be 'spread' or 'bounds', not {self.unvaried!r}.") from None

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read a policy strictly; reals may be numbers or decimal strings; raise PolicyError with the key's path."""
        fields = Fields(given, path="", error=PolicyError)
        tasks = tuple(_task(one) for one in fields.records("tasks"))
        confidence, draws = fields.real("confidence", 0.95), fields.integer("draws", 10_000)
        official = fields.truth("official", False)
        if official and not fields.has("seed"):
            raise PolicyError("seed is missing; an official policy names its seed before the scores exist.")
        seed, decimals = fields.integer("seed", 0), fields.integer("decimals", 2)
        missing, few = fields.text("missing", "unranked"), fields.text("few_clusters", "normal")
        unvaried = fields.text("unvaried", "spread")
        fields.close()
        return cls(tasks, confidence, draws, seed, missing, decimals, official, few, unvaried)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types with every real as a decimal string, so that `from_dict` gives an equal policy.

        What a policy could not say once is not mentioned where it is as it was then, so that older digests stay.
        """
        said: dict[str, Any] = {"official": True} if self.official else {}
        if self.few_clusters is not FewClusters.NORMAL:
            said["few_clusters"] = str(self.few_clusters)
        if self.unvaried is not Unvaried.SPREAD:
            said["unvaried"] = str(self.unvaried)
        return said | {
            "tasks": [
                {
                    "name": task.name,
                    "floor": _spell(task.floor),
                    "ceiling": _spell(task.ceiling),
                    "weight": _spell(task.weight),
                    "higher_is_better": task.higher_is_better,
                    "unit": task.unit,
                    "least": None if task.least is None else _spell(task.least),
                    "most": None if task.most is None else _spell(task.most),
                }
                for task in self.tasks
            ],
            "confidence": _spell(self.confidence),
            "draws": self.draws,
            "seed": self.seed,
            "missing": str(self.missing),
            "decimals": self.decimals,
        }

    def digest(self) -> str:
        """Compute the SHA-256 of the policy's canonical JSON."""
        return digest(self.to_dict())


def _task(fields: Fields) -> TaskPolicy:
    name, floor, ceiling = fields.text("name"), fields.real("floor"), fields.real("ceiling")
    weight, upward = fields.real("weight", 1.0), fields.truth("higher_is_better", True)
    unit = fields.integer("unit", 10_000)
    least, most = _bound(fields, "least"), _bound(fields, "most")
    fields.close()
    try:
        return TaskPolicy(name, floor, ceiling, weight, upward, unit, least, most)
    except PolicyError as problem:
        raise PolicyError(f"{fields.path}: {problem}") from None


def _bound(fields: Fields, key: str) -> float | None:
    return None if fields.skip_null(key) or not fields.has(key) else fields.real(key)


def _spell(value: float) -> str:
    return format(Decimal(repr(float(value))).normalize() + 0, "f")  # one spelling for 0, 0.0 and -0.0
