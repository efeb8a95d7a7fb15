"""Entries whose answers are too alike, as data: a pointer for a person, and no proof of anything."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

LINEAGE_WORDS = {
    "shared": "both declare",
    "different": "different bases declared",
    "not declared": "not declared by both",
}


@dataclass(frozen=True)
class Entrant:
    """What an entry is compared by: its predictions; its package says what it was made from, where there is one."""

    reference: str
    predictions_sha256: str
    package_sha256: str | None


@dataclass(frozen=True)
class Pair:
    """Two entries that share more mistakes than the field makes likely, by reference, the first before the second."""

    first: str
    second: str
    z: Decimal
    same: int
    expected: Decimal
    both_wrong: int
    lineage: str
    families: tuple[str, ...]

    @property
    def lineage_words(self) -> str:
        """What both say of their descent."""
        return " ".join([LINEAGE_WORDS[self.lineage], ", ".join(self.families)]).strip()


@dataclass(frozen=True)
class Alike:
    """What came of comparing all pairs; `limit` is the z above which a pair is shown."""

    limit: Decimal
    compared: int
    """How many entries were compared."""
    pairs: int
    items: int
    """On how many items; those of tasks with labels."""
    found: tuple[Pair, ...]
    """The most alike first."""


@dataclass(frozen=True)
class Outcome:
    """What an admin found out about a pair."""

    first: str
    second: str
    note: str
    noted_at: datetime
    noted_by: str
