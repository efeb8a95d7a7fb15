"""What every rule of comparison is computed from: one score per entrant and task, and what was fixed beforehand."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from leaderboards.completeness import complete
from leaderboards.policy import Policy
from leaderboards.refusals import ScoreError
from leaderboards.scores import ScoreTable

Floats = NDArray[np.float64]


class Gaps(StrEnum):
    """How rules that only compare entrants take a missing score.

    LAST: it loses to every number and ties with other missing ones. SKIPPED: each entrant is compared where it has a
    score, as HELM and the Arena do; then results are not comparable, and a missing score can be worth more than one.
    """

    LAST = "last"
    SKIPPED = "skipped"


@dataclass(frozen=True, eq=False)
class Results:
    """Scores of K entrants on T tasks, larger is better; a missing score is NaN.

    scores: (K, T), or (…, K, T) for a stack of draws; floors, ceilings, weights: (T,). Raises ScoreError for shapes
    that do not fit, infinite scores, a ceiling that is not above its floor, and weights that are not above 0.
    """

    entrants: tuple[str, ...]
    tasks: tuple[str, ...]
    scores: Floats
    floors: Floats
    ceilings: Floats
    weights: Floats
    gaps: Gaps = Gaps.LAST

    def __post_init__(self) -> None:
        """Check what was given, and keep it as float64."""
        for name in ("scores", "floors", "ceilings", "weights"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        shape = (len(self.entrants), len(self.tasks))
        if self.scores.shape[-2:] != shape:
            raise ScoreError(
                f"the scores have the shape {self.scores.shape}; for {shape[0]} entrants and {shape[1]} tasks "
                f"the last two must be {shape}."
            )
        for name in ("floors", "ceilings", "weights"):
            if getattr(self, name).shape != shape[1:]:
                raise ScoreError(f"{name} must hold one number for each of the {shape[1]} tasks.")
        if np.isinf(self.scores).any():
            raise ScoreError("a score is infinite; only finite scores are ranked, and a missing one is NaN.")
        for place, task in enumerate(self.tasks):
            if not self.floors[place] < self.ceilings[place] < np.inf:
                raise ScoreError(f"task {task}: the ceiling must lie above the floor; larger is better here.")
            if not 0 < self.weights[place] < np.inf:
                raise ScoreError(f"task {task}: the weight must be above 0, not {self.weights[place]}.")

    @classmethod
    def of(cls, scores: ScoreTable, policy: Policy) -> Self:
        """Take the means per task of those who are ranked; where lower is better, scores and anchors change sign."""
        table = complete(scores, policy)
        signs = np.array([1.0 if task.higher_is_better else -1.0 for task in policy.tasks])
        found = np.full((len(table.entrants), len(policy.tasks)), np.nan)
        for place, task in enumerate(policy.tasks):
            block = table.task(task.name)
            if block is not None:
                sums = block.values.sum(axis=1, dtype=np.int64)
                means = signs[place] * sums / (len(block.items) * task.unit)
                found[:, place] = np.where(block.present.any(axis=1), means, np.nan)
        return cls(
            entrants=table.entrants,
            tasks=tuple(task.name for task in policy.tasks),
            scores=found,
            floors=signs * np.array([task.floor for task in policy.tasks]),
            ceilings=signs * np.array([task.ceiling for task in policy.tasks]),
            weights=np.array([task.weight for task in policy.tasks]),
        )

    @property
    def shares(self) -> Floats:
        """Compute what part of the whole weight each task has: (T,), adding up to 1."""
        shares: Floats = self.weights / self.weights.sum()
        return shares

    @property
    def present(self) -> NDArray[np.bool_]:
        """Mark the scores that are there, in the shape of the scores."""
        return ~np.isnan(self.scores)

    def utilities(self) -> Floats:
        """Compute clip((s − floor)/(ceiling − floor), 0, 1) in the shape of the scores; a missing score counts 0."""
        raw = (self.scores - self.floors) / (self.ceilings - self.floors)
        return np.where(self.present, np.clip(raw, 0.0, 1.0), 0.0)

    def compared(self) -> Floats:
        """Return the scores as rules compare them: where gaps come last, a missing one is −∞, below every number."""
        if self.gaps is Gaps.SKIPPED:
            return self.scores
        return np.where(self.present, self.scores, -np.inf)

    def without_tasks(self, tasks: Collection[str]) -> Self:
        """Return the results as if these tasks had not been in the call."""
        stay = np.array([task not in tasks for task in self.tasks], dtype=bool)
        return replace(
            self,
            tasks=tuple(task for task in self.tasks if task not in tasks),
            scores=self.scores[..., stay],
            floors=self.floors[stay],
            ceilings=self.ceilings[stay],
            weights=self.weights[stay],
        )

    def without_entrants(self, entrants: Collection[str]) -> Self:
        """Return the results as if these entrants had never entered."""
        stay = np.array([entrant not in entrants for entrant in self.entrants], dtype=bool)
        names = tuple(entrant for entrant in self.entrants if entrant not in entrants)
        return replace(self, entrants=names, scores=self.scores[..., stay, :])
