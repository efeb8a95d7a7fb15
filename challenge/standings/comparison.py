"""Two entries of one standing side by side, as data: every difference is the first less the second."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Difference:
    """How far the first entry is ahead, in points; bounds are None where no spread can be estimated."""

    points: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Items:
    """How many items one of the two answered better; which ones they are is not said."""

    first: int
    second: int
    equal: int

    @property
    def all(self) -> int:
        """All items."""
        return self.first + self.second + self.equal


@dataclass(frozen=True)
class OnTask:
    """Two entries on one task; the difference is of utilities, in hundredths."""

    task: str
    first: Decimal
    second: Decimal
    difference: Difference
    items: Items


@dataclass(frozen=True)
class Opinion:
    """What a further procedure says of the same two entries."""

    procedure: str
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """Two entries on everything that a board measures."""

    difference: Difference
    tasks: tuple[OnTask, ...]
    opinions: tuple[Opinion, ...]

    @property
    def items(self) -> Items:
        """The items of all tasks together."""
        return Items(
            sum(one.items.first for one in self.tasks),
            sum(one.items.second for one in self.tasks),
            sum(one.items.equal for one in self.tasks),
        )
