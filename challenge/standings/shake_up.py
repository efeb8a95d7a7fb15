"""How places moved from the public board to the private one, as data; entrants by whatever name the reader reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from challenge.standings.ranking import Entry, Ranking


@dataclass(frozen=True)
class Optimism:
    """Public points less private points; bounds are None where no spread can be estimated."""

    points: Decimal
    low: Decimal | None
    high: Decimal | None

    @property
    def beyond_luck(self) -> bool:
        """Whether nought lies outside the interval."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


@dataclass(frozen=True)
class Measured:
    """What the instrument says of two boards; Kendall's tau-b is None with fewer than two entrants, or all tied."""

    tau: Decimal | None
    mean: Optimism
    by_reference: Mapping[str, Optimism]


@dataclass(frozen=True)
class Move:
    """One entry on both boards."""

    public: Entry
    private: Entry

    @property
    def entrant(self) -> str:
        """Whose move it is."""
        return self.private.entrant

    @property
    def down(self) -> int:
        """By how many ranks it fell; below 0 where it rose."""
        return self.private.rank - self.public.rank

    @property
    def beyond_both(self) -> bool:
        """Whether each rank lies outside the rank interval of the other board."""
        one, other = self.public, self.private
        return not (one.rank_low <= other.rank <= one.rank_high or other.rank_low <= one.rank <= other.rank_high)


def moves(public: Ranking, private: Ranking) -> tuple[Move, ...]:
    """Pair the entries that are ranked on both boards, by their private rank."""
    there = {entry.entrant: entry for entry in public.entries}
    return tuple(Move(there[entry.entrant], entry) for entry in private.entries if entry.entrant in there)


def largest_first(found: tuple[Move, ...]) -> tuple[Move, ...]:
    """Put moves in order of their size, up or down; equal ones stay as they were."""
    return tuple(sorted(found, key=lambda move: -abs(move.down)))


def left_out(public: Ranking, private: Ranking) -> list[tuple[str, str]]:
    """Return who is not ranked on both boards, by name, each with the reason."""
    boards = {"public": public, "private": private}
    ranked = {part: {entry.entrant for entry in board.entries} for part, board in boards.items()}
    reasons = {part: {one.entrant: one.reason for one in board.unranked} for part, board in boards.items()}
    found: dict[str, list[str]] = {}
    for part in boards:
        other = "private" if part == "public" else "public"
        for entrant in sorted({*reasons[part], *ranked[other], *reasons[other]} - ranked[part]):
            found.setdefault(entrant, []).append(f"{reasons[part].get(entrant, 'not there')} ({part} board)")
    return [(entrant, "; ".join(said)) for entrant, said in sorted(found.items())]
