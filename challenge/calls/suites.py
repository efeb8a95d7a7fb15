"""What may be told of a suite: its tasks, how they are measured and between which anchors; no labels."""

import json
from dataclasses import asdict, dataclass

from challenge.foundation.canonical import canonical


@dataclass(frozen=True, kw_only=True)
class TaskSummary:
    """One task as its suite declares it; anchors and weight are decimal texts."""

    name: str
    title: str
    metric: str
    floor: str
    ceiling: str
    weight: str
    higher_is_better: bool
    unit: int
    """A score is a sum of whole units divided by items and by this number."""
    public: int
    """How many items have labels in the starter."""
    private: int
    """How many items have labels that only the platform knows."""
    least: str | None = None
    most: str | None = None
    """Between which bounds a score can lie at all, as decimal texts."""
    kind: str = ""
    formula: str = ""
    description: str = ""
    source: str = ""
    licence: str = ""

    @property
    def direction(self) -> str:
        """Say which scores are the better ones."""
        return "higher is better" if self.higher_is_better else "lower is better"


@dataclass(frozen=True, kw_only=True)
class SuiteSummary:
    """A suite as people may know it before and after the call."""

    tasks: tuple[TaskSummary, ...]
    title: str = ""
    version: str = ""


def write_summary(summary: SuiteSummary) -> str:
    """Write a summary as canonical JSON, as `CallSuite.summary` keeps it."""
    return canonical(asdict(summary)).decode()


def read_summary(text: str) -> SuiteSummary:
    """Read what `write_summary` wrote."""
    plain = json.loads(text)
    tasks = tuple(TaskSummary(**task) for task in plain["tasks"])
    return SuiteSummary(tasks=tasks, title=plain.get("title", ""), version=plain.get("version", ""))
