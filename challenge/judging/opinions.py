"""Second opinions on a board: where other rules of comparison put an entry, and what other tasks might have said."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class OtherRule:
    """One rule of comparison beside the board's own: its name, what it is, and whether it puts the entry in the top."""

    name: str
    definition: str
    place: int
    in_top: bool
    independent: bool
    """Whether nobody's worth under it depends on who else entered."""


@dataclass(frozen=True)
class Opinions:
    """What other rules and other tasks say of one entry; they inform, and decide nothing."""

    rules: tuple[OtherRule, ...]
    low: Decimal | None
    high: Decimal | None
    """Bounds of the points if the tasks were a sample of tasks of their kind; None with fewer than two tasks."""

    @property
    def count(self) -> int:
        """Under how many of the rules the entry is in the top."""
        return sum(rule.in_top for rule in self.rules)

    def sentence(self, winners: int) -> str:
        """Say it in words, as in: in the top 4 under 7 of 9 other rules."""
        return f"In the top {winners} under {self.count} of {len(self.rules)} other rules of comparison."
