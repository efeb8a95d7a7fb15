"""Numbers are read by a grammar of our own and kept as exact decimals, so that all machines score alike."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

PLACES = 12
LARGEST = Decimal(10) ** 9
EXACT = Context(prec=80, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])

_TICK = Decimal(1).scaleb(-PLACES)
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,12})?([eE][+-]?[0-9]{1,3})?")
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_LONG = re.compile(r"-?[0-9]+\.[0-9]{13,}([eE][+-]?[0-9]{1,3})?")
_NOT_FINITE = {"nan", "inf", "infinity", "none", "null", "na", "n/a"}


class NumberError(ValueError):
    """A text is not a number by the grammar; its message completes the phrase "'…' …"."""


def parse_number(text: str) -> Decimal:
    """Read one number of the grammar `-?\\d{1,9}(\\.\\d{1,12})?([eE][+-]?\\d{1,3})?` in ASCII.

    The result is rounded half even to 12 decimal places. Raises NumberError for anything else and for
    numbers beyond ±1,000,000,000.
    """
    if _NUMBER.fullmatch(text) is None:
        raise NumberError(_why_not(text))
    value = Decimal(text)
    if not -LARGEST <= value <= LARGEST:
        raise NumberError("is beyond ±1,000,000,000; check the scale of the number")
    return value.quantize(_TICK, context=EXACT)


def _why_not(text: str) -> str:
    if not text.strip():
        return "is empty; write a number such as 0.25"
    if text.strip().lower().lstrip("+-") in _NOT_FINITE:
        return "is not a finite number; write a number such as 0.25"
    if _COMMA.fullmatch(text):
        return "has a decimal comma; write a decimal point"
    if _LONG.fullmatch(text):
        return "has more than 12 digits after the point; round it to 12 or fewer"
    return "is not a number; write plain digits such as 0.25 or -3.5e2"


def parse_probability(text: str) -> Decimal:
    """Read a number that lies between 0 and 1, both included; raises NumberError otherwise."""
    value = parse_number(text)
    if not 0 <= value <= 1:
        raise NumberError("is not between 0 and 1; write the probability of the positive class, label 1")
    return value


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without trailing zeros, such as `0.5` or `120`."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def quotient(dividend: int, divisor: int, *, places: int = 6) -> str:
    """Divide two integers and write the result with fixed places, rounded half even from the exact value."""
    scaled, rest = divmod(dividend * 10**places, divisor)
    if 2 * rest > divisor or (2 * rest == divisor and scaled % 2):
        scaled += 1
    whole, fraction = divmod(abs(scaled), 10**places)
    return f"{'-' if scaled < 0 else ''}{whole}.{fraction:0{places}d}"
