"""One value has one spelling in bytes: canonical JSON without floats, and its SHA-256."""

import hashlib
import json
from typing import Any, NoReturn

from leaderboards.refusals import Refusal

MAX_DIGITS = 400  # an integer longer than this is an attack on the parser, not a number


def canonical_bytes(value: Any) -> bytes:
    """Spell a value as canonical JSON: sorted keys, no spaces, ASCII, one line end.

    Raises TypeError with the path of the first float or of anything else JSON has no exact word for:
    reals travel as decimal strings, because two machines may print the same float differently.
    """
    _refuse_inexact(value, "$")
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.encode("ascii") + b"\n"


def digest(value: Any) -> str:
    """Compute the SHA-256 (64 hexadecimal digits) of the canonical JSON of a value."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def parse_strict(raw: bytes, *, where: str, error: type[Refusal], floats: bool = False) -> Any:
    """Read JSON that says each thing once: no doubled keys, no NaN, and no floats unless they are allowed.

    `where` begins the sentence of the error raised, usually the file's name.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) != len(pairs):
            keys = [key for key, _ in pairs]
            doubled = next(key for key in keys if keys.count(key) > 1)
            raise error(f"{where}: the key {doubled!r} occurs twice in one object; keep one of them.")
        return record

    def no_float(text: str) -> float:
        if not floats:
            raise error(f"{where}: the number {text[:40]} is not an integer; write reals as decimal strings.")
        return float(text)

    def no_constant(text: str) -> NoReturn:
        raise error(f"{where}: {text} is not a number; remove it.")

    def short_integer(text: str) -> int:
        if len(text) > MAX_DIGITS:
            raise error(f"{where}: an integer has {len(text)} digits; at most {MAX_DIGITS} are read.")
        return int(text)

    try:
        return json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=once,
            parse_float=no_float,
            parse_constant=no_constant,
            parse_int=short_integer,
        )
    except UnicodeDecodeError as problem:
        raise error(f"{where}: byte {problem.start} is not UTF-8; save the file as UTF-8.") from None
    except json.JSONDecodeError as problem:
        raise error(
            f"{where}: not JSON at line {problem.lineno}, column {problem.colno} ({problem.msg}); mend it there."
        ) from None
    except RecursionError:
        raise error(f"{where}: the objects are nested too deeply to be read.") from None


def _refuse_inexact(value: Any, path: str) -> None:
    # Exact types, not isinstance: numpy's float64 is a float, and its integers are not JSON's.
    kind = type(value)
    if kind in (str, int, bool) or value is None:
        return
    if kind is dict:
        for key, inner in value.items():
            if type(key) is not str:
                raise TypeError(f"{path} has the key {key!r}, which is not text")
            _refuse_inexact(inner, f"{path}.{key}")
    elif kind in (list, tuple):
        for place, inner in enumerate(value):
            if type(inner) is not str:
                _refuse_inexact(inner, f"{path}[{place}]")
    else:
        raise TypeError(
            f"{path} is {value!r} of type {kind.__name__}; canonical JSON holds only text, integers, "
            "booleans, null, lists and objects"
        )
