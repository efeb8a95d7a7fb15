"""A report's files are the same bytes every time, and no damaged or half-written report is taken for a whole one."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation import Report, ReportError, load_suite, read_predictions, read_report, score, write_report


@pytest.fixture
def report(suite_folder: Path, perfect: Path) -> Report:
    """Score the perfect answer."""
    suite = load_suite(suite_folder)
    return score(suite, read_predictions(perfect, suite))


def test_a_report_reads_back_as_it_was_written(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["items.parquet", "meta.json"]
    assert read_report(tmp_path / "out") == report


def test_scoring_again_gives_the_same_bytes(suite_folder: Path, perfect: Path, tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        suite = load_suite(suite_folder)
        write_report(score(suite, read_predictions(perfect, suite)), tmp_path / name)
        written.append([(tmp_path / name / file).read_bytes() for file in ("meta.json", "items.parquet")])
    assert written[0] == written[1]


def test_a_report_may_be_written_over_an_older_one(report: Report, tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("old")
    write_report(report, tmp_path)
    assert read_report(tmp_path) == report


def test_without_its_meta_a_report_is_none(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path)
    (tmp_path / "meta.json").unlink()
    with pytest.raises(FileNotFoundError):
        read_report(tmp_path)


def _changed(report: Report, **changes: object) -> str:
    return json.dumps({**json.loads(report.to_json()), **changes})


def test_a_changed_meta_is_refused(report: Report, tmp_path: Path) -> None:
    tasks = json.loads(report.to_json())["tasks"]
    cases = {
        "a field is not known": _changed(report, extra=1),
        "scores do not follow": _changed(report, tasks=[{**tasks[0], "sum": 1}, *tasks[1:]]),
        "not as this engine writes it": _changed(report, tasks=[{**tasks[0], "score": "1.0"}, *tasks[1:]]),
        "the tasks are not those": _changed(report, tasks=tasks[1:]),
        "'True' is not|True is not a whole number": _changed(report, tasks=[{**tasks[0], "sum": True}, *tasks[1:]]),
        "a field is missing or wrong": _changed(report, tasks=[{**tasks[0], "part": "secret"}, *tasks[1:]]),
        "the rows are not those": _changed(report, items={"count": 1, "digest": ""}),
        "not a JSON object": "[]",
        "not readable as JSON": "[" * 100_000,
        "larger than": " " * 5_000_000,
    }
    for words, text in cases.items():
        write_report(report, tmp_path)
        (tmp_path / "meta.json").write_text(text)
        with pytest.raises(ReportError, match=words):
            read_report(tmp_path)


def test_changed_rows_are_refused(report: Report, tmp_path: Path) -> None:
    values = pa.array([10_000] * report.items.num_rows, pa.int64())
    other = report.items.set_column(4, report.items.schema.field("value"), values)
    cases = [(other, "the rows are not those"), (report.items.drop(["part"]), "columns are not those")]
    for table, words in cases:
        write_report(report, tmp_path)
        pq.write_table(table, tmp_path / "items.parquet")
        with pytest.raises(ReportError, match=words):
            read_report(tmp_path)
    (tmp_path / "items.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(ReportError, match="not a readable Parquet file"):
        read_report(tmp_path)


def test_a_report_that_cannot_be_written_leaves_nothing_behind(report: Report, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / "items.parquet").mkdir(parents=True)
    with pytest.raises(OSError, match="items"):
        write_report(report, folder)
    assert [path.name for path in folder.iterdir()] == ["items.parquet"]
