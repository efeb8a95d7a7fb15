"""Takes the item scores of parallel tasks apart by language, with the instrument's intervals."""

import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from challenge.foundation.files import FileStore
from challenge.standings.languages import InLanguages, Score, Spoken
from challenge.standings.operations_items import read_scores
from challenge.standings.policy import SuiteTask
from evaluation import METRICS
from evaluation.european import LANGUAGES
from evaluation.intervals import interval
from leaderboards.scores import TaskScores

OTHER = "other"
_TURN = threading.Lock()
"""One at a time in a process: the item scores of a board are in memory meanwhile."""


class Parallel(NamedTuple):
    """What of a task decides its scores by language."""

    name: str
    metric: str
    unit: int
    languages: tuple[str, ...]

    @classmethod
    def of(cls, task: SuiteTask) -> "Parallel":
        """Take it from a task of a suite."""
        return cls(task.name, task.metric, task.unit, task.languages)


def spoken_of(task: Parallel) -> list[Spoken]:
    """Name a task's languages, in the order of their families; one that is not official in the Union has no family."""
    known = [(tag, LANGUAGES.get(tag)) for tag in task.languages]
    found = [Spoken(tag, one.name if one else tag, one.family.value if one else OTHER) for tag, one in known]
    return sorted(found, key=lambda one: (one.family == OTHER, one.family, one.name))


@lru_cache(maxsize=64)
def means(files: FileStore, scores_sha256: str, task: Parallel) -> Mapping[str, Mapping[str, float]]:
    """Compute the mean of every entry in every language of a task, by reference; entries that lack items are left out.

    Kept by the digest of the item scores. Raises ItemsDamaged where these are no more.
    """
    block, entrants = _block(files, scores_sha256, task)
    if block is None:
        return {}
    columns = _columns(block)
    whole = np.all(block.present, axis=1).tolist()
    return {
        entrant: {tag: float(block.values[row, columns[tag]].mean()) / task.unit for tag in task.languages}
        for row, entrant in enumerate(entrants)
        if whole[row]
    }


@lru_cache(maxsize=256)
def in_languages(
    files: FileStore, scores_sha256: str, task: Parallel, entrant: str, confidence: float
) -> InLanguages | None:
    """Compute one entry's scores by language, by family and over all, each with its interval.

    The items of one name in several languages are one cluster, as they are for the board: a family's interval is no
    narrower for asking the same fact five times. None for an entry that lacks items; raises as `means`.
    """
    block, entrants = _block(files, scores_sha256, task)
    if block is None or entrant not in entrants or not block.present[entrants.index(entrant)].all():
        return None
    values, clusters = block.values[entrants.index(entrant)].astype(np.int64), np.array(block.clusters, dtype=object)
    columns = _columns(block)

    def score(tags: list[str]) -> Score:
        mine = np.concatenate([columns[tag] for tag in tags])
        found = interval(
            values[mine], clusters[mine], unit=task.unit, metric=METRICS[task.metric], confidence=confidence
        )
        mean = float(values[mine].mean()) / task.unit
        return Score(len(mine), mean, found.low if found else None, found.high if found else None)

    families: dict[str, list[str]] = {}
    for one in spoken_of(task):
        families.setdefault(one.family, []).append(one.tag)
    return InLanguages(
        by_language={tag: score([tag]) for tag in task.languages},
        by_family={family: score(tags) for family, tags in families.items()},
        everywhere=score(list(task.languages)),
    )


@lru_cache(maxsize=2)
def _block(files: FileStore, scores_sha256: str, task: Parallel) -> tuple[TaskScores | None, tuple[str, ...]]:
    with _TURN:
        table = read_scores(files, scores_sha256, tasks={task.name})
    return table.task(task.name), table.entrants


def _columns(block: TaskScores) -> dict[str, NDArray[np.int64]]:
    """Find the items of each language: those of `de` are called `de/NAME`."""
    found: dict[str, list[int]] = {}
    for place, item in enumerate(block.items):
        found.setdefault(item.partition("/")[0], []).append(place)
    return {tag: np.array(places) for tag, places in found.items()}
