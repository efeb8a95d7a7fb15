"""Long boards in pieces: each begins after an entry, which stands in the address, not at a number that would move."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from challenge.standings.sorting import BY_RANK, Sorting

LINES = 200
"""How many lines of a board are shown at once."""


class Named(Protocol):
    """Whatever stands on a line of its own under an entrant's name."""

    @property
    def entrant(self) -> str:
        """Whose line it is."""
        ...


OneLine = TypeVar("OneLine", bound=Named)


@dataclass(frozen=True)
class Asked:
    """Which lines of a board a reader asks for, and in which order."""

    sorting: Sorting = BY_RANK
    after: str = ""
    """The entrant after which they begin; empty: at the beginning."""
    everything: bool = False


@dataclass(frozen=True)
class Piece(Generic[OneLine]):
    """Some neighbouring lines of a board, and where the neighbours begin."""

    entries: Sequence[OneLine]
    first: int
    """The place of the first line in this order, from 1."""
    of: int
    before: str | None
    """The entrant after which the piece before begins, empty at the beginning; None where there is none before."""
    then: str | None
    """The entrant after which the next piece begins; None where there is none."""

    @property
    def last(self) -> int:
        """The place of the last line."""
        return self.first + len(self.entries) - 1

    @property
    def whole(self) -> bool:
        """Whether this is all there is."""
        return len(self.entries) == self.of


def piece_of(entries: Sequence[OneLine], asked: Asked) -> Piece[OneLine]:
    """Cut the lines that were asked for from entries in order; raise LookupError for an entrant that is not there."""
    count = len(entries)
    if asked.everything:
        return Piece(entries, 1, count, None, None)
    start = 0
    if asked.after:
        start = next((at for at, entry in enumerate(entries, start=1) if entry.entrant == asked.after), 0)
        if not start:
            raise LookupError(asked.after)
    end = min(start + LINES, count)
    return Piece(
        entries=entries[start:end],
        first=start + 1,
        of=count,
        before=None if start == 0 else entries[start - LINES - 1].entrant if start > LINES else "",
        then=entries[end - 1].entrant if end < count else None,
    )


def page_with(entries: Sequence[Named], entrant: str) -> str:
    """Return the entrant after which the piece begins that holds an entry, empty for the first; entries by rank."""
    place = next(at for at, entry in enumerate(entries) if entry.entrant == entrant)
    start = place // LINES * LINES
    return entries[start - 1].entrant if start else ""
