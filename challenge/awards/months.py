"""Counts in calendar months as a person in the call's zone does."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_PERIOD = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def add_months(instant: datetime, months: int, zone: str) -> datetime:
    """Return the same day and time of day `months` later in `zone`, aware, in UTC.

    A day that the later month does not have becomes its last: a month after 31 January is the end of
    February. A time that a clock change skips is moved on by the length of the change.
    """
    there = instant.astimezone(ZoneInfo(zone))
    year, month = divmod(there.year * 12 + there.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return there.replace(year=year, month=month + 1, day=min(there.day, last)).astimezone(UTC)


def same_time_on(day: date, instant: datetime, zone: str) -> datetime:
    """Return the time of day that an instant has in `zone`, on another day there, in UTC."""
    there = instant.astimezone(ZoneInfo(zone))
    return there.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)


def month_of(instant: datetime, zone: str) -> str:
    """Return the month of an instant in `zone`, as 2027-03."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m")


def months_of(starts: datetime, ends: datetime, zone: str) -> tuple[str, ...]:
    """Return the months that a time from `starts` until just before `ends` touches in `zone`, in order."""
    first = starts.astimezone(ZoneInfo(zone))
    found = [first.strftime("%Y-%m")]
    while True:
        year, month = map(int, found[-1].split("-"))
        beginning = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=ZoneInfo(zone))
        if beginning >= ends:
            return tuple(found)
        found.append(beginning.strftime("%Y-%m"))


def is_month(text: str) -> bool:
    """Tell whether a text names a month, as 2027-03 does."""
    return _PERIOD.fullmatch(text) is not None
