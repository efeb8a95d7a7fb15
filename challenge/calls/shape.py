"""Holds a call file against its schema and says in sentences where the two differ."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, cast

from jsonschema import Draft202012Validator, ValidationError, validators

from challenge.calls.amounts import AmountError, read_decimal, read_marks, read_money, read_size, read_whole
from challenge.calls.dates import DateError, read_instant, read_zone, zones
from challenge.calls.positions import Located, Plain, name_of
from challenge.calls.problems import Problem
from challenge.calls.schema import CALL, Schema
from challenge.calls.territories import CountryError, read_country

Readers = dict[str, Callable[[Any], object]]

READERS: Readers = {
    "country": read_country,
    "decimal": read_decimal,
    "marks": read_marks,
    "money": read_money,
    "size": read_size,
    "whole": read_whole,
    "zone": read_zone,
}
"""How the schema's `reads` are read; dates come on top once the call's zone is known."""


def shape_problems(located: Located) -> list[Problem]:
    """List every place where a file's shape is not that of a call, and every value that cannot be read."""
    zone = located.plain.get("zone") if isinstance(located.plain, dict) else None
    readers = dict(READERS)
    if isinstance(zone, str) and zone in zones():
        readers["instant"] = lambda text: read_instant(text, zone=zone)
    validator = validators.extend(Draft202012Validator, {"reads": _keyword(readers)})  # type: ignore[no-untyped-call]
    return [problem for error in validator(CALL).iter_errors(located.plain) for problem in _problems(located, error)]


def _keyword(readers: Readers) -> Callable[..., Iterator[ValidationError]]:
    """Make the keyword `reads`: it fails with the reader's own sentence."""

    def reads(validator: Any, name: str, value: object, schema: Schema) -> Iterator[ValidationError]:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        fits = any(validator.is_type(value, type_) for type_ in types)
        is_empty = value == "" and "minLength" in schema  # said already, as is a value of the wrong type
        if name in readers and fits and not is_empty:
            try:
                readers[name](value)
            except (AmountError, CountryError, DateError) as error:
                yield ValidationError(str(error))

    return reads


def _problems(located: Located, error: ValidationError) -> Iterator[Problem]:
    path, schema = tuple(error.absolute_path), cast(Schema, error.schema)
    if error.validator == "additionalProperties":
        known = sorted(schema["properties"])
        for name in sorted(cast(dict[str, object], error.instance).keys() - set(known)):
            key = (*path, name)
            yield Problem(located.line(key), name_of(key), _unknown(name, known))
    elif error.validator == "required":
        # one error a missing key, but the error does not carry the key's name
        name = next(name for name in schema["required"] if error.message.startswith(f"{name!r} "))
        write = schema["properties"][name]["write"]
        yield Problem(located.line(path), name_of((*path, name)), f"The key {name!r} is missing. Write {write}.")
    elif error.validator == "reads":
        yield Problem(located.line(path), name_of(path), error.message)
    elif error.validator == "anyOf" and (deeper := _unread(error)):
        yield from (problem for inner in deeper for problem in _problems(located, inner))
    else:
        sentence = f"{_found(error)} will not do here. Write {schema.get('write', 'another value')}."
        yield Problem(located.line(path), name_of(path), sentence)


def _unread(error: ValidationError) -> list[ValidationError]:
    """Return what could not be read inside a list that is one of several choices."""
    return [inner for inner in error.context or [] if inner.validator == "reads"]


def _unknown(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    advice = f"Did you mean {close[0]!r}?" if close else f"Known here are {', '.join(known)}."
    return f"The key {name!r} is not known here. {advice}"


def _found(error: ValidationError) -> str:
    """Say what stands where something else belongs."""
    value = cast(Plain, error.instance)
    if value is None or value == "":
        return "An empty value"
    if isinstance(value, dict):
        return "A group of keys"
    if isinstance(value, bool):
        return f"The truth value {'yes' if value else 'no'}"
    if isinstance(value, list):
        return f"A list of {len(value)}" if error.validator in {"minItems", "maxItems"} else "A list"
    if error.validator == "maxLength" and isinstance(value, str):
        return f"A text of {len(value)} characters (at most {error.validator_value} fit)"
    return f"The text {value[:60]!r}" if isinstance(value, str) else f"The number {value}"
