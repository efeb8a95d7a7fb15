"""Score and status files are read as text tables, row by row and strictly, from CSV or Parquet."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from leaderboards.refusals import ScoreError

_PARQUET_MAGIC = b"PAR1"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
# First row of data is row 2, as a spreadsheet shows it with the header in row 1.
FIRST_ROW = 2


def read_table(path: Path | str, *, text_columns: frozenset[str]) -> pd.DataFrame:
    """Read a CSV (UTF-8, header in row 1) or Parquet file, told apart by content; every CSV cell stays text.

    In `text_columns` the apostrophe that makes a spreadsheet cell inert is taken off again.
    Raises ScoreError naming the file and the row; a file that cannot be opened raises OSError.
    """
    path = Path(path)
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic == _PARQUET_MAGIC:
        return _read_parquet(path)
    frame = _read_csv(path)
    for name in text_columns & set(frame.columns):
        frame[name] = unquoted(frame[name])
    return frame


def unquoted(column: "pd.Series[str]") -> "pd.Series[str]":
    """Take off a leading apostrophe that stands before = + - @, a tab or a carriage return, and no other."""
    guarded = column.str.startswith("'") & column.str.slice(1, 2).isin(_DANGEROUS)
    return column.where(~guarded, column.str.slice(1))


def _read_csv(path: Path) -> pd.DataFrame:
    ragged: list[str] = []

    def refuse(row: pyarrow.csv.InvalidRow) -> str:
        if not ragged:
            ragged.append(
                f"{path.name}, row {row.number}: {row.actual_columns} cells where the header has "
                f"{row.expected_columns}; give every row the same number of cells."
            )
        return "error"

    # One thread, because only then does the reader know the number of a row.
    reading = pyarrow.csv.ReadOptions(use_threads=False, encoding="utf8")
    parsing = pyarrow.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse)
    try:
        raw = path.read_bytes()
        raw.decode("utf-8")  # the reader checks cells, but not the names of columns
        # The reader takes a header without a line end for no header at all.
        content = pa.py_buffer(raw if raw.endswith(b"\n") else raw + b"\n")
        header = _header(content, reading, parsing)
        doubled = {name for name in header if header.count(name) > 1}
        if doubled:
            raise ScoreError(f"{path.name}, row 1: the column {min(doubled)!r} occurs twice; keep one of them.")
        kinds = {name: pa.string() for name in header}
        converting = pyarrow.csv.ConvertOptions(column_types=kinds, strings_can_be_null=False)
        table = pyarrow.csv.read_csv(pa.BufferReader(content), reading, parsing, converting)
    except UnicodeDecodeError:
        raise ScoreError(f"{path.name}: the text is not UTF-8; save the file as UTF-8.") from None
    except pa.ArrowInvalid as problem:
        raise ScoreError(ragged[0] if ragged else f"{path.name}: {_reason(problem)}") from None
    return pd.DataFrame({name: table.column(name).to_pylist() for name in table.column_names}, dtype="str")


def _header(content: object, reading: object, parsing: object) -> list[str]:
    with pyarrow.csv.open_csv(pa.BufferReader(content), reading, parsing) as stream:
        return list(stream.schema.names)


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        table = pyarrow.parquet.read_table(path)
    except pa.ArrowException as problem:
        raise ScoreError(f"{path.name}: not a readable Parquet file ({_first_line(problem)}).") from None
    if len(set(table.column_names)) != len(table.column_names):
        raise ScoreError(f"{path.name}: a column occurs twice; keep one of them.")
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _reason(problem: Exception) -> str:
    said = _first_line(problem)
    if "Empty CSV" in said:
        return "the file is empty; its first row must name the columns."
    return f"not a readable CSV file ({said}); mend or export it again."


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0].strip().rstrip(".")
