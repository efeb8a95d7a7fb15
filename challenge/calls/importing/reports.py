"""What became of a bundle: a row for every key and file, and what is wrong or doubtful, with its places."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a key or a file."""

    CARRIED = "carried over"
    LEFT = "not carried over"


class Weight(StrEnum):
    """How much a remark matters."""

    ERROR = "error"
    """No draft can be made before it is mended."""
    DOUBT = "doubt"
    """Two places disagree, or one says nothing that is needed; the draft has a gap there, or says which was taken."""
    NOTE = "note"
    """Something to know."""


@dataclass(frozen=True, order=True)
class Row:
    """One key of a bundle, or one of its files."""

    file: str
    line: int
    """Counted from 1; 0 for a file as a whole."""
    key: str
    """Path of the key, such as `phases[0].start`; empty for a file as a whole."""
    fate: Fate
    words: str
    """What it became, or why nothing was made of it."""


@dataclass(frozen=True, order=True)
class Remark:
    """One thing that whoever imports has to know."""

    file: str
    line: int
    key: str
    weight: Weight
    sentence: str
    also: tuple[int, ...] = ()
    """Lines of the same file that it is about too."""

    @property
    def where(self) -> str:
        """Name the file and the lines: `conf.json, lines 8, 12 and 13`."""
        numbers = [str(line) for line in dict.fromkeys((self.line, *self.also)) if line]
        if not numbers:
            return self.file
        lines = " and ".join([", ".join(numbers[:-1]), numbers[-1]] if numbers[1:] else numbers)
        return f"{self.file}, line{'s' if numbers[1:] else ''} {lines}"

    def __str__(self) -> str:
        return f"{self.weight}: {self.where}: {self.key + ': ' if self.key else ''}{self.sentence}"


@dataclass(frozen=True)
class Report:
    """Everything that is to be said about a bundle."""

    rows: tuple[Row, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def errors(self) -> tuple[Remark, ...]:
        """What has to be mended before there can be a draft."""
        return tuple(remark for remark in self.remarks if remark.weight is Weight.ERROR)

    def rows_of(self, fate: Fate) -> tuple[Row, ...]:
        """Return the keys and files of one fate, in the order of the bundle."""
        return tuple(row for row in self.rows if row.fate is fate)
