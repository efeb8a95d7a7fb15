"""Reads money, marks, sizes and shares from the texts of a call file, exactly."""

import re
from decimal import Decimal

_MONEY = re.compile(r"(?P<units>[0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.(?P<cents>[0-9]{2}))?")
_MARKS = re.compile(r"(?P<whole>[0-9]{1,3})(\.(?P<tenth>[05]))?")
_WHOLE = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4}")
_SIZE = re.compile(r"(?P<number>[0-9]{1,6}) ?(?P<unit>kB|MB|GB)")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,12})?")
_UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}

Scalar = str | int


class AmountError(ValueError):
    """Raised where a text is no amount of its kind; its message says what to write."""


def read_money(text: Scalar) -> int:
    """Return an amount in cents: `1,000,000` and `1000000.00` are 100,000,000; raise AmountError."""
    found = _MONEY.fullmatch(str(text))
    if found is None:
        raise AmountError(
            f"{str(text)!r} is not an amount exact to the cent. Write one such as 1,000,000 or 250000.50: "
            "commas part thousands, and cents have two digits."
        )
    return int(found["units"].replace(",", "")) * 100 + int(found["cents"] or 0)


def read_marks(text: Scalar) -> int:
    """Return marks in halves: `3` is 6 and `3.5` is 7; raise AmountError on anything between."""
    found = _MARKS.fullmatch(str(text))
    if found is None:
        raise AmountError(f"{str(text)!r} is not a number of whole or half marks. Write one such as 3 or 3.5.")
    return int(found["whole"]) * 2 + (1 if found["tenth"] == "5" else 0)


def read_whole(text: Scalar) -> int:
    """Return a whole number from `4000000` or `4,000,000`; raise AmountError."""
    if _WHOLE.fullmatch(str(text)) is None:
        raise AmountError(f"{str(text)!r} is not a whole number. Write one such as 4000000 or 4,000,000.")
    return int(str(text).replace(",", ""))


def read_size(text: Scalar) -> int:
    """Return a size in bytes from `5 MB`; raise AmountError."""
    found = _SIZE.fullmatch(str(text))
    if found is None:
        raise AmountError(f"{str(text)!r} is not a size. Write a whole number of kB, MB or GB, such as 5 MB.")
    return int(found["number"]) * _UNITS[found["unit"]]


def read_decimal(text: Scalar) -> str:
    """Return a decimal number as the shortest text that means it: `0.50` is `0.5`; raise AmountError."""
    if _DECIMAL.fullmatch(str(text)) is None:
        raise AmountError(f"{str(text)!r} is not a decimal number. Write one such as 0.5 or 100.")
    shortest = f"{Decimal(str(text)):f}"
    if "." in shortest:
        shortest = shortest.rstrip("0").rstrip(".")
    return "0" if shortest == "-0" else shortest
