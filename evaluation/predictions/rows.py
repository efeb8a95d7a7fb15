"""Every format of prediction file is read into the same rows of three texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

COLUMNS = ("task", "item", "prediction")
SPARE_LINES = 1_000
LINES_OF_A_TEXT = 100


@dataclass(frozen=True)
class PredictionLimits:
    """How large a prediction file may be: bytes in all, characters a field, rows per expected row.

    A prediction that is a text, a ranking or a distribution may have `text` characters; 0 where no task asks for one.
    """

    file_bytes: int = 268_435_456
    field: int = 1_000
    rows_per_item: int = 2
    text: int = 8_000

    @property
    def line_bytes(self) -> int:
        """Bound the bytes of one line: three fields of four-byte letters, with room for keys and escapes."""
        return 3 * 6 * self.field + 12 * self.text + 1_000

    @property
    def longest(self) -> int:
        """Bound the characters of any field."""
        return max(self.field, self.text)

    def most_lines(self, rows: int) -> int:
        """Bound the lines of a file of so many rows.

        Lines that are no rows (blank, unreadable) must not keep a reader busy for ever; texts in quotes may go on
        over a hundred lines on average.
        """
        return (rows + SPARE_LINES) * (LINES_OF_A_TEXT if self.text else 1)


class Row(NamedTuple):
    """One prediction as it stands in the file: line (or row) number and the three texts."""

    line: int
    task: str
    item: str
    prediction: str


Rows = Iterator[Row]


def column_fault(names: list[str]) -> str:
    """Say what is wrong with a list of column names, or nothing when they are the three expected."""
    if sorted(names) == sorted(COLUMNS):
        return ""
    missing = [column for column in COLUMNS if column not in names]
    extra = [name[:40] for name in names if name not in COLUMNS]
    doubled = [column for column in COLUMNS if names.count(column) > 1]
    parts = [
        f"{words} {', '.join(map(repr, found))}"
        for words, found in (("missing", missing), ("not expected", extra), ("there twice", doubled))
        if found
    ]
    return f"the columns must be exactly task,item,prediction; {'; '.join(parts)}."


def too_many(max_rows: int) -> str:
    """Say that a file has more rows than are read."""
    return f"more than {max_rows:,} rows, far more than the suite asks; write one row an item."
