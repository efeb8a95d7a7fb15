"""Takes the engine's result in: as data, within limits, and only if it says something about every item."""

import hashlib
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from challenge.foundation.canonical import canonical
from evaluation import Part, Report, ReportError, Suite, SuiteError, intervals_of, load_suite, read_report
from evaluation.endpoints import Budget, Endpoint, Route
from evaluation.models import ModelRefused, inspect_model
from evaluation.remote import RemoteEntry

MOST_UNPACKED = 512 * 2**20


class ResultRefused(Exception):
    """Raised where a result is not what the engine would have written; the text is for the office."""


@dataclass(frozen=True)
class Expected:
    """What a result must speak of: this suite, this entry."""

    suite: Path
    suite_digest: str
    entry_digest: str
    """SHA-256 of the predictions, or the digest of the model's files."""
    only_public: bool = False
    """Whether it must speak of the public items alone, as in a trial."""


def check_result(meta: bytes, items: bytes, *, expected: Expected) -> str:
    """Check a result against the suite itself, and return its scores' intervals as `Result.intervals` keeps them.

    The scores must follow from the rows, and the rows must be exactly the suite's items: none missing, none
    doubled, and none of them in the other part. Raises ResultRefused, or SuiteError if the suite is not usable.
    """
    suite = load_suite(expected.suite)
    wanted = _items_of(suite, only_public=expected.only_public)
    _check_size(items, len(wanted))
    report = _read(meta, items)
    if report.suite != expected.suite_digest or suite.digest != expected.suite_digest:
        raise ResultRefused("meta.json: speaks of another suite than the run's.")
    if report.predictions != expected.entry_digest:
        raise ResultRefused("meta.json: speaks of another entry than the submission's.")
    named = {task.name: task for task in suite.tasks}
    for task in report.tasks:
        known = named.get(task.task)
        if known is None or task.unit != known.unit or task.metric != known.metric:
            raise ResultRefused(f"meta.json: task {task.task!r} is not as the suite has it.")
    if _rows(report.items) != wanted:
        raise ResultRefused(
            "items.parquet: the rows are not the items of the suite; some are missing, doubled or moved."
        )
    bounds = [(f"{found.low:.6f}", f"{found.high:.6f}") if found else None for found in intervals_of(report)]
    return canonical(bounds).decode()


def model_digest(package: Path) -> str:
    """Return the digest of the model in a package, which a report names; raise ResultRefused where it has none.

    Every file is read, which takes seconds for each gigabyte.
    """
    try:
        return inspect_model(package).digest
    except ModelRefused as error:
        raise ResultRefused(f"The package was scored as a model, and is none: {error}") from error


def endpoint_digest(endpoint: Mapping[str, str]) -> str:
    """Return the digest by which a report names an endpoint: of its address, model and route, and how it is asked."""
    route = {"chat": Route.CHAT, "completions": Route.COMPLETIONS}[endpoint["route"]]
    told = Endpoint(endpoint["url"], endpoint["model"], "no-key-is-needed", route=route)
    return RemoteEntry(endpoint=told, budget=Budget(requests=1, tokens=1, seconds=1)).digest


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _check_size(items: bytes, size: int) -> None:
    """Look at the table of contents before unpacking: a small file may hold very much."""
    try:
        contents = pq.ParquetFile(io.BytesIO(items)).metadata
    except (pa.ArrowException, OSError) as error:
        raise ResultRefused("items.parquet: not a readable Parquet file.") from error
    if contents.num_rows != size:
        raise ResultRefused(f"items.parquet: {contents.num_rows:,} rows, but the suite has {size:,} items.")
    if sum(contents.row_group(number).total_byte_size for number in range(contents.num_row_groups)) > MOST_UNPACKED:
        raise ResultRefused(f"items.parquet: unpacks to more than {MOST_UNPACKED:,} bytes.")


def _read(meta: bytes, items: bytes) -> Report:
    with tempfile.TemporaryDirectory(prefix="result-") as folder:
        Path(folder, "meta.json").write_bytes(meta)
        Path(folder, "items.parquet").write_bytes(items)
        try:
            return read_report(folder)
        except (ReportError, pa.ArrowException, RecursionError) as error:
            raise ResultRefused(str(error)[:400]) from error


def _rows(items: pa.Table) -> list[tuple[str, str, str, str]]:
    columns = (items.column(name).to_pylist() for name in ("task", "item", "cluster", "part"))
    return sorted(zip(*columns, strict=True))


def _items_of(suite: Suite, *, only_public: bool) -> list[tuple[str, str, str, str]]:
    return sorted(
        (name, item, cluster, part.value)
        for name, truth in suite.truths.items()
        for item, cluster, part in zip(truth.items, truth.clusters, truth.parts, strict=True)
        if part is Part.PUBLIC or not only_public
    )


__all__ = ["Expected", "ResultRefused", "SuiteError", "check_result", "endpoint_digest", "fingerprint", "model_digest"]
