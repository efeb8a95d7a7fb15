"""Standings as tables for spreadsheets and as files for programs."""

import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from challenge.foundation.spreadsheet import Cell, Number, write_csv
from challenge.standings.asides import NOTHING, Aside
from challenge.standings.ranking import Entry, Ranking

HEADER = (
    "rank", "rank_low", "rank_high", "team", "entry", "points", "points_low", "points_high", "standard_error",
    "cannot_be_told_apart_from", "why_not_ranked",
)  # fmt: skip
WHOLE = {"rank", "rank_low", "rank_high", "cannot_be_told_apart_from"}
TEXT = {"team", "entry", "why_not_ranked", "energy_method"}
BESIDE = ("energy_wh", "energy_method", "cost_eur")


def board_csv(ranking: Ranking, names: Mapping[str, str], asides: Mapping[str, Aside]) -> Iterator[str]:
    """Yield a ranking as CSV: every ranked entry by rank, then every unranked one with its reason."""
    header = _header(ranking, asides)
    return write_csv(header, ([_cell(row.get(name)) for name in header] for row in _rows(ranking, names, asides)))


def board_parquet(ranking: Ranking, names: Mapping[str, str], asides: Mapping[str, Aside]) -> bytes:
    """Return the same table as Parquet: numbers as exact decimals, whole numbers whole; the same bytes each time."""
    header, rows = _header(ranking, asides), list(_rows(ranking, names, asides))
    columns = {name: pa.array([row.get(name) for row in rows], _kind(name)) for name in header}
    sheet = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns), sheet, version="2.6", compression="zstd", store_schema=False)
    return sheet.getvalue()


def status_csv(ranking: Ranking) -> Iterator[str]:
    """Yield the unranked entries as the instrument reads them: entrant and reason."""
    return write_csv(("entrant", "reason"), ([one.entrant, one.reason] for one in ranking.unranked))


def items_csv(rows: Iterator[Sequence[Cell]]) -> Iterator[str]:
    """Yield item scores as the instrument reads them: entrant, task, item, cluster and value in whole units."""
    return write_csv(("entrant", "task", "item", "cluster", "value"), rows)


def _header(ranking: Ranking, asides: Mapping[str, Aside]) -> list[str]:
    """Name the columns; those of energy and cost are there where any entry has one."""
    tasks = [task.task for task in ranking.entries[0].tasks] if ranking.entries else []
    there = {name for aside in asides.values() for name, value in _beside(aside).items() if value is not None}
    return [
        *HEADER,
        *(f"{what} in {task}" for task in tasks for what in ("score", "points")),
        *(name for name in BESIDE if name in there),
    ]


def _rows(ranking: Ranking, names: Mapping[str, str], asides: Mapping[str, Aside]) -> Iterator[dict[str, Any]]:
    ranked = ({**_row(entry), **_beside(asides.get(entry.entrant, NOTHING))} for entry in ranking.entries)
    apart = ({"entry": one.entrant, "why_not_ranked": one.reason} for one in ranking.unranked)
    for row in chain(ranked, apart):
        yield {**row, "team": names.get(row["entry"], row["entry"])}


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "rank": entry.rank,
        "rank_low": entry.rank_low,
        "rank_high": entry.rank_high,
        "entry": entry.entrant,
        "points": Decimal(entry.points),
        "points_low": Decimal(entry.low),
        "points_high": Decimal(entry.high),
        "standard_error": _decimal(entry.se),
        "cannot_be_told_apart_from": entry.inseparable_count,
        **{f"score in {task.task}": _decimal(task.score) for task in entry.tasks},
        **{f"points in {task.task}": Decimal(task.points) for task in entry.tasks},
    }


def _beside(aside: Aside) -> dict[str, Any]:
    return {"energy_wh": aside.watt_hours, "energy_method": aside.method or None, "cost_eur": aside.euros}


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _cell(value: Any) -> Cell:
    return Number(f"{value:f}") if isinstance(value, Decimal) else value


def _kind(name: str) -> pa.DataType:
    if name in TEXT:
        return pa.string()
    return pa.int32() if name in WHOLE else pa.decimal128(18, 6)
