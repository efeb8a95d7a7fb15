"""A ranking as the lines of a table: every cell ready to be written, every bar with its coordinates."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from challenge.standings.asides import NOTHING, Aside
from challenge.standings.heat import Cell, cell
from challenge.standings.policy import SuiteTask
from challenge.standings.ranking import Entry, Ranking, Run

WIDTH, MARGIN = 120, 5
"""Pixels of a bar in a table, and what its ends keep free for their roundness."""


class Bar(NamedTuple):
    """A bar's left end, estimate and right end in pixels."""

    left: str
    middle: str
    right: str


class Line(NamedTuple):
    """One ranked entry as a table shows it; a tuple, since thousands are made at once."""

    entrant: str
    team: str
    rank: str
    tied: bool
    top: bool
    """Whether it may be among the best that can win."""
    last: bool
    """Whether it is the last of those who share a rank, so that a group is seen to end."""
    ranks: str
    rank_bar: Bar
    points: str
    interval: str
    points_bar: Bar
    near: str
    tasks: tuple[Cell, ...]
    aside: Aside


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


@dataclass(frozen=True)
class Manner:
    """How lines are written: points at `places` decimals, an edge at the best `winners`, a cell for each task."""

    places: int
    winners: int
    tasks: Sequence[SuiteTask] = ()


def lines_of(
    ranking: Ranking,
    names: Mapping[str, str],
    manner: Manner,
    *,
    entries: Sequence[Entry] | None = None,
    asides: Mapping[str, Aside] | None = None,
) -> tuple[Line, ...]:
    """Write entries of a ranking as lines, all of them unless some are named, in the order in which they come."""
    places, winners = manner.places, manner.winners
    tasks = {task.name: task for task in manner.tasks}
    chosen = ranking.entries if entries is None else entries
    beside = asides or {}
    ends = {one.entrant for one, then in zip(chosen, [*chosen[1:], None], strict=False) if _parted(one, then)}
    axis, count = axis_of(ranking.entries), len(ranking.entries)
    at_rank, at_points = _Scale.over(1, max(count, 2)), _Scale.over(axis.least, axis.most)
    sharing = Counter(entry.rank for entry in ranking.entries)
    lines = []
    for entry in chosen:
        tied = sharing[entry.rank] > 1
        lines.append(
            Line(
                entrant=entry.entrant,
                team=names.get(entry.entrant, entry.entrant),
                rank=f"={entry.rank}" if tied else str(entry.rank),
                tied=tied,
                top=entry.rank_low <= winners,
                last=entry.entrant in ends,
                ranks=interval_text(str(entry.rank_low), str(entry.rank_high)),
                rank_bar=Bar(at_rank.text(entry.rank_low), at_rank.text(entry.rank), at_rank.text(entry.rank_high)),
                points=rounded(entry.points, places),
                interval=interval_text(rounded(entry.low, places), rounded(entry.high, places)),
                points_bar=Bar(
                    at_points.text(float(entry.low)),
                    at_points.text(float(entry.points)),
                    at_points.text(float(entry.high)),
                ),
                near=near_text(entry.inseparable, ranking.entries),
                tasks=tuple([cell(task, tasks.get(task.task)) for task in entry.tasks]),
                aside=beside.get(entry.entrant, NOTHING),
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


def _parted(entry: Entry, then: Entry | None) -> bool:
    return then is None or then.rank != entry.rank


class _Scale(NamedTuple):
    """Where values lie on a bar; `pixels` is how many one unit takes."""

    least: float
    most: float
    pixels: float

    @classmethod
    def over(cls, least: float, most: float) -> "_Scale":
        return cls(least, most, (WIDTH - 2 * MARGIN) / ((most - least) or 1))

    def text(self, value: float) -> str:
        least, most, pixels = self
        inside = least if value < least else most if value > most else value
        return f"{MARGIN + (inside - least) * pixels:.1f}"
