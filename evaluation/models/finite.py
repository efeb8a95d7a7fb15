"""Numbers are told from NaN and infinity by their bits, piece by piece, so that memory stays bounded.

Formats: IEEE 754-2019 for F64, F32 and F16; BF16 is the upper half of F32; F8_E5M2, F8_E4M3 (no infinity, NaN is all
ones) and F8_E8M0 (a scale, NaN is all ones) after the OCP specifications of 8-bit floating point and of microscaling;
in the FNUZ forms the one NaN is 0x80. F4 and F6 have neither NaN nor infinity; integers are finite.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.unsignedinteger]


def _all_ones(exponent: int) -> Callable[[Bits], NDArray[np.bool_]]:
    return lambda bits: (bits & bits.dtype.type(exponent)) == bits.dtype.type(exponent)


_UNSIGNED: dict[int, np.dtype[Any]] = {8: np.dtype("<u8"), 4: np.dtype("<u4"), 2: np.dtype("<u2"), 1: np.dtype("u1")}
_TESTS: dict[str, tuple[int, Callable[[Bits], NDArray[np.bool_]]]] = {
    "F64": (8, _all_ones(0x7FF0_0000_0000_0000)),
    "C128": (8, _all_ones(0x7FF0_0000_0000_0000)),
    "F32": (4, _all_ones(0x7F80_0000)),
    "C64": (4, _all_ones(0x7F80_0000)),
    "F16": (2, _all_ones(0x7C00)),
    "BF16": (2, _all_ones(0x7F80)),
    "F8_E5M2": (1, _all_ones(0x7C)),
    "F8_E4M3": (1, _all_ones(0x7F)),
    "F8_E8M0": (1, lambda bits: bits == 0xFF),
    "F8_E4M3FNUZ": (1, lambda bits: bits == 0x80),
    "F8_E5M2FNUZ": (1, lambda bits: bits == 0x80),
}
BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64,
    "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "C64": 64, "C128": 128,
    "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "F6_E2M3": 6, "F6_E3M2": 6, "F4": 4, "U4": 4, "I4": 4, "U2": 2, "I2": 2,
}  # fmt: skip
"""How many bits an element of each type takes."""


_MANTISSAS = {
    "F64": 0x000F_FFFF_FFFF_FFFF, "C128": 0x000F_FFFF_FFFF_FFFF, "F32": 0x7F_FFFF, "C64": 0x7F_FFFF,
    "F16": 0x3FF, "BF16": 0x7F, "F8_E5M2": 0x03,
}  # fmt: skip
"""The bits that are all zero in an infinity and not in NaN, for the types that have both."""


def first_not_finite(content: bytes, dtype: str, *, infinite: bool = False) -> int | None:
    """Give the byte offset of the first number that is NaN or infinite, `None` where all are finite.

    `content` holds little-endian numbers of the type, a whole count of them. With `infinite`, only NaN counts.
    """
    if dtype not in _TESTS:
        return None
    width, test = _TESTS[dtype]
    bits: Bits = np.frombuffer(content, dtype=_UNSIGNED[width])
    bad = test(bits)
    if infinite and dtype in _MANTISSAS:
        bad &= (bits & bits.dtype.type(_MANTISSAS[dtype])) != 0
    return int(bad.argmax()) * width if bad.any() else None
