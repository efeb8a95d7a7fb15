"""The time of a run: seconds that pass, the date for HTTP, and waiting; a test brings a clock that does not wait."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What a run asks of time."""

    def passed(self) -> float:
        """Give seconds since some instant, which never go back."""
        ...

    def date(self) -> float:
        """Give seconds since 1970-01-01 UTC."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return after so many seconds."""
        ...


class SystemClock:
    """The clock of the machine."""

    def passed(self) -> float:
        """Give the monotonic clock."""
        return time.monotonic()

    def date(self) -> float:
        """Give the time of day."""
        return time.time()

    async def wait(self, seconds: float) -> None:
        """Sleep, and let others work."""
        await asyncio.sleep(seconds)
