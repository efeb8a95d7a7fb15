"""The panel's table as rows for a spreadsheet, and its scores as the instrument reads them; as CSV or Parquet."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet

from challenge.calls.document import Rules
from challenge.foundation.spreadsheet import Cell, Number, write_csv
from challenge.judging.calibration import MarkGiven, PanelStatistics
from challenge.judging.marks import marks
from challenge.judging.table import Row
from challenge.standings.ranking import Entry

SCORES = ("entry", "judge", "criterion", "halves")


def table_header(rules: Rules) -> list[str]:
    """Name the columns of the panel's table."""
    keys = [criterion.key for criterion in rules.criteria]
    return [
        "team", "entry", "points", "rank_low", "rank_high", "judges", "raw_mean", "calibrated", "calibrated_low",
        "calibrated_high", *(f"mean {key}" for key in keys), *(f"agreed {key}" for key in keys), "agreed total",
        "thresholds",
    ]  # fmt: skip


def table_rows(
    rows: Sequence[Row], rules: Rules, statistics: PanelStatistics, board: Mapping[str, Entry]
) -> Iterator[list[Cell]]:
    """Yield a line an entry; scores of an entry that is not open to the reader are empty."""
    keys = [criterion.key for criterion in rules.criteria]
    for row in rows:
        place, means = board.get(row.listed.reference), statistics.entries.get(row.listed.reference)
        score = means.calibrated if means else None
        yield [
            row.listed.team, row.listed.reference,
            Number(place.points) if place else None, place.rank_low if place else None,
            place.rank_high if place else None, means.judges if means else None,
            *(_number(value) for value in (
                means.raw if means else None, score.value if score else None, score.low if score else None,
                score.high if score else None, *(row.means[key] for key in keys),
            )),
            *(Number(marks(row.agreed.halves[key])) if row.agreed else None for key in keys),
            Number(marks(row.agreed_total)) if row.agreed_total is not None else None,
            None if row.agreed is None else "not passed" if row.missed else "passed",
        ]  # fmt: skip


def score_rows(given: Iterable[MarkGiven]) -> Iterator[list[Cell]]:
    """Yield a line a mark, as `python -m leaderboards agree` reads them."""
    return ([one.entry, one.judge, one.criterion, one.halves] for one in given)


def sheet(header: Sequence[str], rows: Iterable[Sequence[Cell]], kind: str) -> bytes:
    """Write a table as `csv` or `parquet`; in Parquet decimals are texts, so that none is rounded."""
    if kind == "csv":
        return "".join(write_csv(header, rows)).encode()
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    table = pa.table({name: _column(column) for name, column in zip(header, columns, strict=True)})
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table, sink, compression="zstd", store_schema=False)
    return sink.getvalue()


def _column(cells: Sequence[Cell]) -> pa.Array:
    if all(cell is None or isinstance(cell, int) for cell in cells):
        return pa.array(cells, pa.int64())
    return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())


def _number(value: Decimal | None) -> Number | None:
    return None if value is None else Number(format(value, "f"))
