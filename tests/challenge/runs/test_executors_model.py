"""What the engine's endings mean where it ran a model, and what it is given to live with."""

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from challenge.calls.states import EntryKind
from challenge.runs.executors_folder import SHARDS_KEPT_SECONDS, clear_left_behind
from challenge.runs.executors_local import Bounds, Job, LocalExecutor
from challenge.runs.states import Outcome
from tests.challenge.runs.engines import go_on, script

PROBLEMS = """\
os.mkdir("out")
problem = {{"line": 0, "column": "", "found": "x", "sentence": "weights.bin: a pickle."}}
json.dump({{"count": 1, "kind": {kind!r}, "problems": [problem]}}, open("out/problems.json", "w"))
sys.exit({code})
"""


@pytest.fixture
def model_job(job: Job) -> Job:
    """A job with a model in place of predictions; no engine of these tests looks into it."""
    return replace(job, entry=EntryKind.MODEL)


@pytest.mark.parametrize(
    ("kind", "code", "outcome"),
    [
        ("model_refused", 3, Outcome.MODEL_REFUSED),
        ("format_not_run", 3, Outcome.MODEL_REFUSED),
        ("not_loadable", 3, Outcome.NOT_LOADABLE),
        ("gate_failed", 3, Outcome.GATE_FAILED),
        ("timed_out", 3, Outcome.TIMED_OUT),
        ("out_of_memory", 4, Outcome.OUT_OF_MEMORY),
    ],
)
def test_what_is_the_models_own_affair_is_told_apart(
    model_job: Job, tmp_path: Path, kind: str, code: int, outcome: Outcome
) -> None:
    finished = script(tmp_path, PROBLEMS.format(kind=kind, code=code)).run(model_job, go_on)
    assert finished.outcome is outcome
    assert finished.problems == ("weights.bin: a pickle.",)


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("open('out/usage.json', 'w').write('{}')", {"usage.json": b"{}"}),
        ("open('out/usage.json', 'w').write('{}'); open('out/model.json', 'w').write('{}')", {"usage.json": b"{}"}),
        ("os.symlink('/etc/passwd', 'out/usage.json')", {}),
        ("open('out/usage.json', 'w').write('{' * 70_000)", {}),
        ("pass", {}),
    ],
)
def test_what_a_model_took_is_kept_where_it_was_not_scored(
    model_job: Job, tmp_path: Path, before: str, kept: dict[str, bytes]
) -> None:
    body = PROBLEMS.format(kind="timed_out", code=3).replace('os.mkdir("out")\n', f"os.mkdir('out')\n{before}\n")
    finished = script(tmp_path, body).run(model_job, go_on)
    assert (finished.outcome, finished.papers) == (Outcome.TIMED_OUT, kept)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (PROBLEMS.format(kind="something_new", code=3), Outcome.ENGINE_FAILED),
        ("sys.exit(3)", Outcome.ENGINE_FAILED),
        ("sys.exit(5)", Outcome.ENGINE_FAILED),
        ("os.kill(os.getpid(), signal.SIGKILL)", Outcome.ENGINE_FAILED),
        ("sys.exit(75)", None),
        ("sys.stderr.write('The engine lm-eval is not installed: bin/engine install lm-eval'); sys.exit(6)",
         Outcome.ENGINE_MISSING),
        ("sys.stderr.write('suite.yaml: broken'); sys.exit(2)", Outcome.SUITE_BROKEN),
        ("sys.exit(0)", Outcome.ENGINE_FAILED),
    ],
)  # fmt: skip
def test_what_is_in_doubt_is_not_the_teams_fault(
    model_job: Job, tmp_path: Path, body: str, outcome: Outcome | None
) -> None:
    assert script(tmp_path, body).run(model_job, go_on).outcome is outcome


def test_the_engine_is_told_where_shards_outlive_it_and_is_not_cramped(model_job: Job, tmp_path: Path) -> None:
    body = """\
import resource
names = ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_CPU")
print(json.dumps({"said": sys.argv[1:], **{name: resource.getrlimit(getattr(resource, name))[0] for name in names}}),
      file=sys.stderr)
sys.exit(5)
"""
    bounds = Bounds(seconds=30, megabytes=3000, in_sandbox=True)
    executor = replace(script(tmp_path, body), model_bounds=bounds)
    told = json.loads(executor.run(replace(model_job, only_public=True), go_on).problems[1])
    said = told["said"]
    assert said[:3] == ["run", "suite.zip", "model.zip"]
    shards = Path(said[said.index("--shards") + 1])
    assert shards == (tmp_path / "work" / "shards" / model_job.suite_digest).resolve()
    assert shards.is_dir()
    assert said[said.index("--seconds") + 1] == "30"
    assert said[said.index("--megabytes") + 1] == "3000"
    assert said[said.index("--only") + 1] == "public"
    assert told["RLIMIT_AS"] == -1 or told["RLIMIT_AS"] > 10**11
    assert told["RLIMIT_NOFILE"] >= 1024
    assert told["RLIMIT_CPU"] == -1 or told["RLIMIT_CPU"] > 10**5


def test_old_shards_are_swept_and_young_ones_stay(tmp_path: Path) -> None:
    folder = tmp_path / "shards" / ("5" * 64)
    folder.mkdir(parents=True)
    for name in ("old", "young"):
        (folder / name).write_text("{}")
    long_ago = time.time() - SHARDS_KEPT_SECONDS - 60
    os.utime(folder / "old", (long_ago, long_ago))
    assert clear_left_behind(tmp_path) == 1
    assert [path.name for path in folder.iterdir()] == ["young"]


def test_a_model_that_the_store_lost_is_the_platforms_affair(model_job: Job, tmp_path: Path) -> None:
    model_job.file.unlink()
    finished = LocalExecutor(tmp_path / "work", Bounds(20, 1024)).run(model_job, go_on)
    assert (finished.outcome, finished.explanation) == (
        Outcome.FILE_LOST, "The store has no file for the package with the model.",
    )  # fmt: skip
