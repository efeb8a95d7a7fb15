"""The engine runs in a process of its own: within limits, without secrets, and nothing it leaves is trusted."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from challenge.runs.executors_folder import clear_left_behind
from challenge.runs.executors_local import Finished, Job, Progress
from challenge.runs.operations_results import Expected, ResultRefused, check_result
from challenge.runs.states import Outcome
from tests.challenge.runs.engines import go_on, is_alive, job_of, real, script, sha_of, until
from tests.challenge.runs.scene import predictions


def test_the_real_engine_scores_and_its_result_stands_the_check(job: Job, tmp_path: Path) -> None:
    heard: list[Progress] = []
    finished = real(tmp_path).run(job, lambda progress: heard.append(progress) is None)
    assert finished.outcome is Outcome.SCORED
    check_result(finished.meta, finished.items, expected=_expected(job))
    scores = {(task["task"], task["part"]): task["score"] for task in json.loads(finished.meta)["tasks"]}
    assert scores["topic", "public"] == "1.000000"
    assert heard
    assert list((tmp_path / "work").iterdir()) == [], "the folder of an evaluation is left behind"


def test_unreadable_predictions_come_back_as_sentences(packed: Path, tmp_path: Path) -> None:
    job = job_of(packed, tmp_path, predictions({"t3": "maybe", "s4": "NaN"}))
    finished = real(tmp_path).run(job, go_on)
    assert finished.outcome is Outcome.UNREADABLE
    assert len(finished.problems) == 2
    assert finished.problems[0].startswith("Line 5, column prediction:")


def test_a_suite_that_is_none_is_the_organisers_affair(tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"no zip")
    path = tmp_path / "p.csv"
    path.write_bytes(predictions())
    job = Job("trial-0001", broken, sha_of(broken), "0" * 64, path, sha_of(path))
    finished = real(tmp_path).run(job, go_on)
    assert finished.outcome is Outcome.SUITE_BROKEN
    assert "zip" in " ".join(finished.problems)


def test_a_file_that_the_store_lost_or_changed_is_noticed_before_anything_starts(job: Job, tmp_path: Path) -> None:
    job.file.write_bytes(b"other bytes")
    finished = real(tmp_path).run(job, go_on)
    assert finished == Finished(
        Outcome.FILE_LOST, "The store's file for the predictions is not the one that was accepted."
    )
    job.file.unlink()
    assert real(tmp_path).run(job, go_on).explanation == "The store has no file for the predictions."


def test_no_secret_is_in_the_engines_reach(job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "CHALLENGE_SECRET_KEY": "marzipan",
        "DATABASE_URL": "postgresql://u:marzipan@h/d",
        "AWS_TOKEN": "marzipan",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    seen = tmp_path / "seen.json"
    body = (
        "files = {n: open(n, 'rb').read().decode('latin-1') for n in os.listdir('.')}\n"
        f"json.dump({{'env': dict(os.environ), 'files': files, 'fds': os.listdir('/proc/self/fd')}}, open({str(seen)!r}, 'w'))\n"
    )
    script(tmp_path, body).run(job, go_on)
    found = json.loads(seen.read_text())
    assert set(found["env"]) - {"LC_CTYPE"} == {
        "PATH", "LANG", "HOME", "TMPDIR", "PYTHONPATH", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "ARROW_IO_THREADS",
        "ARROW_DEFAULT_MEMORY_POOL", "MALLOC_ARENA_MAX",
    }  # fmt: skip
    assert "marzipan" not in seen.read_text()
    assert set(found["files"]) == {"suite.zip", "predictions", "spec.json"}
    spec = json.loads(found["files"]["spec.json"])
    assert spec["submission"] == "trial-0001"
    assert len(found["fds"]) <= 4, "a descriptor of the worker's is open in the engine"


def test_the_listener_stops_the_engine_at_once(job: Job, tmp_path: Path) -> None:
    began = time.monotonic()
    finished = script(tmp_path, "time.sleep(60)").run(job, lambda _progress: False)
    assert finished.outcome is Outcome.CANCELLED
    assert time.monotonic() - began < 30  # of sixty


def test_when_the_listener_breaks_the_engine_is_not_left_behind(job: Job, tmp_path: Path) -> None:
    pid = tmp_path / "pid"

    def break_down(_progress: Progress) -> bool:
        if pid.exists() and pid.read_text():
            raise RuntimeError("the database is away")
        return True

    body = f"open({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    with pytest.raises(RuntimeError, match="the database is away"):
        script(tmp_path, body).run(job, break_down)
    assert not is_alive(int(pid.read_text()))


def test_an_engine_dies_with_its_worker(tmp_path: Path, packed: Path) -> None:
    pid, job = tmp_path / "pid", job_of(packed, tmp_path, predictions())
    executor = script(tmp_path, f"open({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n")
    program = (
        "from pathlib import Path\n"
        "from challenge.runs.executors_local import Bounds, Job, LocalExecutor\n"
        f"job = Job('trial-0001', Path({str(job.suite)!r}), {job.suite_sha256!r}, '0' * 64, "
        f"Path({str(job.file)!r}), {job.file_sha256!r})\n"
        f"LocalExecutor(Path({str(executor.folder)!r}), Bounds(60, 1024), {executor.command!r}).run(job, lambda p: True)\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[3])
    until(lambda: pid.exists() and pid.read_text() != "")
    worker.kill()
    worker.wait()
    until(lambda: not is_alive(int(pid.read_text())))


def test_folders_left_behind_are_cleared_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / "run-old", tmp_path / "run-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "suite.zip").write_bytes(b"labels")
    os.utime(old, (0, 0))
    assert clear_left_behind(tmp_path) == 1
    assert (old.exists(), new.exists()) == (False, True)


def test_an_engine_that_asks_to_be_tried_again_says_nothing_about_the_submission(job: Job, tmp_path: Path) -> None:
    assert script(tmp_path, "sys.exit(75)").run(job, go_on).outcome is None


def test_lies_about_progress_are_only_numbers(job: Job, tmp_path: Path) -> None:
    heard: list[Progress] = []
    gone_on = tmp_path / "gone-on"

    def listen(progress: Progress) -> bool:
        heard.append(progress)
        if progress.done:
            gone_on.touch()
        return True

    body = (
        "for line in ('{}', '[1]', '{\"done\": \"a\"}', 'null', '{\"done\": 1, \"total\": 2, \"task\": \"\\\\u001b[2J' + 'x' * 500 + '\"}'):\n"
        "    print(line, file=sys.stderr, flush=True)\n"
        f"while not os.path.exists({str(gone_on)!r}): time.sleep(0.02)\n"
    )
    script(tmp_path, body).run(job, listen)
    assert (heard[-1].done, heard[-1].total) == (1, 2)
    assert len(heard[-1].doing) == 80
    assert heard[-1].doing.isprintable()


@pytest.fixture(scope="module")
def good(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, bytes, bytes]:
    """A job and the result that the real engine gave."""
    folder = tmp_path_factory.mktemp("good")
    job = job_of(packed, folder, predictions({"t1": "no", "s2": "7"}))
    finished = real(folder).run(job, go_on)
    return job, finished.meta, finished.items


def _expected(job: Job) -> Expected:
    return Expected(job.suite, job.suite_digest, job.file_sha256)


def _without_a_row(meta: bytes, items: bytes) -> tuple[bytes, bytes]:
    return _rewritten(meta, items, lambda rows: rows[:-1])


def _with_a_row_twice(meta: bytes, items: bytes) -> tuple[bytes, bytes]:
    return _rewritten(meta, items, lambda rows: [*rows[:-1], rows[0]])


def _moved(meta: bytes, items: bytes) -> tuple[bytes, bytes]:
    return _rewritten(meta, items, lambda rows: [{**rows[0], "part": _other(rows[0]["part"])}, *rows[1:]])


def _other(part: object) -> str:
    return "public" if part == "private" else "private"


def _rewritten(
    meta: bytes, items: bytes, change: Callable[[list[dict[str, object]]], list[dict[str, object]]]
) -> tuple[bytes, bytes]:
    """Write a report whose two files fit together, but not the suite."""
    import io
    from dataclasses import replace

    import pyarrow as pa
    import pyarrow.parquet as pq

    from evaluation import Part, Report, TaskReport
    from evaluation.reports.files import items_bytes

    rows = change(pq.read_table(io.BytesIO(items)).to_pylist())
    table = pa.Table.from_pylist(rows, schema=pq.read_schema(io.BytesIO(items)))
    told = json.loads(meta)
    tasks = []
    for task in told["tasks"]:
        values = [row["value"] for row in rows if (row["task"], row["part"]) == (task["task"], task["part"])]
        tasks.append(
            TaskReport(
                task=task["task"], part=Part(task["part"]), metric=task["metric"], items=len(values), sum=sum(values),
                unit=task["unit"],
            )
        )  # fmt: skip
    report = Report(
        suite=told["suite"], predictions=told["predictions"], engine=told["engine"], tasks=tuple(tasks), notes=(),
        items=table,
    )  # fmt: skip
    return replace(report).to_json().encode(), items_bytes(table)


def _changed(**changes: object) -> Callable[[bytes, bytes], tuple[bytes, bytes]]:
    def change(meta: bytes, items: bytes) -> tuple[bytes, bytes]:
        told = {**json.loads(meta), **changes}
        return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n", items

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_without_a_row, "items.parquet: 21 rows, but the suite has 22 items"),
        (_with_a_row_twice, "the rows are not the items of the suite"),
        (_moved, "the rows are not the items of the suite"),
        (_changed(suite="0" * 64), "another suite"),
        (_changed(predictions="0" * 64), "another entry"),
        (_changed(tasks=[]), "meta.json"),
        (_changed(extra=1), "meta.json: a field is not known"),
        (lambda meta, items: (meta.replace(b'"score":"0.', b'"score":"9.'), items), "meta.json"),
        (lambda meta, items: (meta.replace(b'"sum":', b'"sum":NaN,"x":'), items), "meta.json"),
        (lambda meta, items: (b"{" * 50_000, items), "meta.json"),
        (lambda meta, items: (meta, b"PAR1 not really PAR1"), "items.parquet: not a readable Parquet file"),
        (lambda meta, items: (meta, items[: len(items) // 2]), "items.parquet: not a readable Parquet file"),
    ],
)
def test_a_result_that_does_not_follow_from_the_suite_is_refused(
    good: tuple[Job, bytes, bytes], change: Callable[[bytes, bytes], tuple[bytes, bytes]], words: str
) -> None:
    job, meta, items = good
    check_result(meta, items, expected=_expected(job))
    with pytest.raises(ResultRefused, match=words):
        check_result(*change(meta, items), expected=_expected(job))
