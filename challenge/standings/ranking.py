"""A ranking as a standing keeps it: the instrument's result, with long lists of names written as runs of places."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from challenge.foundation.canonical import canonical

FIGURES = ("entrant", "points", "se", "low", "high", "rank", "rank_low", "rank_high")
"""What is said of an entry as a whole, in the order of the instrument."""

Run = tuple[int, int]
"""First and last of neighbouring places; the best entry has place 1."""


class TaskScore(NamedTuple):
    """An entry's result on one task; decimals are texts, None where there is nothing to say.

    A tuple, since thousands are read at once.
    """

    task: str
    score: str | None
    utility: str
    points: str
    low: str | None
    high: str | None
    items: int


@dataclass(frozen=True)
class Entry:
    """One ranked entry: points from 0 to 100 with their interval, the rank and its simultaneous interval."""

    entrant: str
    points: str
    se: str | None
    low: str
    high: str
    rank: int
    rank_low: int
    rank_high: int
    tasks: tuple[TaskScore, ...]
    inseparable: tuple[Run, ...]
    """Places of the entries from which this one cannot be told apart."""
    order: tuple[str, ...] = field(repr=False, compare=False)
    """All ranked entrants, best first, shared by every entry of a board."""

    @property
    def inseparable_count(self) -> int:
        """How many entries this one cannot be told apart from."""
        return sum(last - first + 1 for first, last in self.inseparable)

    @property
    def inseparable_from(self) -> tuple[str, ...]:
        """Who this entry cannot be told apart from, best first."""
        return tuple(name for first, last in self.inseparable for name in self.order[first - 1 : last])


@dataclass(frozen=True)
class Unranked:
    """An entry without a rank, and the reason as a clause."""

    entrant: str
    reason: str


@dataclass(frozen=True)
class Ranking:
    """A whole board: entries by rank, then reference; the unranked by reference; and what it was computed from."""

    entries: tuple[Entry, ...]
    unranked: tuple[Unranked, ...]
    policy_digest: str
    scores_digest: str
    versions: Mapping[str, str]

    def entry(self, entrant: str) -> Entry | None:
        """Return the entry of a submission, None if it is not ranked."""
        return next((entry for entry in self.entries if entry.entrant == entrant), None)

    def could_be_top(self, places: int) -> tuple[str, ...]:
        """Return who cannot be excluded from the best `places` at the policy's confidence."""
        return tuple(entry.entrant for entry in self.entries if entry.rank_low <= places)


_FIELDS = itemgetter(*TaskScore._fields)
"""Takes a task's fields out of its plain form at once: a board has thousands of them."""


def compact(plain: Mapping[str, Any]) -> str:
    """Write the instrument's plain ranking as canonical JSON with runs of places for names.

    A thousand entries can be inseparable from hundreds each; as names that would be megabytes a version.
    """
    places = {entry["entrant"]: place for place, entry in enumerate(plain["entries"], start=1)}
    entries = [
        {**entry, "inseparable_from": runs(sorted(places[name] for name in entry["inseparable_from"]))}
        for entry in plain["entries"]
    ]
    return canonical({**plain, "entries": entries}).decode()


def read_ranking(text: str) -> Ranking:
    """Read what `compact` wrote; the instrument's own form, with names, is read as well."""
    plain = json.loads(text)
    order = tuple(entry["entrant"] for entry in plain["entries"])
    return Ranking(
        entries=tuple(_entry(entry, order) for entry in plain["entries"]),
        unranked=tuple(Unranked(one["entrant"], one["reason"]) for one in plain["unranked"]),
        policy_digest=plain["policy_digest"],
        scores_digest=plain["scores_digest"],
        versions=plain["versions"],
    )


def written_out(text: str) -> dict[str, Any]:
    """Return a kept ranking in the instrument's own plain form, so that its digest can be taken again."""
    plain: dict[str, Any] = json.loads(text)
    ranking = read_ranking(text)
    for entry, kept in zip(plain["entries"], ranking.entries, strict=True):
        entry["inseparable_from"] = list(kept.inseparable_from)
    return plain


def plain_of(ranking: Ranking) -> dict[str, Any]:
    """Write a ranking in the instrument's plain form; a scores digest that it does not have is left out."""
    plain: dict[str, Any] = {
        "entries": [
            {
                **{name: getattr(entry, name) for name in FIGURES},
                "tasks": [task._asdict() for task in entry.tasks],
                "inseparable_from": list(entry.inseparable_from),
            }
            for entry in ranking.entries
        ],
        "unranked": [{"entrant": one.entrant, "reason": one.reason} for one in ranking.unranked],
        "policy_digest": ranking.policy_digest,
        "versions": dict(ranking.versions),
    }
    return {**plain, "scores_digest": ranking.scores_digest} if ranking.scores_digest else plain


def runs(places: Sequence[int]) -> list[Run]:
    """Join rising places into runs of neighbours: 2, 3, 4, 9 become (2, 4) and (9, 9)."""
    found: list[Run] = []
    for place in places:
        if found and place == found[-1][1] + 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def _entry(plain: Mapping[str, Any], order: tuple[str, ...]) -> Entry:
    return Entry(
        entrant=plain["entrant"],
        points=plain["points"],
        se=plain["se"],
        low=plain["low"],
        high=plain["high"],
        rank=plain["rank"],
        rank_low=plain["rank_low"],
        rank_high=plain["rank_high"],
        tasks=tuple([TaskScore._make(_FIELDS(task)) for task in plain["tasks"]]),
        inseparable=_read_runs(plain["inseparable_from"], order),
        order=order,
    )


def _read_runs(near: Sequence[Any], order: tuple[str, ...]) -> tuple[Run, ...]:
    if near and isinstance(near[0], str):
        return tuple(runs(sorted(order.index(name) + 1 for name in near)))
    return tuple([(first, last) for first, last in near])
