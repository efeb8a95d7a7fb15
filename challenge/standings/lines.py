"""A ranking as the lines of a table: every cell ready to be written, every bar with its coordinates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from challenge.standings.ranking import Entry, Ranking, Run

WIDTH, MARGIN = 120, 5
"""Pixels of a bar in a table, and what its ends keep free for their roundness."""


@dataclass(frozen=True)
class Bar:
    """A bar's left end, estimate and right end in pixels."""

    left: str
    middle: str
    right: str


@dataclass(frozen=True)
class Line:
    """One ranked entry as a table shows it."""

    entrant: str
    team: str
    rank: str
    tied: bool
    top: bool
    """Whether it may be among the best that can win."""
    ranks: str
    rank_bar: Bar
    points: str
    interval: str
    points_bar: Bar
    near: str
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Axis:
    """What the bars of points reach over, in points."""

    least: int
    most: int


def axis_of(entries: Sequence[Entry]) -> Axis:
    """Choose whole points that hold every interval of a board, with some air."""
    least = min((float(entry.low) for entry in entries), default=0.0)
    most = max((float(entry.high) for entry in entries), default=100.0)
    return Axis(max(0, int(least // 5) * 5), min(100, int(-(-most // 5)) * 5) or 5)


def lines_of(ranking: Ranking, names: Mapping[str, str], *, places: int, winners: int) -> tuple[Line, ...]:
    """Write every entry of a ranking as a line, points at `places` decimals."""
    axis, count = axis_of(ranking.entries), len(ranking.entries)
    shared: dict[int, int] = {}
    for entry in ranking.entries:
        shared[entry.rank] = shared.get(entry.rank, 0) + 1
    lines = []
    for entry in ranking.entries:
        tied = shared[entry.rank] > 1
        points, low, high = float(entry.points), float(entry.low), float(entry.high)
        lines.append(
            Line(
                entrant=entry.entrant,
                team=names.get(entry.entrant, entry.entrant),
                rank=f"={entry.rank}" if tied else str(entry.rank),
                tied=tied,
                top=entry.rank_low <= winners,
                ranks=interval_text(str(entry.rank_low), str(entry.rank_high)),
                rank_bar=_bar(entry.rank_low, entry.rank, entry.rank_high, least=1, most=max(count, 2)),
                points=rounded(entry.points, places),
                interval=interval_text(rounded(entry.low, places), rounded(entry.high, places)),
                points_bar=_bar(low, points, high, least=axis.least, most=axis.most),
                near=near_text(entry.inseparable, ranking.entries),
                tasks=tuple(rounded(task.points, places) for task in entry.tasks),
            )
        )
    return tuple(lines)


def rounded(decimal: str, places: int) -> str:
    """Write a decimal text with fewer places, half to even."""
    return f"{Decimal(decimal):.{places}f}"


def interval_text(low: str, high: str) -> str:
    """Write an interval, or the one value it consists of."""
    return low if low == high else f"{low}–{high}"


def near_text(near: Sequence[Run], entries: Sequence[Entry]) -> str:
    """Say how many entries cannot be told apart from one, and on which ranks they stand."""
    count = sum(last - first + 1 for first, last in near)
    if not count:
        return "none"
    spans = [interval_text(str(entries[first - 1].rank), str(entries[last - 1].rank)) for first, last in near[:3]]
    where = ", ".join(dict.fromkeys(spans)) + (" …" if len(near) > 3 else "")
    return f"{count:,} {'other' if count == 1 else 'others'}: {where}"


def _bar(low: float, middle: float, high: float, *, least: float, most: float) -> Bar:
    scale = (WIDTH - 2 * MARGIN) / ((most - least) or 1)
    left, estimate, right = (
        f"{MARGIN + (min(max(value, least), most) - least) * scale:.1f}" for value in (low, middle, high)
    )
    return Bar(left, estimate, right)
