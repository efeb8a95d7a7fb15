"""Reads the dates people write into a call, and refuses those that name no instant or more than one."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2000, 2100
HOW_TO = "Write a date such as 2 November 2026, 17:00 or 2026-11-02 17:00"

_ISO_DAY = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_WORDED_DAY = r"(?P<day>[0-9]{1,2}) (?P<month>[A-Za-z]{3,9}) (?P<year>[0-9]{4})"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2})(\.(?P<fraction>[0-9]{1,6}))?)?"
_PATTERNS = tuple(re.compile(rf"{day}(?:[T ]|, ?){_TIME} ?(?P<zone>.*)") for day in (_ISO_DAY, _WORDED_DAY))
_DAYS = tuple(re.compile(day) for day in (_ISO_DAY, _WORDED_DAY))
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>[0-9]{2})(:?(?P<minutes>[0-9]{2}))?")
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")
_CITY = re.compile(r"\(?(?P<city>[A-Z][A-Za-z .'-]+?) time\)?")


class DateError(ValueError):
    """Raised where a text names no instant, or more than one; its message says what to write."""


@cache
def zones() -> frozenset[str]:
    """Return the names of the time zones that a call may stand in, such as Europe/Brussels."""
    places = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
    return frozenset({"UTC"} | {name for name in available_timezones() if name.split("/")[0] in places})


def read_zone(text: str) -> str:
    """Return the name of a time zone as it is; raise DateError where there is none such."""
    if text not in zones():
        raise DateError(f"{text!r} is not the name of a time zone. Write a place such as Europe/Brussels, or UTC.")
    return text


def read_time(text: str) -> str:
    """Return a time of day as it is, such as 23:59 or 23:59:59; raise DateError where it is none."""
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", text) is None:
        raise DateError(f"{text!r} is no time of day. Write one such as 23:59.")
    return text


def read_instant(text: str, *, zone: str) -> datetime:
    """Read a date with its time and return the instant, aware, in UTC.

    Without a zone of its own the text is meant in `zone`, a name out of `zones()`. An offset, UTC or a
    named zone stand as written; an abbreviation such as CET must be the one that holds in `zone` at that
    hour. Raises DateError where time or zone are missing, wrong, skipped or doubled by a clock change.
    """
    tidy = " ".join(text.split())
    found = next((match for pattern in _PATTERNS if (match := pattern.fullmatch(tidy))), None)
    if found is None:
        if any(day.fullmatch(tidy) for day in _DAYS):
            raise DateError(f"{tidy!r} has no time of day. {HOW_TO}.")
        raise DateError(f"{tidy!r} is not a date that can be read. {HOW_TO}.")
    local = _local(found, tidy)
    suffix = found["zone"]
    if not suffix:
        return _only(local, zone)
    if suffix in {"Z", "UTC"}:
        return local.replace(tzinfo=UTC)
    if offset := _OFFSET.fullmatch(suffix):
        return _at_offset(local, offset, tidy)
    if _ABBREVIATION.fullmatch(suffix):
        return _abbreviated(local, suffix, zone)
    return _only(local, _named(suffix, zone))


def has_zone(text: str) -> bool:
    """Tell whether a date with its time carries a zone of its own, be it one that cannot be read; else False."""
    tidy = " ".join(text.split())
    return any(found["zone"] for pattern in _PATTERNS if (found := pattern.fullmatch(tidy)))


def instant_words(instant: datetime, *, zone: str) -> str:
    """Write an instant as `read_instant` reads it back to the same instant: 2 November 2026, 17:00 CET."""
    local = instant.astimezone(ZoneInfo(zone))
    time = local.strftime("%H:%M")
    if local.second or local.microsecond:
        time += local.strftime(":%S") + (f".{local.microsecond:06d}" if local.microsecond else "")
    return f"{_day(local)}, {time} {_suffix(local, zone)}"


def _suffix(local: datetime, zone: str) -> str:
    """Name the zone of a local time: by its abbreviation where that decides, else by its offset."""
    candidates = _instants(local.replace(tzinfo=None), zone)
    names = [name for _, name in candidates]
    name = local.tzname() or ""
    if _ABBREVIATION.fullmatch(name) and names.count(name) == 1:
        return name
    seconds = int((local.utcoffset() or timedelta()).total_seconds())
    return f"{'-' if seconds < 0 else '+'}{abs(seconds) // 3600:02d}:{abs(seconds) % 3600 // 60:02d}"


def _local(found: re.Match[str], text: str) -> datetime:
    month = int(found["month"]) if found["month"].isdigit() else _month(found["month"], text)
    fraction = (found["fraction"] or "0").ljust(6, "0")
    if not FIRST_YEAR <= int(found["year"]) <= LAST_YEAR:
        raise DateError(f"{text!r} lies outside the years {FIRST_YEAR} to {LAST_YEAR}. Correct the year.")
    try:
        numbers = (int(found["day"]), int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        return datetime(int(found["year"]), month, *numbers, int(fraction))  # noqa: DTZ001 (its zone is found next)
    except ValueError:
        raise DateError(f"There is no such day or time as {text!r}. Correct it; hours run from 00 to 23.") from None


def _month(word: str, text: str) -> int:
    for number, month in enumerate(MONTHS, start=1):
        if word.lower() in {month.lower(), month[:3].lower()}:
            return number
    raise DateError(f"{text!r} names no month. {HOW_TO}.")


def _instants(local: datetime, zone: str) -> list[tuple[datetime, str]]:
    """List the instants at which the clocks of `zone` show `local`, each with the zone's abbreviation then."""
    found: dict[datetime, str] = {}
    for fold in (0, 1):
        there = local.replace(tzinfo=ZoneInfo(zone), fold=fold)
        instant = there.astimezone(UTC)
        if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local:
            found[instant] = there.tzname() or ""
    return sorted(found.items())


def _only(local: datetime, zone: str) -> datetime:
    candidates = _instants(local, zone)
    if not candidates:
        raise DateError(_skipped(local, zone))
    if len(candidates) > 1:
        ways = " or ".join(f"{_time(local)} {_suffix(at.astimezone(ZoneInfo(zone)), zone)}" for at, _ in candidates)
        raise DateError(f"On {_day(local)} the clocks of {zone} show {_time(local)} twice. Write {ways}.")
    return candidates[0][0]


def _abbreviated(local: datetime, name: str, zone: str) -> datetime:
    candidates = _instants(local, zone)
    matching = [instant for instant, known in candidates if known == name]
    if len(matching) == 1:
        return matching[0]
    if not candidates:
        raise DateError(_skipped(local, zone))
    if matching:
        ways = " or ".join(f"{_time(local)} {_suffix(at.astimezone(ZoneInfo(zone)), zone)}" for at in matching)
        raise DateError(f"On {_day(local)} the clocks of {zone} show {_time(local)} {name} twice. Write {ways}.")
    known = " or ".join(_suffix(at.astimezone(ZoneInfo(zone)), zone) for at, _ in candidates)
    raise DateError(
        f"{zone} is not on {name} at that time: on {_day(local)} it is on {known}. "
        f"Write {_time(local)} {known} if the clocks there are meant, else an offset such as {_time(local)} +01:00."
    )


def _at_offset(local: datetime, offset: re.Match[str], text: str) -> datetime:
    hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
    if hours > 14 or minutes > 59:
        raise DateError(f"{text!r} has an offset that no clock keeps. Write one such as +01:00.")
    length = timedelta(hours=hours, minutes=minutes)
    return local.replace(tzinfo=timezone(-length if offset["sign"] == "-" else length)).astimezone(UTC)


def _named(suffix: str, zone: str) -> str:
    """Find the zone that a suffix names: `Europe/Brussels`, or `Brussels time`."""
    if suffix in zones():
        return suffix
    if city := _CITY.fullmatch(suffix):
        known = [name for name in (zone, *sorted(zones())) if _city(name) == city["city"]]
        if known:
            return known[0]
    raise DateError(
        f"{suffix!r} is not a time zone. Write nothing for the call's own ({zone}), or a name such as "
        "Europe/Brussels, an offset such as +01:00, or UTC."
    )


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _skipped(local: datetime, zone: str) -> str:
    return (
        f"On {_day(local)} the clocks of {zone} are put forward over {_time(local)}: that time does not exist. "
        "Write an hour before or after."
    )


def _day(local: datetime) -> str:
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def _time(local: datetime) -> str:
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")
