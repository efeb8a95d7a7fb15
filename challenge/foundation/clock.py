"""Tells the time; the only place in the house that asks the machine."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that can say what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC, to the microsecond."""
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands where it is put: for rehearsals, the demo call and tests."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant the clock was put to."""
        return self.instant

    def advance(self, step: timedelta) -> datetime:
        """Move the clock forward by `step` and return the new instant."""
        self.instant += step
        return self.instant
