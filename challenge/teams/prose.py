"""Puts instants and lists into plain sentences, and looks at longer texts that people type."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from challenge.foundation.permits import WhyNot


def moment(value: datetime, zone: str) -> str:
    """Write an instant in the call's zone and in UTC, for sentences that carry no markup."""
    there, utc = value.astimezone(ZoneInfo(zone)), value.astimezone(UTC)
    if not there.utcoffset():
        return utc.strftime("%-d %B %Y, %H:%M:%S UTC")
    same_day = there.date() == utc.date()
    tail = utc.strftime("%H:%M:%S UTC") if same_day else utc.strftime("%-d %B, %H:%M:%S UTC")
    return f"{there.strftime('%-d %B %Y, %H:%M:%S')} {there.tzname() or zone} ({tail})"


def listed(names: Sequence[str]) -> str:
    """Write names as a list: A, B and C."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


def tidy_text(text: str) -> str:
    """Return a text with composed letters, plain line ends, and no blanks around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def why_not_text(text: str, *, least: int, most: int) -> WhyNot:
    """Return None if a tidy text can be kept and shown, else what is wrong; lengths in characters.

    Invisible characters join letters in some scripts, so they are kept, but they do not make a text longer.
    """
    if sum(unicodedata.category(letter) != "Cf" for letter in text) < least:
        return "Write something here." if least == 1 else f"Write at least {least} characters."
    if len(text) > most:
        return f"This has {len(text):,} characters; at most {most:,} are kept. Shorten it."
    if any(unicodedata.category(letter) in {"Cc", "Co", "Cs"} and letter not in "\n\t" for letter in text):
        return "The text holds control characters; type it instead of pasting it."
    return None
