"""What a bundle says, in the words of the house: phases with instants, boards with directions, suites, baselines."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Moment:
    """An instant of a bundle."""

    instant: datetime
    """Aware, in UTC."""
    written: str
    """The date with its time and its offset or zone, as the call file takes it."""
    line: int


@dataclass(frozen=True)
class DraftPhase:
    """A phase in which submissions are taken; what is None is a gap."""

    title: str
    name: str
    """Path of the phase in the bundle, such as `phases[0]`."""
    line: int
    opens: Moment | None
    closes: Moment | None
    submissions: int | None
    suites: tuple[str, ...] = ()
    """Titles of the suites that are measured in it."""
    doubt: str = ""
    """Why a date is left open although the bundle has one."""


@dataclass(frozen=True)
class BoardMetric:
    """A column of a board."""

    name: str
    title: str
    higher_is_better: bool | None
    """None where the bundle does not say."""
    line: int
    """Where the direction is said, else where the column begins; 0 where an error speaks of the direction already."""

    @property
    def words(self) -> str:
        """Say what is measured and which scores are the better ones."""
        if self.higher_is_better is None:
            return f"{self.title} (direction not said)"
        return f"{self.title} ({'higher' if self.higher_is_better else 'lower'} is better)"


@dataclass(frozen=True)
class Board:
    """A leaderboard of a bundle."""

    title: str
    metrics: tuple[BoardMetric, ...]
    of: str = ""
    """Which phase and which data it is for, in words."""


@dataclass(frozen=True)
class Template:
    """A prompt of a bundle that must do nothing but substitute; whoever can read templates checks it."""

    file: str
    line: int
    key: str
    text: str


@dataclass(frozen=True)
class DraftSuite:
    """What entries are measured by."""

    title: str
    about: str = ""
    manifest: str = ""
    """The suite's own file `suite.yaml`, with gaps; empty where the bundle says too little to begin one."""
    templates: tuple[Template, ...] = ()


@dataclass(frozen=True)
class DraftPage:
    """A page of a bundle as plain text; a call file has no place for pages."""

    title: str
    text: str


@dataclass(frozen=True)
class Draft:
    """All that is carried over."""

    format: str
    zone: str
    """The call's zone: the one that dates without any were said to be meant in, else UTC."""
    title: str = ""
    summary: str = ""
    phases: tuple[DraftPhase, ...] = ()
    boards: tuple[Board, ...] = ()
    suites: tuple[DraftSuite, ...] = ()
    baselines: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    """What each file is for, and its name."""
    pages: tuple[DraftPage, ...] = ()


def short_name(text: str, taken: Collection[str], *, otherwise: str) -> str:
    """Make a key of at most 40 small letters, digits and hyphens that is not taken yet."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", letters).strip("-").lstrip("0123456789-")[:36].rstrip("-") or otherwise
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found
