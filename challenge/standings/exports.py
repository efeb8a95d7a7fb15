"""Standings as tables for spreadsheets and as documents for programs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from challenge.foundation.spreadsheet import Cell, Number, write_csv
from challenge.standings.ranking import Entry, Ranking

HEADER = (
    "rank", "rank_low", "rank_high", "team", "entry", "points", "points_low", "points_high", "standard_error",
    "cannot_be_told_apart_from", "why_not_ranked",
)  # fmt: skip


def board_csv(ranking: Ranking, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a ranking as CSV: every ranked entry by rank, then every unranked one with its reason."""
    tasks = [task.task for task in ranking.entries[0].tasks] if ranking.entries else []
    header = [*HEADER, *(f"{what} in {task}" for task in tasks for what in ("score", "points"))]
    empty: list[Cell] = [None] * (2 * len(tasks))
    ranked = (_row(entry, names) for entry in ranking.entries)
    apart = (
        [None, None, None, names.get(one.entrant, one.entrant), one.entrant, *[None] * 5, one.reason, *empty]
        for one in ranking.unranked
    )
    return write_csv(header, chain(ranked, apart))


def status_csv(ranking: Ranking) -> Iterator[str]:
    """Yield the unranked entries as the instrument reads them: entrant and reason."""
    return write_csv(("entrant", "reason"), ([one.entrant, one.reason] for one in ranking.unranked))


def items_csv(rows: Iterator[Sequence[Cell]]) -> Iterator[str]:
    """Yield item scores as the instrument reads them: entrant, task, item, cluster and value in whole units."""
    return write_csv(("entrant", "task", "item", "cluster", "value"), rows)


def _row(entry: Entry, names: Mapping[str, str]) -> list[Cell]:
    return [
        entry.rank,
        entry.rank_low,
        entry.rank_high,
        names.get(entry.entrant, entry.entrant),
        entry.entrant,
        Number(entry.points),
        Number(entry.low),
        Number(entry.high),
        _number(entry.se),
        entry.inseparable_count,
        None,
        *(cell for task in entry.tasks for cell in (_number(task.score), Number(task.points))),
    ]


def _number(text: str | None) -> Number | None:
    return None if text is None else Number(text)
