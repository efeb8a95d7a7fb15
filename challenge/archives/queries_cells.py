"""Rows as lines of JSON and back: the same line for the same row, whichever database it lay in."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from jsonschema import Draft202012Validator
from sqlalchemy import JSON, Boolean, Column, Enum, Integer, String, Table

from challenge.archives.pseudonyms import WITHHELD
from challenge.archives.queries_tables import Row, columns_of
from challenge.foundation.canonical import instant_text
from challenge.foundation.database import Instant

WRITTEN = "%Y-%m-%dT%H:%M:%S.%fZ"
LARGEST = 2**63 - 1
ADDRESSES = {"proof_url"}
"""Columns that pages make a link of."""
_SHA = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_COLUMNS: dict[str, object] = {
    "number": {"type": "integer", "minimum": 1, "maximum": LARGEST},
    "at": {"type": "string"},
    "account_id": {"type": ["integer", "null"], "minimum": 1, "maximum": LARGEST},
    "actor_name": {"type": "string", "maxLength": 200},
    "verb": {"type": "string", "maxLength": 60},
    "subject": {"type": "string", "maxLength": 120},
    "particulars": {"type": "string"},
    "before": _SHA,
    "hash": _SHA,
    "salt": {"type": "string", "pattern": "^([0-9a-f]{32})?$"},
    "withheld": {"type": "array", "items": {"enum": sorted(WITHHELD)}, "uniqueItems": True},
    "proof": {"type": "array", "items": _SHA, "maxItems": 63},
}
LOG_LINE = Draft202012Validator(
    {"type": "object", "properties": _COLUMNS, "required": sorted(_COLUMNS), "additionalProperties": False}
)


class CellError(ValueError):
    """A line is no row of its table; the text says which column is wrong, and how."""


def write_row(row: Row) -> bytes:
    """Write a row as one line: columns in the table's order, what lies within them in its own.

    The order within is kept, for pages show it as it was written.
    """
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain).encode() + b"\n"


def read_row(table: Table, line: bytes) -> Row:
    """Read a line that `write_row` wrote; raise CellError where it is no row of this table."""
    try:
        plain = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise CellError(f"it is no JSON: {error}") from error
    columns = columns_of(table)
    names = [column.name for column in columns]
    if not isinstance(plain, dict) or list(plain) != names:
        strange = sorted(set(plain) ^ set(names)) if isinstance(plain, dict) else []
        raise CellError(
            f"its columns are not those of the table {table.name}" + (f": {', '.join(strange[:5])}" if strange else "")
        )
    return {column.name: _cell(column, plain[column.name]) for column in columns}


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return instant_text(value)
    raise TypeError(f"no archive holds a {type(value).__name__}: {value!r}")


def _cell(column: Column[Any], value: Any) -> Any:
    if value is None:
        if column.nullable:
            return None
        raise CellError(f"{column.name} is empty")
    kind = column.type
    if isinstance(kind, JSON):
        return value
    if isinstance(kind, Instant):
        return _instant(column.name, value)
    if isinstance(kind, Enum):
        return _state(column.name, kind, value)
    wanted: type = bool if isinstance(kind, Boolean) else int if isinstance(kind, Integer) else str
    if type(value) is not wanted:
        raise CellError(f"{column.name} is no {wanted.__name__}: {str(value)[:60]!r}")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise CellError(f"{column.name} is too large: {value}")
    return _text(column.name, kind, str(value)) if isinstance(kind, String) else value


def _text(name: str, kind: String, value: str) -> str:
    if kind.length is not None and len(value) > kind.length:
        raise CellError(f"{name} has {len(value):,} characters; the table takes {kind.length:,}")
    if name in ADDRESSES and value and not value.startswith(("https://", "http://")):
        raise CellError(f"{name} is no address of the web: {value[:60]!r}")
    if "\0" in value:
        raise CellError(f"{name} holds a character that no database takes")
    return value


def _instant(name: str, value: Any) -> datetime:
    try:
        found = datetime.strptime(value, WRITTEN).replace(tzinfo=UTC)
        if instant_text(found) == value:
            return found
    except (ValueError, TypeError):
        pass
    raise CellError(f"{name} is no instant as in 2026-03-02T09:00:00.000000Z: {str(value)[:60]!r}")


def _state(name: str, kind: Enum, value: Any) -> StrEnum:
    states = cast(type[StrEnum], kind.enum_class)
    try:
        return states(value)
    except ValueError as error:
        raise CellError(f"{name} has a value that the table does not know: {str(value)[:60]!r}") from error


def read_log_line(line: bytes) -> dict[str, Any]:
    """Read a line of a log; raise CellError where it is none."""
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CellError(f"it is no JSON: {error}") from error
    for fault in LOG_LINE.iter_errors(plain):
        where = "/".join(str(part) for part in fault.absolute_path) or "the line"
        raise CellError(f"{where}: {fault.message[:200]}")
    return {**plain, "at": _instant("at", plain["at"])}
