"""How open a release is by the Model Openness Framework: class, components, and what the next class asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CLASSES = {
    "I": "Class I, open science: everything that is needed to make and study the model again.",
    "II": "Class II, open tooling: the model, and the code that trained, runs and tests it.",
    "III": "Class III, open model: the model and its documents.",
    "none": "No class yet: something that Class III asks for is missing or not open.",
}
OPEN = {True: "open", False: "not open", None: "not known"}


@dataclass(frozen=True)
class Part:
    """A component of the release: some of its files, how many there are, and the licence concluded for it."""

    component: str
    files: tuple[str, ...]
    count: int
    licence: str
    from_part: str
    is_open: bool | None

    @property
    def open_word(self) -> str:
        """Say whether that licence is open."""
        return OPEN[self.is_open]


@dataclass(frozen=True)
class Openness:
    """The class in words, the components that are there, and what the class above asks for besides."""

    words: str
    parts: tuple[Part, ...]
    above: str
    absent: tuple[str, ...]
    """Not in the package."""
    closed: tuple[str, ...]
    """In the package, under no open licence."""


def openness_of(found: Mapping[str, Any]) -> Openness:
    """Read the components of a scan's kept evidence."""
    parts = tuple(
        Part(
            component=str(one["component"]), files=tuple(str(name) for name in one["files"]), count=int(one["count"]),
            licence=str(one["licence"]), from_part=str(one["from_part"]), is_open=one["is_open"],
        )
        for one in found.get("components") or ()
    )  # fmt: skip
    there, missing = {part.component for part in parts}, [str(name) for name in found.get("missing") or ()]
    return Openness(
        words=CLASSES.get(str(found.get("openness")), CLASSES["none"]),
        parts=parts,
        above=str(found.get("next") or ""),
        absent=tuple(name for name in missing if name not in there),
        closed=tuple(name for name in missing if name in there),
    )
