"""A board as lines for a terminal: columns that line up, ties that show, and nothing a name could do to the screen."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from leaderboards.entries import Entry, Ranking

_LEGEND = (
    "= shares its rank   ~ cannot be told apart from the entrant on the line above   interval: all ranks hold at once"
)


def board_lines(ranking: Ranking, *, decimals: int) -> list[str]:
    """Set a ranking as aligned lines: rank, interval, entrant, points ± half-width of their own interval, tie marks."""
    shared = Counter(entry.rank for entry in ranking.entries)
    table = [("rank", "interval", "entrant", "points", "±", "")]
    above: Entry | None = None
    for entry in ranking.entries:
        mark = "=" if shared[entry.rank] > 1 else ""
        near = "~" if above is not None and above.entrant in entry.inseparable_from else ""
        span = f"{entry.rank_low}–{entry.rank_high}"
        points = f"{entry.points:.{decimals}f}"
        table.append((f"{mark}{entry.rank}", span, plain(entry.entrant), points, _half_width(entry, decimals), near))
        above = entry
    lines = aligned(table, left={2, 5})
    if ranking.entries:
        lines += ["", _LEGEND]
    else:
        lines = ["No entrant can be ranked."]
    if ranking.unranked:
        lines += ["", "Unranked:", *(f"  {plain(one.entrant)}: {plain(one.reason)}" for one in ranking.unranked)]
    return [
        *lines,
        "",
        f"policy  SHA-256 {ranking.policy_digest}",
        f"scores  SHA-256 {ranking.scores_digest}",
        f"ranking SHA-256 {ranking.digest()}",
    ]


def aligned(table: Sequence[Sequence[str]], *, left: set[int]) -> list[str]:
    """Pad the cells of each column to one width, to the right unless the column is in `left`."""
    widths = [max(_width(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        "  ".join(_padded(cell, widths[column], column in left) for column, cell in enumerate(row)).rstrip()
        for row in table
    ]


def plain(text: str) -> str:
    """Spell out control and direction characters, so that a name cannot move the cursor or hide a line."""
    return "".join(
        one if unicodedata.category(one)[0] != "C" else one.encode("unicode_escape").decode() for one in text
    )


def _half_width(entry: Entry, decimals: int) -> str:
    if entry.se is None:
        return "unknown"
    half: Decimal = max(entry.points - entry.low, entry.high - entry.points)  # the longer side, if 0 or 100 cut one
    return f"{half:.{decimals}f}"


def _padded(cell: str, width: int, left: bool) -> str:
    space = " " * (width - _width(cell))
    return cell + space if left else space + cell


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )
