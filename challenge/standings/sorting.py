"""In which order a board is read: by rank, or by anything else that stands in its table; the rank stays what it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from challenge.standings.asides import NOTHING, Aside
from challenge.standings.ranking import Entry

TASK = "task:"
LARGEST_FIRST = ("points", TASK)
"""What is read from the best down at first, because more of it is better."""

Value = Decimal | int | str
"""What entries are put in order by; None, where there is nothing, comes last in either direction."""


@dataclass(frozen=True)
class Sorting:
    """An order: a key, and whether it runs downwards.

    Keys are rank, team, points, low, high (of the rank interval), energy, cost, and task:NAME.
    """

    key: str = "rank"
    descending: bool = False

    @classmethod
    def read(cls, text: str) -> "Sorting":
        """Read an order from an address, as in -points; that the key exists is for `known` to say."""
        return cls(text.removeprefix("-"), text.startswith("-")) if text else BY_RANK

    @property
    def text(self) -> str:
        """The order as it stands in an address."""
        return f"-{self.key}" if self.descending else self.key

    @property
    def task(self) -> str | None:
        """The task by which it orders, None where it is something else."""
        return self.key.removeprefix(TASK) if self.key.startswith(TASK) else None

    def asked(self, key: str) -> "Sorting":
        """Return the order that the head of a column leads to: its own first, and turned round when asked again."""
        return Sorting(key, not self.descending if key == self.key else key.startswith(LARGEST_FIRST))

    def said(self, key: str) -> str:
        """Say for the head of a column whether the table is in its order, in the word that `aria-sort` takes."""
        if key != self.key:
            return ""
        return "descending" if self.descending else "ascending"

    def of(self, entries: Sequence[Entry], names: Mapping[str, str], asides: Mapping[str, Aside]) -> list[Entry]:
        """Put entries that are in order of rank and reference into this one; equal ones stay as they were."""
        value = self._value(names, asides)
        valued = [(found, entry) for entry in entries for found in [value(entry)] if found is not None]
        missing = [entry for entry in entries if value(entry) is None]
        valued.sort(key=lambda pair: pair[0], reverse=self.descending)
        return [*(entry for _, entry in valued), *missing]

    def _value(self, names: Mapping[str, str], asides: Mapping[str, Aside]) -> Callable[[Entry], Value | None]:
        if self.task is not None:
            return lambda entry: _of_task(entry, str(self.task))
        values: dict[str, Callable[[Entry], Value | None]] = {
            "rank": lambda entry: entry.rank,
            "team": lambda entry: names.get(entry.entrant, entry.entrant).casefold(),
            "points": lambda entry: Decimal(entry.points),
            "low": lambda entry: entry.rank_low,
            "high": lambda entry: entry.rank_high,
            "energy": lambda entry: asides.get(entry.entrant, NOTHING).joules,
            "cost": lambda entry: asides.get(entry.entrant, NOTHING).micros,
        }
        return values[self.key]


BY_RANK = Sorting()


def _of_task(entry: Entry, name: str) -> Decimal | None:
    """Return a utility; a missing result that counts as its floor has none to be put in order by."""
    found = next((task for task in entry.tasks if task.task == name), None)
    return None if found is None or found.score is None else Decimal(found.utility)
