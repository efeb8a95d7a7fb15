"""Reads whole numbers and amounts of money as people type them, and refuses what could be read in two ways."""

import re

_GROUPED = re.compile(r"[0-9]{1,3}(?:[ ,'’\u00a0\u202f][0-9]{3})+|[0-9]+")
_AMOUNT = re.compile(r"(?P<whole>.+?)(?:\.(?P<part>[0-9]{1,2}))?")
_SEPARATORS = str.maketrans("", "", " ,'’\u00a0\u202f")
MOST_DIGITS = 15
"""Longer numbers are slips of the finger; fifteen digits of euros still fit a 64-bit number of cents."""


class AmountError(ValueError):
    """Raised where a text is no amount; its text says how to write one."""


def whole_number(text: str) -> int:
    """Read a number that is not negative, thousands parted or not; raise AmountError."""
    number = _digits(text.strip())
    if number is None:
        raise AmountError("Write a whole number such as 1,200 or 1200.")
    return number


def cents(text: str) -> int:
    """Read an amount as integer cents, as in 1,250,000 or 1250000.50; raise AmountError.

    A point parts cents and only cents: 1.250 is refused, because it means two different amounts to two readers.
    """
    found = _AMOUNT.fullmatch(text.strip())
    whole = _digits(found["whole"]) if found else None
    if found is None or whole is None:
        raise AmountError("Write an amount such as 1,250,000 or 1250000.50: commas or blanks between thousands.")
    return whole * 100 + int((found["part"] or "0").ljust(2, "0"))


def _digits(text: str) -> int | None:
    if not _GROUPED.fullmatch(text):
        return None
    plain = text.translate(_SEPARATORS)
    return int(plain) if len(plain) <= MOST_DIGITS else None
