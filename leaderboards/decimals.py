"""Numbers leave this instrument as decimals with fixed places, rounded half to even from an exact or a float value."""

import math
import re
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

PLACES = 6
_STEP = Decimal(1).scaleb(-PLACES)
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
_RATIO = re.compile(r"-?[0-9]{1,18}/[1-9][0-9]{0,17}")


def from_exact(value: Fraction, *, places: int = PLACES) -> Decimal:
    """Round an exact rational to a decimal with fixed places, half to even."""
    return Decimal(round(value * 10**places)).scaleb(-places)


def from_float(value: float) -> Decimal:
    """Round a finite float to a decimal with PLACES places, half to even, never "-0"."""
    if not math.isfinite(value):
        raise ValueError(f"{value} has no decimal form")
    return Decimal(value).quantize(_STEP, rounding=ROUND_HALF_EVEN) + 0


def spelled(value: Decimal | None) -> str | None:
    """Spell a decimal without an exponent, or pass on that there is none."""
    return None if value is None else format(value, "f")


def as_written(value: float) -> Fraction:
    """Read a float as the decimal a person wrote: 0.1 means one tenth, not its nearest binary neighbour."""
    return Fraction(repr(float(value)))


def exact(text: str | int) -> Fraction | None:
    """Read "0.5", "2", "1/3" or an integer as an exact rational; None if it is none of these."""
    if isinstance(text, bool):
        return None
    if isinstance(text, int):
        return Fraction(text)
    if _DECIMAL.fullmatch(text) or _RATIO.fullmatch(text):
        return Fraction(text)
    return None
