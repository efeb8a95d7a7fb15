"""Predictions in JSON Lines: one flat object with the three keys a line."""

import json
from typing import Any, BinaryIO

from evaluation.predictions.lines import text_lines
from evaluation.predictions.problems import Problems, shown
from evaluation.predictions.rows import COLUMNS, PredictionLimits, Row, Rows, column_fault

_KEYS = set(COLUMNS)


class _BadValueError(ValueError):
    """A JSON text holds what a prediction cannot be."""


class _NumberText(str):
    """A JSON number kept as the text it was written in, for the number grammar to judge."""

    __slots__ = ()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        doubled = next(key for key in keys if keys.count(key) > 1)
        raise _BadValueError(f"the key '{shown(doubled)}' is there twice; keep one.")
    return found


def _constant(name: str) -> Any:
    raise _BadValueError(f"{name} is not a prediction; write a finite number.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_float=_NumberText, parse_int=_NumberText, parse_constant=_constant
)


def jsonl_rows(file: BinaryIO, *, limits: PredictionLimits, max_rows: int, problems: Problems) -> Rows:
    """Yield the rows of a JSON Lines file; a line that cannot be read is noted and passed over."""
    lines = text_lines(file, limits=limits, max_rows=max_rows, problems=problems)
    for number, line in enumerate(lines, start=1):
        text = line.strip(" \t\r\n")
        row = _row(number, text, problems) if text else None
        if row is not None:
            yield row


def _row(number: int, text: str, problems: Problems) -> Row | None:
    try:
        found = _DECODER.decode(text)
    except _BadValueError as error:
        problems.note(number, "", text, str(error))
        return None
    except json.JSONDecodeError as error:
        problems.note(
            number, "", text, f"not valid JSON at character {error.colno} ({error.msg}); write one object a line."
        )
        return None
    except RecursionError:
        problems.note(number, "", text, 'nested too deep; write {"task": …, "item": …, "prediction": …}.')
        return None
    if not isinstance(found, dict):
        problems.note(number, "", text, 'not an object; write {"task": …, "item": …, "prediction": …}.')
        return None
    if found.keys() != _KEYS:
        problems.note(number, "", text, column_fault(list(found)).replace("columns", "keys"))
        return None
    for column in COLUMNS:
        if not isinstance(found[column], str):
            what = "nested" if isinstance(found[column], dict | list) else "neither a text nor a number"
            problems.note(number, column, text, f"the value is {what}; write a text or a number.")
            return None
    return Row(number, found["task"], found["item"], found["prediction"])
