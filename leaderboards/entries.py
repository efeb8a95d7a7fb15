"""A ranking as it is shown and kept: frozen, with every real number a decimal of six places."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from leaderboards.canonical import digest
from leaderboards.decimals import PLACES, exact, from_exact, spelled
from leaderboards.fields import Fields
from leaderboards.refusals import BundleError
from leaderboards.scores import Unranked


@dataclass(frozen=True)
class TaskScore:
    """An entrant's result on one task; low and high bound the score, None where no spread can be estimated.

    score is None, and items 0, where a missing task counts as its floor.
    """

    task: str
    score: Decimal | None
    utility: Decimal
    points: Decimal
    low: Decimal | None
    high: Decimal | None
    items: int


@dataclass(frozen=True)
class Entry:
    """One ranked entrant: points from 0 to 100 with their interval, the rank and its simultaneous interval."""

    entrant: str
    points: Decimal
    se: Decimal | None
    low: Decimal
    high: Decimal
    rank: int
    rank_low: int
    rank_high: int
    tasks: tuple[TaskScore, ...]
    inseparable_from: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """A whole board: entries by rank, then name; the unranked by name; and what it was computed from."""

    entries: tuple[Entry, ...]
    unranked: tuple[Unranked, ...]
    policy_digest: str
    scores_digest: str
    versions: tuple[tuple[str, str], ...]

    def could_be_top(self, places: int) -> tuple[str, ...]:
        """Name the entrants that cannot be excluded from the best `places` at the policy's confidence."""
        return tuple(entry.entrant for entry in self.entries if entry.rank_low <= places)

    def entry(self, entrant: str) -> Entry | None:
        """Find an entrant's entry, or None where it is not ranked."""
        return next((entry for entry in self.entries if entry.entrant == entrant), None)

    def digest(self) -> str:
        """Compute the SHA-256 of the result; library versions are left out, since they are no part of it."""
        result = self.to_dict()
        del result["versions"]
        return digest(result)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types in which every real number is a decimal string."""
        return {
            "entries": [_entry_out(entry) for entry in self.entries],
            "unranked": [{"entrant": one.entrant, "reason": one.reason} for one in self.unranked],
            "policy_digest": self.policy_digest,
            "scores_digest": self.scores_digest,
            "versions": dict(self.versions),
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned; raise BundleError with the path of whatever is wrong."""
        fields = Fields(given, path="", error=BundleError)
        entries = tuple(_entry_in(one) for one in fields.records("entries"))
        unranked = []
        for one in fields.records("unranked"):
            unranked.append(Unranked(one.text("entrant"), one.text("reason")))
            one.close()
        digests = fields.text("policy_digest"), fields.text("scores_digest")
        named = fields.record("versions")
        versions = tuple(sorted((key, named.text(key)) for key in named.names_left()))
        fields.close()
        return cls(entries, tuple(unranked), *digests, versions)


def _entry_out(entry: Entry) -> dict[str, Any]:
    return {
        "entrant": entry.entrant,
        "points": spelled(entry.points),
        "se": spelled(entry.se),
        "low": spelled(entry.low),
        "high": spelled(entry.high),
        "rank": entry.rank,
        "rank_low": entry.rank_low,
        "rank_high": entry.rank_high,
        "tasks": [
            {
                "task": task.task,
                "score": spelled(task.score),
                "utility": spelled(task.utility),
                "points": spelled(task.points),
                "low": spelled(task.low),
                "high": spelled(task.high),
                "items": task.items,
            }
            for task in entry.tasks
        ],
        "inseparable_from": list(entry.inseparable_from),
    }


def _entry_in(fields: Fields) -> Entry:
    entry = Entry(
        entrant=fields.text("entrant"),
        points=_decimal(fields, "points"),
        se=_decimal_or_none(fields, "se"),
        low=_decimal(fields, "low"),
        high=_decimal(fields, "high"),
        rank=fields.integer("rank", low=1),
        rank_low=fields.integer("rank_low", low=1),
        rank_high=fields.integer("rank_high", low=1),
        tasks=tuple(_task_in(one) for one in fields.records("tasks")),
        inseparable_from=fields.texts("inseparable_from"),
    )
    fields.close()
    return entry


def _task_in(fields: Fields) -> TaskScore:
    task = TaskScore(
        task=fields.text("task"),
        score=_decimal_or_none(fields, "score"),
        utility=_decimal(fields, "utility"),
        points=_decimal(fields, "points"),
        low=_decimal_or_none(fields, "low"),
        high=_decimal_or_none(fields, "high"),
        items=fields.integer("items", low=0),
    )
    fields.close()
    return task


def _decimal(fields: Fields, key: str) -> Decimal:
    text = fields.text(key)
    ratio = exact(text)
    if ratio is None or spelled(from_exact(ratio)) != text:
        raise BundleError(f"{fields.at(key)} must be a decimal string with {PLACES} places, not {text[:40]!r}.")
    return Decimal(text)


def _decimal_or_none(fields: Fields, key: str) -> Decimal | None:
    return None if fields.skip_null(key) else _decimal(fields, key)
