"""A ranking as a standing keeps it: the instrument's result, with the long lists of each entry as one text.

Whoever reads a board asks for every entry's rank and points, but for few entries' tasks and neighbours. These are most
of a ranking, so they are kept as texts, which cost next to nothing until somebody asks for them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from challenge.foundation.canonical import canonical

FIGURES = ("entrant", "points", "se", "low", "high", "rank", "rank_low", "rank_high")
"""What is said of an entry as a whole, in the order of the instrument."""

Run = tuple[int, int]
"""First and last of neighbouring places; the best entry has place 1."""


class TaskScore(NamedTuple):
    """An entry's result on one task; decimals are texts, None where there is nothing to say."""

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
    results: str
    """Its results on the tasks, as `write_results` writes them."""
    near: str
    """Places of the entries from which this one cannot be told apart, as `write_runs` writes them."""
    order: tuple[str, ...] = field(repr=False, compare=False)
    """All ranked entrants, best first, shared by every entry of a board."""

    @cached_property
    def tasks(self) -> tuple[TaskScore, ...]:
        """The results task by task."""
        return tuple([_read_result(text) for text in self.results.split(";")]) if self.results else ()

    @cached_property
    def inseparable(self) -> tuple[Run, ...]:
        """Places of the entries from which this one cannot be told apart."""
        return tuple([_read_run(text) for text in self.near.split()])

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
"""Takes a task's fields out of its plain form at once."""
NONE = "-"
"""What stands for None in a result."""


def compact(plain: Mapping[str, Any]) -> str:
    """Write the instrument's plain ranking as canonical JSON, tasks and neighbours of each entry as one text each.

    A thousand entries can be inseparable from hundreds each; as names that would be megabytes a version.
    """
    return canonical(_packed(plain)).decode()


def read_ranking(text: str) -> Ranking:
    """Read what `compact` wrote; the instrument's own form is read as well, and so are runs as pairs of places."""
    plain = json.loads(text)
    if any(not isinstance(entry["tasks"], str) for entry in plain["entries"][:1]):
        plain = _packed(plain)
    order = tuple([entry["entrant"] for entry in plain["entries"]])
    return Ranking(
        entries=tuple([_entry(entry, order) for entry in plain["entries"]]),
        unranked=tuple(Unranked(one["entrant"], one["reason"]) for one in plain["unranked"]),
        policy_digest=plain["policy_digest"],
        scores_digest=plain["scores_digest"],
        versions=plain["versions"],
    )


def plain_of(ranking: Ranking) -> dict[str, Any]:
    """Write a ranking in the instrument's plain form, so that its digest can be taken again.

    A scores digest that it does not have is left out.
    """
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


def write_runs(found: Iterable[Run]) -> str:
    """Write runs of places as a text: (2, 4) and (9, 9) become 2-4 9."""
    return " ".join([str(first) if first == last else f"{first}-{last}" for first, last in found])


def write_results(found: Iterable[TaskScore]) -> str:
    """Write results as a text: fields parted by blanks, tasks by semicolons; raise ValueError where one has either."""
    rows = [[NONE if value is None else str(value) for value in result] for result in found]
    if any(not value or set(value) & {" ", ";"} for row in rows for value in row):
        raise ValueError(f"A result has an empty field, or one with a blank or a semicolon: {rows}")
    return ";".join([" ".join(row) for row in rows])


def _packed(plain: Mapping[str, Any]) -> dict[str, Any]:
    places = {entry["entrant"]: place for place, entry in enumerate(plain["entries"], start=1)}
    entries = [
        {
            **entry,
            "inseparable_from": write_runs(_runs_of(entry["inseparable_from"], places)),
            "tasks": write_results(TaskScore._make(_FIELDS(task)) for task in entry["tasks"]),
        }
        for entry in plain["entries"]
    ]
    return {**plain, "entries": entries}


def _runs_of(near: Sequence[Any], places: Mapping[str, int]) -> Iterable[Run]:
    """Return neighbours as runs, given by their names or as pairs of places."""
    return runs(sorted(places[name] for name in near)) if near and isinstance(near[0], str) else near


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
        results=plain["tasks"],
        near=plain["inseparable_from"],
        order=order,
    )


def _read_result(text: str) -> TaskScore:
    task, score, utility, points, low, high, items = text.split(" ")
    return TaskScore(task, _known(score), utility, points, _known(low), _known(high), int(items))


def _known(text: str) -> str | None:
    return None if text == NONE else text


def _read_run(text: str) -> Run:
    first, _, last = text.partition("-")
    return int(first), int(last or first)
