"""Numbers become exact decimals a column at a time, as exactly as they would be read one by one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.numbers import NumberError, parse_number
from evaluation.predictions.text_blocks import Unusual

EXACT = pa.decimal128(22, 12)
"""Holds every number that may be written: ten digits before the point, twelve after it."""
_PLAIN = r"\A-?[0-9]{1,9}(\.[0-9]{1,12})?\z"
"""Numbers of the grammar without an exponent: within bounds, and nothing of them is rounded."""
ONE = 10**12
"""Ticks of the number 1."""
_MINUS, _POINT, _ZERO = b"-.0"

Ticks = np.ndarray[Any, np.dtype[np.int64]]
"""Numbers as whole multiples of 10⁻¹², half as large as decimals."""


def numbers(column: pa.Array) -> pa.Array | Ticks:
    """Read a column of texts or floats, as ticks where they are small; raises Unusual for what is no number."""
    return _of_floats(column) if pa.types.is_floating(column.type) else _of_texts(column)


def joined(parts: Sequence[pa.Array | Ticks]) -> pa.Array | Ticks:
    """Put the numbers of several columns into one, as ticks if all are; of no column at all none."""
    if all(isinstance(part, np.ndarray) for part in parts):
        return np.concatenate([np.empty(0, np.int64), *parts])
    return pa.concat_arrays([decimals(part) for part in parts])


def are_probabilities(found: pa.Array | Ticks) -> bool:
    """Tell whether at least one number is there and all lie between 0 and 1."""
    if isinstance(found, np.ndarray):
        return bool(len(found) and found.min() >= 0 and found.max() <= ONE)
    bounds = pc.min_max(found)
    return bool(bounds["min"].as_py() >= 0 and bounds["max"].as_py() <= 1)


def decimals(found: pa.Array | Ticks) -> pa.Array:
    """Write numbers as decimals."""
    return _decimals(_words(found)) if isinstance(found, np.ndarray) else found


def _of_texts(texts: pa.Array) -> pa.Array | Ticks:
    if _has_points(texts):
        # Twelve places at most: below 2⁵⁰ ticks the nearest float times 10¹² is off by a quarter, so it rounds rightly.
        scaled = texts.cast(pa.float64()).to_numpy() * 1e12
        if np.abs(scaled).max() < 2.0**50:
            return np.rint(scaled).astype(np.int64)
        return texts.cast(EXACT)
    plain = pc.match_substring_regex(texts, _PLAIN)
    if not pc.all(plain).as_py():
        other = pc.invert(plain)
        written_out = _rounded(texts.filter(other).to_pylist())
        texts = pc.replace_with_mask(texts, other, pa.array(written_out, pa.string()))
    return texts.cast(EXACT)


def _of_floats(column: pa.Array) -> pa.Array | Ticks:
    """Round floats half even to 12 places, as exactly as writing them out would.

    A product with 10¹² below 2⁴² is off by 2⁻¹² at most, so it tells the nearest whole number unless it lies
    near the middle between two; only such floats are written out.
    """
    values = column.cast(pa.float64()).to_numpy()
    if not (np.abs(values) < 1e9).all():  # nor for those that are no number
        raise Unusual
    scaled = values * 1e12
    whole = np.rint(scaled)
    unsure = np.flatnonzero((np.abs(scaled - whole) > 0.49) | (np.abs(scaled) > 2.0**42))
    if not len(unsure):
        return whole.astype(np.int64)
    whole[unsure] = 0
    words = _words(whole.astype(np.int64))
    for place in unsure.tolist():
        exact = int(f"{values[place]:.12f}".replace(".", ""))
        words[place] = np.frombuffer(exact.to_bytes(16, "little", signed=True), "<i8")
    return _decimals(words)


def _words(ticks: Ticks) -> Ticks:
    words = np.empty((len(ticks), 2), dtype="<i8")  # a decimal is 128 bits, the lower 64 first
    words[:, 0] = ticks
    np.right_shift(ticks, 63, out=words[:, 1])
    return words


def _decimals(words: Ticks) -> pa.Array:
    return pa.Array.from_buffers(EXACT, len(words), [None, pa.py_buffer(words)])


def _has_points(texts: pa.Array) -> bool:
    """Tell whether each text is a number of the grammar with a point and without an exponent, as most are.

    Of as many points as texts the first lies within the first text, the second within the second, and so on; what is
    neither digit nor point is a sign where a text begins.
    """
    letters, bounds = spelt(texts)
    points = np.flatnonzero(letters == _POINT)
    if not len(points) or len(points) != len(texts):
        return False
    starts, ends = bounds[:-1], bounds[1:]
    if (starts == ends).any():
        return False
    signs = letters[starts] == _MINUS
    before, after = points - starts - signs, ends - points - 1
    digits = np.count_nonzero(letters - np.uint8(_ZERO) < 10)  # what lies below wraps around
    return bool(
        digits + len(points) + np.count_nonzero(signs) == len(letters)
        and before.min() >= 1
        and before.max() <= 9
        and after.min() >= 1
        and after.max() <= 12
    )


def spelt(texts: pa.Array) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], np.ndarray[Any, np.dtype[np.int32]]]:
    """Return the bytes of all texts, one after another, and where each begins, with the end of the last."""
    if not len(texts):
        return np.empty(0, np.uint8), np.zeros(1, np.int32)
    _, bounds, letters = texts.buffers()
    begins = np.frombuffer(bounds, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    if begins[0] == begins[-1]:
        return np.empty(0, np.uint8), begins - begins[0]
    return np.frombuffer(letters, np.uint8)[begins[0] : begins[-1]], begins - begins[0]


def _rounded(texts: Sequence[str]) -> list[str]:
    """Read numbers with an exponent one by one, and write them without; raises Unusual for what is no number."""
    try:
        return [f"{parse_number(text):f}" for text in texts]
    except NumberError as error:
        raise Unusual from error
