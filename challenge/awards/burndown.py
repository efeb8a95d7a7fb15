"""Says how much of an allocation is used, month by month and in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

WARN_PERCENT = 80


class Burn(StrEnum):
    """How an allocation stands."""

    WITHIN = "within"
    NEARLY_USED = "nearly_used"
    OVER = "over"


@dataclass(frozen=True)
class Month:
    """One month of an allocation: hours reported in it, None where no report came, and hours used until its end."""

    period: str
    hours: int | None
    until: int
    is_ahead: bool = False
    """Whether the month has not begun, so that nothing can have been used in it."""


@dataclass(frozen=True)
class Burndown:
    """An allocation's hours and what became of them."""

    hours: int
    months: tuple[Month, ...]

    @property
    def used(self) -> int:
        """Hours used in all."""
        return self.months[-1].until if self.months else 0

    @property
    def begun(self) -> tuple[Month, ...]:
        """The months that have begun."""
        return tuple(month for month in self.months if not month.is_ahead)

    @property
    def left(self) -> int:
        """Hours that may still be used; negative where more was used than granted."""
        return self.hours - self.used

    @property
    def percent(self) -> int:
        """Whole percent used, rounded down, so that 100 means all of it."""
        return self.used * 100 // self.hours

    @property
    def state(self) -> Burn:
        """Say how the allocation stands; over means more than granted, not all of it."""
        if self.used > self.hours:
            return Burn.OVER
        return Burn.NEARLY_USED if self.percent >= WARN_PERCENT else Burn.WITHIN

    @property
    def sentence(self) -> str:
        """Say the same in words."""
        if self.state is Burn.OVER:
            return f"Over: {-self.left:,} hours more than granted were used."
        if self.state is Burn.NEARLY_USED:
            return f"{WARN_PERCENT}% or more is used; {self.left:,} hours are left."
        return f"{self.left:,} hours are left."


def burndown(hours: int, periods: Sequence[str], reported: Mapping[str, int], *, present: str = "") -> Burndown:
    """Lay reports, hours by month, out over the months of an allocation of `hours`.

    Months after `present`, such as 2026-11, are ahead; without it none is.
    """
    months, until = [], 0
    for period in sorted({*periods, *reported}):
        until += reported.get(period, 0)
        months.append(Month(period, reported.get(period), until, is_ahead=bool(present) and period > present))
    return Burndown(hours, tuple(months))
