"""Small JSON files of a package are read as plain data, with limits and without doubled keys."""

import json
from typing import Any

MAX_JSON = 1_048_576


class DataError(ValueError):
    """A file of declarations cannot be read; `line` is where, or 0."""

    def __init__(self, sentence: str, *, line: int = 0) -> None:
        """Keep the sentence and the line."""
        super().__init__(sentence)
        self.line = line


def read_object(content: bytes) -> dict[str, Any]:
    """Read a JSON object; raises DataError for anything else, for doubled keys, NaN and deep nesting."""
    if len(content) > MAX_JSON:
        raise DataError(f"larger than {MAX_JSON:,} bytes")
    return read_header(content)


def read_header(content: bytes) -> dict[str, Any]:
    """Read a JSON object of any length, such as the header of a weights file; raises DataError like read_object."""
    try:
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise DataError(f"not valid JSON: {error.msg}", line=error.lineno) from error
    except UnicodeDecodeError as error:
        raise DataError("not UTF-8 text") from error
    except RecursionError as error:
        raise DataError("nested too deep") from error
    except DataError:
        raise
    except ValueError as error:
        # Python refuses to convert integers of thousands of digits.
        raise DataError(f"a value cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise DataError("not a JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise DataError("a key is given twice")
    return found


def _refused(name: str) -> Any:
    raise DataError(f"{name} is not a value that can be read")
