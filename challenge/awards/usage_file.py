"""Reads the file in which a site reports hours by month."""

import csv
import io
from dataclasses import dataclass

from challenge.awards.months import is_month

LARGEST = 100_000
"""Bytes; a hundred years of months take 1,500."""
MOST_DIGITS = 12


@dataclass(frozen=True)
class Reported:
    """Hours of one month, as 2027-03."""

    period: str
    hours: int


class UsageFileError(ValueError):
    """Raised where a file does not hold months and hours; its message names line and remedy."""


def read_usage(raw: bytes) -> tuple[Reported, ...]:
    """Read a CSV with the header `month,hours` and return its rows; raise UsageFileError at the first wrong line."""
    if len(raw) > LARGEST:
        raise UsageFileError(f"The file is larger than {LARGEST:,} bytes; send months and hours only.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageFileError("The file is not UTF-8; save it as CSV in UTF-8.") from None
    try:
        rows = [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text)), start=1) if any(row)]
    except csv.Error as problem:
        raise UsageFileError(f"The file cannot be read as CSV ({problem}); save it as CSV with commas.") from None
    if not rows or [cell.strip().lower() for cell in rows[0][1]] != ["month", "hours"]:
        raise UsageFileError("Line 1 must be the header month,hours.")
    found: dict[str, Reported] = {}
    for number, row in rows[1:]:
        one = _row(number, [cell.strip() for cell in row])
        if one.period in found:
            raise UsageFileError(f"Line {number}: {one.period} stands in the file twice; keep one line a month.")
        found[one.period] = one
    if not found:
        raise UsageFileError("The file holds no month; write a line such as 2027-03,12500 below the header.")
    return tuple(found.values())


def _row(number: int, cells: list[str]) -> Reported:
    if len(cells) != 2:
        raise UsageFileError(f"Line {number} has {len(cells)} cells; write month,hours.")
    period, hours = cells
    if not is_month(period):
        raise UsageFileError(f"Line {number}: {period[:20]!r} is no month; write it as 2027-03.")
    if not (hours.isascii() and hours.isdigit()) or len(hours) > MOST_DIGITS:
        raise UsageFileError(f"Line {number}: {hours[:20]!r} is no whole number of hours; write digits only.")
    return Reported(period, int(hours))
