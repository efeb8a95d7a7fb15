"""Puts dates, hours, money and scores into words."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

SPEAKS_OF_DAYS, SPEAKS_OF_YEARS = 31, 1096
"""From so many days on a span is written in days alone, and in years alone."""


def instant(value: datetime | None, zone: str = "UTC") -> Markup:
    """Write an instant in the call's zone and in UTC, both named; machine-readable for assistive readers."""
    if value is None:
        return Markup("<span>not set</span>")
    there, utc = value.astimezone(ZoneInfo(zone)), value.astimezone(ZoneInfo("UTC"))
    text = there.strftime("%-d %B %Y, %H:%M ") + (there.tzname() or zone)
    if there.utcoffset():
        same_day = there.date() == utc.date()
        text += utc.strftime(" (%H:%M UTC)" if same_day else " (%-d %B, %H:%M UTC)")
    return Markup('<time datetime="{}">{}</time>').format(utc.strftime("%Y-%m-%dT%H:%M:%SZ"), text)


def day(value: datetime | None, zone: str = "UTC") -> str:
    """Write only the day of an instant, in `zone`."""
    return value.astimezone(ZoneInfo(zone)).strftime("%-d %B %Y") if value else "not set"


def money(cents: int, currency: str = "EUR") -> str:
    """Write integer cents as an amount, as in EUR 1,000,000.00."""
    sign = "-" if cents < 0 else ""
    return f"{currency} {sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def prize(cents: int, currency: str = "EUR") -> str:
    """Write an amount as a headline does: EUR 1,000,000, with cents only where there are any."""
    return money(cents, currency).removesuffix(".00")


def count(number: int) -> str:
    """Write a whole number with its thousands parted."""
    return f"{number:,}"


def points(value: str | Decimal | None, places: int = 2) -> str:
    """Write a decimal text with a fixed number of places; a dash where there is none."""
    return "–" if value is None else f"{Decimal(value):.{places}f}"


def percent(share: str | Decimal) -> str:
    """Write a share between 0 and 1 in whole percent."""
    return f"{round(Decimal(share) * 100)}%"


def halves(value: int | None) -> str:
    """Write half marks as a score: 7 is 3.5."""
    return "–" if value is None else f"{value // 2}.{5 if value % 2 else 0}"


def size(octets: int) -> str:
    """Write a number of bytes in the unit a person would use."""
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets >= step:
            return f"{octets / step:.1f} {unit}"
    return f"{octets} bytes"


def span(value: timedelta) -> str:
    """Write a length of time as a person would: hours are left out of months, and days out of years."""
    seconds = max(int(value.total_seconds()), 0)
    if seconds >= SPEAKS_OF_YEARS * 86400:
        return f"{seconds // 86400 * 4 // 1461} years"  # 1461 days are four years
    if seconds >= SPEAKS_OF_DAYS * 86400:
        return f"{seconds // 86400} days"
    parts = [
        (seconds // 86400, "day"),
        (seconds % 86400 // 3600, "hour"),
        (seconds % 3600 // 60, "minute"),
        (seconds % 60, "second"),
    ]
    said = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(said[:2]) or "0 seconds"


def plain(state: str) -> str:
    """Write the name of a state as words: `needs_review` is "needs review", and what is not is joined by a hyphen."""
    return str(state).replace("non_", "non-").replace("_", " ")


def plural(number: int, singular: str, several: str = "") -> str:
    """Write a number with its noun: 1 team, 2 teams."""
    return f"{number:,} {singular if number == 1 else several or singular + 's'}"


def paragraphs(text: str) -> Markup:
    """Write plain text as paragraphs, everything in it escaped."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(escape(block.strip())) for block in blocks)


def teach_words(app: Flask) -> None:
    """Give the templates these words as filters."""
    for filter_ in (instant, day, money, prize, count, points, percent, halves, size, span, plain, plural, paragraphs):
        app.add_template_filter(filter_, filter_.__name__)
