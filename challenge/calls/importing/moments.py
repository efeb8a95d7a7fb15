"""Reads the dates of bundles to the second, with their offsets; a date without a time or a zone is an error."""

import re
from zoneinfo import ZoneInfo

from challenge.calls.dates import HOW_TO, DateError, has_zone, read_instant
from challenge.calls.importing.drafts import Moment
from challenge.calls.importing.ledger import Ledger
from challenge.calls.positions import Path

EXAMPLE = "2026-11-02T17:00:00+01:00"
UNREADABLE = "the bundle has a date here that cannot be read"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2} [A-Za-z]{3,9} [0-9]{4}")
_SHORT = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:([Tt ])([0-9]{1,2})(:[0-9]{2}.*))?")
"""A date as YAML has it, whose month, day and hour may be written with one digit."""


def read_moment(
    ledger: Ledger,
    path: Path,
    into: str,
    *,
    closes: bool,
    always: str = "",
    usual: str = "",
    optional: bool = False,
) -> Moment | None:
    """Take a date and return its instant; None, with an error that says what to write, where it names none.

    `always` is the zone that the format itself gives to dates without one. `usual` is the one that its documentation
    gives and whoever imports may say otherwise. The time of day of a date without any is the one that was said at the
    import for beginnings, or for ends where something `closes`; nobody's silence is taken for midnight. With `optional`
    an empty date is as good as none.
    """
    if optional and ledger.at(path) in (None, ""):
        ledger.leave(path, "There is no date here.")
        return None
    value = ledger.take(path, into)
    if not isinstance(value, str) or not value.strip():
        if ledger.has(path):
            ledger.error(path, f"There is no date here. Write one such as {EXAMPLE}.")
        return None
    tidy = _padded(" ".join(value.split()))
    time = ledger.desk.closes_at if closes else ledger.desk.opens_at
    bare = _DAY.fullmatch(tidy) is not None
    if bare and time:
        tidy = f"{tidy} {time}"
    zone = always or ledger.desk.zone or usual
    try:
        # a text without zone is read in UTC only to find out whether it is a date at all
        instant = read_instant(tidy, zone=zone or "UTC")
    except DateError as error:
        ends = "ends" if closes else "begins"
        more = (
            "" if time or not bare else f" Or say when you import it at which time of day {ends} what {ends} on a day."
        )
        ledger.error(path, str(error).replace(HOW_TO, f"Write a date such as {EXAMPLE}") + more)
        return None
    line = ledger.line(path)
    if has_zone(tidy):
        return Moment(instant, tidy, line)
    if not zone:
        ledger.error(
            path,
            f"{tidy!r} says no time zone. Write its offset, such as {tidy} +01:00, or +00:00 for UTC; or say "
            "when you import it in which zone such dates are meant.",
        )
        return None
    who = "as was said at the import" if ledger.desk.zone and not always else f"as {ledger.format} has it"
    if bare:
        ledger.note(path, f"{value.strip()!r} says no time of day; it is read as {time}, as was said at the import.")
    ledger.note(path, f"{tidy!r} says no time zone; it is read in {zone}, {who}.")
    return Moment(instant, instant.astimezone(ZoneInfo(zone)).isoformat(sep=" "), line)


def unread(ledger: Ledger, path: Path, moment: Moment | None) -> str:
    """Say why a date is left open although the bundle has one; nothing where it has none, or it was read."""
    return "" if moment or ledger.at(path) in (None, "") else UNREADABLE


def _padded(text: str) -> str:
    """Write month, day and hour with two digits, as in 2019-07-01 09:45, where YAML allows one."""
    found = _SHORT.fullmatch(text)
    if found is None:
        return text
    year, month, day, between, hour, rest = found.groups()
    date = f"{year}-{month:0>2}-{day:0>2}"
    return date if rest is None else f"{date}{between.upper()}{hour:0>2}{rest}"
