"""A host that gets a known sample wrong is out of order: its bad word about a run is never reported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from challenge.foundation.audit import first_break
from challenge.runs.executors_sample import why_unfit
from challenge.runs.states import Outcome, RunState
from challenge.worker.evaluating import Evaluator, HostUnfit
from challenge.worker.loop import work
from tests.challenge.runs.scene import Scene, predictions
from tests.challenge.worker.hands import hands

BROKEN = "sys.exit(1)\n"
FLATTERING = """
os.mkdir("out")
told = {"task": "sample", "part": "public", "items": 4, "sum": 40_000, "score": "1.000000"}
json.dump({"tasks": [told]}, open("out/meta.json", "w"))
open("out/items.parquet", "w").close()
"""
SPEECHLESS = """
os.mkdir("out")
open("out/meta.json", "w").write("[]")
open("out/items.parquet", "w").close()
"""


BROKEN_HOST = """
import sys
from functools import partial
from flask.cli import main
from challenge.worker import round
round.LocalExecutor = partial(round.LocalExecutor, command=(sys.executable, "-c", "raise SystemExit(1)"))
main()
"""


def doubted(scene: Scene, engine: str = "") -> Evaluator:
    """Return hands that doubt themselves as a worker's do."""
    worker = hands(scene.cast, engine=engine)
    worker.why_unfit = lambda: why_unfit(worker.executor.run, worker.executor.folder)
    return worker


def test_a_host_in_order_gets_the_sample_right_and_leaves_nothing_behind(scene: Scene) -> None:
    worker = hands(scene.cast)
    assert why_unfit(worker.executor.run, worker.executor.folder) == ""
    assert list(worker.executor.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        (BROKEN, "ended as engine_failed"),
        (FLATTERING, "came out as {'task': 'sample'"),
        (SPEECHLESS, "report cannot be read"),
    ],
)
def test_a_host_out_of_order_is_told_by_how_it_gets_the_sample_wrong(scene: Scene, engine: str, words: str) -> None:
    worker = hands(scene.cast, engine=engine)
    assert words in why_unfit(worker.executor.run, worker.executor.folder)


def test_a_host_out_of_order_hands_its_run_back_and_another_scores_it(scene: Scene) -> None:
    run, _ = scene.waiting()
    with pytest.raises(HostUnfit, match=f"run {run.id} is handed back, for this host is out of order"):
        doubted(scene, BROKEN).evaluate_next()
    back = scene.run(run.id)
    assert (back.state, back.attempts, back.token) == (RunState.WAITING, 0, None)
    assert doubted(scene).evaluate_next()
    scored = scene.run(run.id)
    assert (scored.outcome, scored.attempts) == (Outcome.SCORED, 1)
    with scene.cast.house.database.reading() as session:
        assert first_break(session) is None


def test_where_the_sample_comes_out_right_a_bad_word_is_believed(scene: Scene) -> None:
    unreadable, _ = scene.waiting("Alpha", predictions({"t3": "maybe"}))
    assert doubted(scene).evaluate_next()
    assert scene.run(unreadable.id).outcome is Outcome.UNREADABLE
    broken, _ = scene.waiting("Beta")
    worker = hands(scene.cast, engine=BROKEN)
    assert worker.evaluate_next()
    assert scene.run(broken.id).outcome is Outcome.ENGINE_FAILED


def test_a_host_that_was_right_a_moment_ago_is_not_asked_again(scene: Scene) -> None:
    asked: list[int] = []
    worker = hands(scene.cast, engine=BROKEN)
    worker.why_unfit = lambda: "" if asked.append(1) is None else "never"
    for name in ("Alpha", "Beta", "Gamma"):
        scene.waiting(name)
        worker.evaluate_next()
    assert len(asked) == 1
    worker.believed_until = 0
    scene.waiting("Delta")
    worker.evaluate_next()
    assert len(asked) == 2


def test_a_scored_run_is_reported_without_a_sample(scene: Scene) -> None:
    run, _ = scene.waiting()
    worker = hands(scene.cast)
    worker.why_unfit = lambda: pytest.fail("asked for nothing")
    worker.evaluate_next()
    assert scene.run(run.id).outcome is Outcome.SCORED


def test_a_worker_stops_where_its_host_is_out_of_order(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    run, _ = scene.waiting()
    monkeypatch.setattr("challenge.worker.loop.evaluator", lambda _house, *, worker: doubted(scene, BROKEN))
    with pytest.raises(HostUnfit):
        work(scene.cast.house)
    assert scene.run(run.id).state is RunState.WAITING


def test_the_command_ends_with_the_reason(scene: Scene) -> None:
    """The real worker, started as its command starts it, on a host where every engine breaks down."""
    run, _ = scene.waiting()
    settings = scene.cast.house.settings
    environment = {
        **os.environ,
        "CHALLENGE_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
        "CHALLENGE_SECRET_KEY": "for tests only",
    }
    done = subprocess.run(
        [sys.executable, "-c", BROKEN_HOST, "--app", "wsgi", "worker"],
        cwd=Path(__file__).parents[3], env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"This worker stops: run {run.id} is handed back, for this host is out of order." in done.stderr
    assert scene.run(run.id).state is RunState.WAITING
