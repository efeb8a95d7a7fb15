"""A record is read key by key, strictly: what is missing, unknown or of the wrong kind is named by its path."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from leaderboards.refusals import Refusal

_NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?")
_ABSENT: Any = object()  # a default of None must be told from no default at all


class Fields:
    """A view of one JSON object that hands out each key once and refuses what nobody asked for."""

    def __init__(self, given: object, *, path: str, error: type[Refusal]) -> None:
        """Open an object at `path` ("" at the top); `error` is what every refusal raises."""
        self.path, self.error = path, error
        if not isinstance(given, Mapping):
            raise error(f"{path or 'the document'} must be an object with named keys, not {_kind(given)}.")
        self._left: dict[str, Any] = dict(given)

    def at(self, key: str) -> str:
        """Name the path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def any(self, key: str, default: Any = _ABSENT) -> Any:
        """Take a value of whatever kind."""
        if key in self._left:
            return self._left.pop(key)
        if default is _ABSENT:
            raise self.error(f"{self.at(key)} is missing; add it.")
        return default

    def text(self, key: str, default: Any = _ABSENT) -> str:
        """Take a text that is not empty."""
        value = self.any(key, default)
        if not isinstance(value, str) or not value:
            raise self.error(f"{self.at(key)} must be a text that is not empty, not {_kind(value)}.")
        return value

    def integer(self, key: str, default: Any = _ABSENT, *, low: int | None = None, high: int | None = None) -> int:
        """Take an integer between two bounds, both included."""
        value = self.any(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(f"{self.at(key)} must be an integer, not {_kind(value)}.")
        if (low is not None and value < low) or (high is not None and value > high):
            span = f"at least {low}" if high is None else f"from {low} to {high}"
            raise self.error(f"{self.at(key)} must be {span}, not {value}.")
        return value

    def skip_null(self, key: str) -> bool:
        """Take a null, meaning that there is none, and say whether it was one; anything else stays to be taken."""
        if key in self._left and self._left[key] is None:
            del self._left[key]
            return True
        return False

    def has(self, key: str) -> bool:
        """Tell whether a key is there and not taken yet."""
        return key in self._left

    def names_left(self) -> list[str]:
        """List the keys that are not taken yet."""
        return list(self._left)

    def real(self, key: str, default: Any = _ABSENT) -> float:
        """Take a finite number, written as a number or as a decimal string."""
        value = self.any(key, default)
        if isinstance(value, str):
            value = float(value) if _NUMBER.fullmatch(value) else value
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            raise self.error(f"{self.at(key)} must be a finite number, not {_kind(value)}.")
        return float(value)

    def truth(self, key: str, default: Any = _ABSENT) -> bool:
        """Take true or false."""
        value = self.any(key, default)
        if not isinstance(value, bool):
            raise self.error(f"{self.at(key)} must be true or false, not {_kind(value)}.")
        return value

    def items(self, key: str, default: Any = _ABSENT) -> list[Any]:
        """Take a list."""
        value = self.any(key, default)
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise self.error(f"{self.at(key)} must be a list, not {_kind(value)}.")
        return list(value)

    def texts(self, key: str, default: Any = _ABSENT) -> tuple[str, ...]:
        """Take a list of texts."""
        values = self.items(key, default)
        for place, value in enumerate(values):
            if not isinstance(value, str):
                raise self.error(f"{self.at(key)}[{place}] must be a text, not {_kind(value)}.")
        return tuple(values)

    def records(self, key: str, default: Any = _ABSENT) -> "list[Fields]":
        """Take a list of objects, each opened at its own path."""
        values = self.items(key, default)
        return [Fields(one, path=f"{self.at(key)}[{n}]", error=self.error) for n, one in enumerate(values)]

    def record(self, key: str) -> "Fields":
        """Take an object, opened at its own path."""
        return Fields(self.any(key), path=self.at(key), error=self.error)

    def counts(self, key: str) -> dict[str, int]:
        """Take an object whose every value is an integer."""
        inner = self.record(key)
        return {name: inner.integer(name) for name in inner.names_left()}

    def rest(self) -> dict[str, Any]:
        """Take everything that is left, for a reader that does its own checking."""
        rest, self._left = self._left, {}
        return rest

    def close(self) -> None:
        """Refuse every key that was not taken."""
        if self._left:
            key = min(self._left)
            raise self.error(f"{self.at(key)} is not a known key; remove it or mend its spelling.")


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer too long to be a float
        return False


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool | int | float | str):
        shown = repr(value)
        return shown if len(shown) <= 40 else f"{shown[:37]}..."
    return "a list" if isinstance(value, Sequence) else "an object" if isinstance(value, Mapping) else "something else"
