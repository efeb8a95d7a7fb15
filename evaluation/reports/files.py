"""A report is two files, meta.json and items.parquet, written whole or not at all, and read as data only."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evaluation.reports.report import ITEM_SCHEMA, Note, Report, ReportError, TaskReport, rows_digest
from evaluation.tasks import Part

META = "meta.json"
ITEMS = "items.parquet"
MAX_META_BYTES = 4_194_304
MAX_ITEMS_BYTES = 268_435_456
MAX_ITEMS = 5_000_000


def write_report(report: Report, folder: str | Path) -> None:
    """Write meta.json and items.parquet into a folder, which is made where it is missing.

    Each file is written beside its place, flushed to disk and renamed; meta.json comes last and names the digest
    of the rows, so that a reader never takes half a report for a whole one. Raises OSError.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    (target / META).unlink(missing_ok=True)
    write_whole(target / ITEMS, items_bytes(report.items))
    write_whole(target / META, report.to_json().encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that after a crash it is there whole or not at all; raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def items_bytes(items: pa.Table) -> bytes:
    """Write item rows as Parquet with fixed settings, so that equal rows give equal bytes."""
    buffer = io.BytesIO()
    pq.write_table(
        items,
        buffer,
        row_group_size=65_536,
        version="2.6",
        compression="zstd",
        compression_level=3,
        use_dictionary=["task", "cluster", "part"],
        write_statistics=False,
        store_schema=False,
        data_page_version="1.0",
    )
    return buffer.getvalue()


def read_report(folder: str | Path) -> Report:
    """Read a report and check that its scores follow from its rows; raises ReportError or OSError."""
    source = Path(folder)
    meta = _read_meta(source / META)
    items = _read_items(source / ITEMS)
    try:
        if meta["items"] != {"count": items.num_rows, "digest": rows_digest(items)}:
            raise ReportError(f"{ITEMS}: the rows are not those that {META} names; score again")
        report = Report(
            suite=_text(meta["suite"]),
            predictions=_text(meta["predictions"]),
            engine=_text(meta["engine"]),
            tasks=tuple(_task(task) for task in meta["tasks"]),
            notes=tuple(_note(note) for note in meta["notes"]),
            items=items,
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, ReportError):
            raise
        raise ReportError(f"{META}: a field is missing or wrong: {error}") from error
    if [_key(task) for task in report.tasks] != [_key(task) for task in _recount(report)]:
        raise ReportError(f"{META}: the scores do not follow from the rows of {ITEMS}; score again")
    if json.loads(report.to_json()) != meta:
        raise ReportError(f"{META}: a field is not known or not as this engine writes it")
    return report


def _read_meta(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        content = file.read(MAX_META_BYTES + 1)
    if len(content) > MAX_META_BYTES:
        raise ReportError(f"{META}: larger than {MAX_META_BYTES:,} bytes")
    try:
        meta = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{META}: not readable as JSON: {error}") from error
    if not isinstance(meta, dict):
        raise ReportError(f"{META}: not a JSON object")
    return meta


def _read_items(path: Path) -> pa.Table:
    if path.stat().st_size > MAX_ITEMS_BYTES:
        raise ReportError(f"{ITEMS}: larger than {MAX_ITEMS_BYTES:,} bytes")
    try:
        source = pq.ParquetFile(path)
        if source.metadata.num_rows > MAX_ITEMS:
            raise ReportError(f"{ITEMS}: more than {MAX_ITEMS:,} rows")
        if not source.schema_arrow.equals(ITEM_SCHEMA):
            raise ReportError(f"{ITEMS}: the columns are not those of a report")
        return source.read()
    except pa.ArrowException as error:
        raise ReportError(f"{ITEMS}: not a readable Parquet file: {error}") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is not a whole number")
    return value


def _task(found: dict[str, Any]) -> TaskReport:
    return TaskReport(
        task=_text(found["task"]),
        part=Part(found["part"]),
        metric=_text(found["metric"]),
        items=_whole(found["items"]),
        sum=_whole(found["sum"]),
        unit=_whole(found["unit"]),
    )


def _note(found: dict[str, Any]) -> Note:
    return Note(_text(found["task"]), Part(found["part"]), _text(found["code"]), _text(found["sentence"]))


def _key(task: TaskReport) -> tuple[str, Part, int, int]:
    return task.task, task.part, task.items, task.sum


def _recount(report: Report) -> list[TaskReport]:
    """Count and add the rows of each task and part anew, in the order in which the report names them."""
    values: dict[tuple[str, str], list[int]] = {}
    columns = (report.items.column(name).to_pylist() for name in ("task", "part", "value"))
    for task, part, value in zip(*columns, strict=True):
        values.setdefault((task, part), []).append(value)
    named = {(task.task, str(task.part)): task for task in report.tasks}
    if named.keys() != values.keys():
        raise ReportError(f"{META}: the tasks are not those of {ITEMS}; score again")
    return [
        TaskReport(
            task=task.task,
            part=task.part,
            metric=task.metric,
            items=len(values[key]),
            sum=sum(values[key]),
            unit=task.unit,
        )
        for key, task in named.items()
    ]
