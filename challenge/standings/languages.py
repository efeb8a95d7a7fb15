"""What a board knows of languages: an entry's score in each, in each family of them, and over all of them alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from challenge.standings.heat import STEPS
from challenge.standings.policy import SuiteTask

# Where each language is spoken, as columns and rows of tiles: neighbours on a map stay neighbours where they can.
_PLACES = {
    "sv": (3, 0), "fi": (4, 0),
    "da": (3, 1), "et": (5, 1),
    "ga": (0, 2), "en": (1, 2), "nl": (2, 2), "de": (3, 2), "pl": (4, 2), "lv": (5, 2),
    "fr": (2, 3), "cs": (3, 3), "sk": (4, 3), "lt": (5, 3),
    "pt": (0, 4), "es": (1, 4), "it": (2, 4), "sl": (3, 4), "hu": (4, 4), "ro": (5, 4),
    "hr": (3, 5), "bg": (5, 5),
    "mt": (2, 6), "el": (4, 6),
}  # fmt: skip


@dataclass(frozen=True)
class Score:
    """The mean over some items, in the unit of the metric; the bounds are None where nothing is known of its spread."""

    items: int
    score: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Spoken:
    """One language of a task: its tag, its name in English, its family."""

    tag: str
    name: str
    family: str


@dataclass(frozen=True)
class InLanguages:
    """One entry's scores on a parallel task."""

    by_language: Mapping[str, Score]
    by_family: Mapping[str, Score]
    everywhere: Score
    """The mean over languages, each of which has the same items."""


@dataclass(frozen=True)
class Tile:
    """One language on the map."""

    tag: str
    shade: int
    text: str


def shade(score: float, task: SuiteTask) -> int:
    """Return how far a score came from the floor to the ceiling, as a shade of the heat map: 0 to `STEPS`."""
    floor, ceiling = float(task.floor), float(task.ceiling)
    return round(min(max((score - floor) / (ceiling - floor), 0.0), 1.0) * STEPS)


def hundredths(score: float) -> str:
    """Write a score of 0.817 as 81.7."""
    return f"{score * 100:.1f}"


def tiles(scores: Mapping[str, Score], task: SuiteTask) -> list[list[Tile | None]]:
    """Lay the languages out as rows of tiles; those without a place on the map follow below, in order."""
    placed = {_PLACES[tag]: tag for tag in scores if tag in _PLACES}
    wide = 1 + max((column for column, _ in placed), default=5)
    rows = [
        [placed.get((column, row)) for column in range(wide)]
        for row in range(1 + max((r for _, r in placed), default=-1))
    ]
    others = [tag for tag in scores if tag not in _PLACES]
    rows += [
        [*others[at : at + wide], *[None] * (wide - len(others[at : at + wide]))] for at in range(0, len(others), wide)
    ]
    return [
        [Tile(tag, shade(scores[tag].score, task), hundredths(scores[tag].score)) if tag else None for tag in row]
        for row in rows
    ]


def extremes(scores: Mapping[str, Score], spoken: Sequence[Spoken], *, higher_is_better: bool) -> tuple[Spoken, Spoken]:
    """Return the languages of the best and of the worst score."""
    ordered = sorted(spoken, key=lambda one: scores[one.tag].score, reverse=higher_is_better)
    return ordered[0], ordered[-1]
