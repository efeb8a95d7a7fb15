"""What an archive holds of people and of files."""

from dataclasses import dataclass
from enum import StrEnum


class People(StrEnum):
    """How people stand in an archive."""

    NAMES = "names"
    """As they are known on the site, with their addresses; nobody's password is in any archive."""
    PSEUDONYMS = "pseudonyms"
    """As "Person 17", with an address that no mail reaches."""


class FileKind(StrEnum):
    """What a file of the store is to a call."""

    LABELS = "labels"
    """Suites with their hidden labels, and the bundle that the call was made from: it has them, too."""
    ENTRIES = "entries"
    """What teams handed in: predictions, packages, models that were fetched."""
    OUTPUTS = "outputs"
    """What came of runs: scores of items, answers of models."""
    STARTERS = "starters"
    """The public parts of suites."""
    SCORES = "scores"
    """What boards were computed from, and the bundles by which standings and decisions are recomputed."""
    EVIDENCE = "evidence"
    """Documents of licence scans."""


CONFIDENTIAL = (FileKind.LABELS, FileKind.ENTRIES, FileKind.OUTPUTS)
"""Kinds that an admin may leave out of an archive; the records of it name every file all the same."""


@dataclass(frozen=True)
class Wish:
    """What of a call an archive is to hold."""

    people: People
    left_out: tuple[FileKind, ...] = ()

    @property
    def why_not(self) -> str | None:
        """Say which kind may not be left out; None where all may."""
        for kind in self.left_out:
            if kind not in CONFIDENTIAL:
                return f"Files of the kind {kind} are in every archive; only {', '.join(CONFIDENTIAL)} may be left out."
        return None
