"""What may be told of a suite: its tasks, how they are measured and between which anchors; no labels."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

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
    languages: tuple[str, ...] = ()
    """Tags of the languages in which the same items are asked; empty where items are not parallel."""

    @property
    def direction(self) -> str:
        """Say which scores are the better ones."""
        return "higher is better" if self.higher_is_better else "lower is better"


class Asked(StrEnum):
    """How the models of a suite are asked; no model can be asked in both ways."""

    PROMPTS = "prompts"
    """Language models answer prompts."""
    NUMBERS = "numbers"
    """ONNX models take rows of numbers, or images."""


@dataclass(frozen=True, kw_only=True)
class SuiteSummary:
    """A suite as people may know it before and after the call."""

    tasks: tuple[TaskSummary, ...]
    title: str = ""
    version: str = ""
    asked: str = ""
    """How models are asked, as `Asked` has it; empty where predictions are read, or a suite was added long ago."""


def write_summary(summary: SuiteSummary) -> str:
    """Write a summary as canonical JSON, as `CallSuite.summary` keeps it."""
    return canonical(asdict(summary)).decode()


def read_summary(text: str) -> SuiteSummary:
    """Read what `write_summary` wrote."""
    plain = json.loads(text)
    tasks = tuple(TaskSummary(**{**task, "languages": tuple(task.get("languages", ()))}) for task in plain["tasks"])
    told = {name: plain.get(name, "") for name in ("title", "version", "asked")}
    return SuiteSummary(tasks=tasks, **told)
