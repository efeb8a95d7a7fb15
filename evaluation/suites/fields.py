"""Fields of a suite's manifest are checked one by one, and each error names the key it is about."""

import re
from collections.abc import Mapping
from decimal import Decimal

from evaluation.numbers import NumberError, parse_number
from evaluation.suites.suite import SuiteError

MANIFEST = "suite.yaml"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def fail(key: str, sentence: str) -> SuiteError:
    """Build the error for one key of the manifest."""
    return SuiteError(f"{MANIFEST}: {key}: {sentence}")


def mapping(value: object, key: str, *, required: set[str], optional: set[str]) -> Mapping[str, object]:
    """Check that a value is a mapping with just the keys known; raises SuiteError otherwise."""
    if not isinstance(value, dict):
        raise fail(key, "write a mapping of keys and values here")
    for name in value:
        if name not in required | optional:
            known = ", ".join(sorted(required | optional))
            raise fail(key, f"the key {name!r} is not known; known are {known}")
    for name in sorted(required - value.keys()):
        raise fail(key, f"the key {name!r} is missing; add it")
    return value


def text(value: object, key: str, *, longest: int = 200) -> str:
    """Check a text of at most `longest` printable characters; numbers and booleans must be quoted."""
    if not isinstance(value, str):
        raise fail(key, f"{value!r} is not a text; put it in quotes")
    if len(value) > longest:
        raise fail(key, f"is longer than {longest} characters; shorten it")
    if any(not letter.isprintable() for letter in value.replace("\n", " ")):
        raise fail(key, "holds control characters; remove them")
    return value


def name(value: object, key: str) -> str:
    """Check a name of small letters, digits, hyphens and underscores."""
    found = text(value, key)
    if _NAME.fullmatch(found) is None:
        raise fail(key, f"{found!r} is not a name; use 1 to 64 small letters, digits, - and _")
    return found


def number(value: object, key: str) -> Decimal:
    """Check a number, written plainly or in quotes; raises SuiteError for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise fail(key, f"{value!r} is not a number")
    try:
        return parse_number(str(value))
    except NumberError as error:
        raise fail(key, f"{value!r} {error}") from error


def whole(value: object, key: str, *, low: int, high: int) -> int:
    """Check a whole number between two bounds, both included."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise fail(key, f"{value!r} is not a whole number from {low:,} to {high:,}")
    return value


def flag(value: object, key: str) -> bool:
    """Check a truth value."""
    if not isinstance(value, bool):
        raise fail(key, f"{value!r} is neither true nor false")
    return value
