"""Writes plain data in the one form from which digests are taken."""

import hashlib
import json
from datetime import UTC, datetime

Plain = dict[str, "Plain"] | list["Plain"] | str | int | bool | None
"""Data that has exactly one canonical form; floats are not among it."""


def canonical(data: object) -> bytes:
    """Write `data` as JSON with sorted keys, no blanks and no floats; raise TypeError on anything else."""
    return json.dumps(_plain(data), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest(data: object) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(data)).hexdigest()


def instant_text(instant: datetime) -> str:
    """Write an aware instant in UTC with microseconds, always of the same length."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(data: object) -> Plain:
    if isinstance(data, str) or data is None or isinstance(data, bool):
        return str(data) if isinstance(data, str) else data
    if isinstance(data, int):
        return int(data)
    if isinstance(data, datetime):
        return instant_text(data)
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    raise TypeError(f"{type(data).__name__} has no canonical form: {data!r}")
