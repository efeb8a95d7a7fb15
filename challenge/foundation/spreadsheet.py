"""Writes tables that a spreadsheet opens as data: no cell of text is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

Cell = str | int | None
"""Text is made inert; whole numbers, and decimals handed over as `Number`, are written as they are."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula; the last four are the full-width forms."""

BYTE_ORDER_MARK = "\ufeff"


class Number(str):
    """A decimal in digits, such as -0.25, which the platform computed and which stays a number in a spreadsheet."""

    __slots__ = ()


def inert(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet might run; `meant` takes it off again, exactly."""
    return "'" + text if _looks_dangerous(text) else text


def meant(cell: str) -> str:
    """Return the text that `inert` was given."""
    return cell[1:] if cell.startswith("'") and _looks_dangerous(cell) else cell


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a table in pieces as CSV: every cell quoted, lines ended by CR LF, a byte order mark first.

    The mark makes spreadsheets read UTF-8; None becomes an empty cell. Pieces hold up to a thousand rows, so that a
    long table is neither held in memory whole nor sent row by row.
    """
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.write(BYTE_ORDER_MARK)
    writer.writerow([inert(name) for name in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_cell(value) for value in row])
        if number % 1000 == 0:
            yield _taken(sheet)
    yield _taken(sheet)


def _looks_dangerous(text: str) -> bool:
    # apostrophes in front do not count: a text that begins with one must come back with it
    return text.lstrip("'").startswith(DANGEROUS)


def _cell(value: Cell) -> str | int:
    if value is None:
        return ""
    return value if isinstance(value, int | Number) else inert(value)


def _taken(sheet: io.StringIO) -> str:
    text = sheet.getvalue()
    sheet.seek(0)
    sheet.truncate()
    return text
