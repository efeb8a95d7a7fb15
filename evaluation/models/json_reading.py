"""The JSON files of a model are read as plain data: once, within limits, and every key only once."""

import json
import re
from collections.abc import Iterator
from typing import Any

from evaluation.models.reading import Reading
from evaluation.models.refusals import JsonBroken, ModelRefused

MAX_JSON = 67_108_864
"""Bytes; the largest vocabularies in use take about half of it."""
MAX_DEPTH = 64
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class _Doubled(ValueError):
    """A key is given twice, or a number is none."""


def read_json(file: Reading) -> Any:
    """Read a JSON file whole; raises JsonBroken for invalid or too large files, deep nesting, doubled keys, NaN."""
    if file.size > MAX_JSON:
        raise JsonBroken(file.name, f"it has {file.size:,} bytes; at most {MAX_JSON:,} are read.")
    return parsed(file.exactly(file.size), file=file.name)


def parsed(content: bytes, *, file: str, refusal: type[ModelRefused] = JsonBroken) -> Any:
    """Parse JSON that is in memory; raises `refusal` (JsonBroken) as `read_json` does."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal(file, f"it is not UTF-8 text (byte {error.start:,}). Save it as UTF-8.") from error
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise refusal(file, f"line {error.lineno} is not valid JSON: {error.msg}. Write it anew.") from error
    except RecursionError as error:
        raise refusal(file, f"it is nested too deep; at most {MAX_DEPTH} levels are read.") from error
    except ValueError as error:
        # Python refuses to convert integers of thousands of digits.
        raise refusal(file, f"{error}. Write it anew.") from error
    if _HALF.search(text) and not _encodes(found):
        raise refusal(file, "a text in it holds half of a character. Write it anew.")
    if _depth(found) > MAX_DEPTH:
        raise refusal(file, f"it is nested too deep; at most {MAX_DEPTH} levels are read.")
    return found


def pairs(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key of every object within some JSON data, with its value."""
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value.items()
            waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting += [inner for inner in value if isinstance(inner, dict | list)]


def _depth(data: Any) -> int:
    """Count the levels of nesting, level by level and without recursion."""
    level, depth = [data], 0
    while level and depth <= MAX_DEPTH:
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner += [child for child in value.values() if isinstance(child, dict | list)]
            elif isinstance(value, list):
                inner += [child for child in value if isinstance(child, dict | list)]
        level, depth = inner, depth + 1
    return depth


def _encodes(data: Any) -> bool:
    """Say whether all texts can be written again: Python reads lone surrogates, which stricter readers refuse."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in found if names.count(name) > 1) if len(names) < 10_000 else names[0]
        raise _Doubled(f"the key {twice[:60]!r} is given twice")
    return found


def _no_number(name: str) -> Any:
    raise _Doubled(f"{name} is not a number")
