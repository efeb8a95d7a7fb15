"""A worker takes up one run at a time, brings its ending home, and never speaks for a run it does not hold."""

import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from challenge.calls.records import CallSuite
from challenge.foundation.outbox import letters_of
from challenge.runs import operations, queries
from challenge.runs.executors_local import Finished, Job
from challenge.runs.records import Worker
from challenge.runs.states import Outcome, RunState
from tests.challenge.runs.scene import LEASE, Scene, predictions
from tests.challenge.worker.hands import hands

ASLEEP = "time.sleep(30)\n"
"""An engine that takes longer than any test waits: it has to be stopped."""


def test_a_run_is_scored_and_its_items_lie_in_the_store(scene: Scene) -> None:
    run, captain = scene.waiting()
    worker = hands(scene.cast)
    assert worker.evaluate_next()
    assert not worker.evaluate_next()
    ended = scene.run(run.id)
    assert (ended.state, ended.outcome, ended.attempts, ended.token) == (RunState.ENDED, Outcome.SCORED, 1, None)
    with scene.cast.house.database.reading() as session:
        result = queries.result_of(session, run.id)
        letters = letters_of(session, captain.account_id or 0)
    assert result is not None
    assert {task["score"] for task in json.loads(result.report)["tasks"]} == {"1.000000", "0.000000"}
    assert scene.cast.house.files.has(result.items_sha256)
    assert [letter.subject for letter in letters] == ["trial-0001: scored"]


def test_without_a_waiting_run_there_is_nothing_to_do(scene: Scene) -> None:
    assert not hands(scene.cast).evaluate_next()
    assert hands(scene.cast).evaluate_for(timedelta(seconds=10)) == 0


def test_unreadable_predictions_come_home_as_sentences_for_the_team(scene: Scene) -> None:
    run, _ = scene.waiting(content=predictions({"t3": "maybe"}))
    hands(scene.cast).evaluate_next()
    ended = scene.run(run.id)
    assert ended.outcome is Outcome.UNREADABLE
    assert len(ended.problems) == 1
    assert "maybe" in ended.problems[0]


def test_a_result_of_other_predictions_is_refused_and_costs_the_team_nothing(scene: Scene, tmp_path: Path) -> None:
    run, _ = scene.waiting()
    other = predictions({"t0": "yes"})
    finished = _scored(scene, tmp_path, other)
    (tmp_path / "meta").write_bytes(finished.meta)
    (tmp_path / "items").write_bytes(finished.items)
    engine = (
        "import shutil\nos.mkdir('out')\n"
        f"shutil.copy({str(tmp_path / 'meta')!r}, 'out/meta.json')\n"
        f"shutil.copy({str(tmp_path / 'items')!r}, 'out/items.parquet')\n"
    )
    hands(scene.cast, engine=engine).evaluate_next()
    ended = scene.run(run.id)
    assert ended.outcome is Outcome.ENGINE_FAILED
    assert ended.problems == ["meta.json: speaks of another entry than the submission's."]
    with scene.cast.house.database.reading() as session:
        assert queries.result_of(session, run.id) is None
    assert scene.quota(_team(scene, run.id)) == (0, 0)


def _scored(scene: Scene, tmp_path: Path, content: bytes) -> Finished:
    """Return what the real engine makes of some predictions, outside of any run."""
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    suite = scene.cast.house.files.path(scene.suite.file_sha256)
    job = Job(
        reference="trial-0099", suite=suite, suite_sha256=scene.suite.file_sha256, suite_digest=scene.suite.digest,
        file=path, file_sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    return hands(scene.cast).executor.run(job, lambda _progress: True)


def _team(scene: Scene, run_id: int) -> int:
    with scene.cast.house.database.reading() as session:
        return queries.run_for(session, scene.cast.admin(), run_id).team.id


def test_an_engine_that_leaves_nonsense_has_failed(scene: Scene) -> None:
    run, _ = scene.waiting()
    engine = "os.mkdir('out')\nfor name in ('meta.json', 'items.parquet'):\n    open('out/' + name, 'w').write('{}')\n"
    hands(scene.cast, engine=engine).evaluate_next()
    assert scene.run(run.id).outcome is Outcome.ENGINE_FAILED


def test_a_suite_that_cannot_be_used_is_the_organisers_affair(scene: Scene) -> None:
    broken = scene.cast.house.files.put(io.BytesIO(b"no suite at all"), limit=100)
    with scene.cast.house.database.transaction() as session:
        session.get_one(CallSuite, scene.suite.id).file_sha256 = broken.sha256
    run, _ = scene.waiting()
    hands(scene.cast).evaluate_next()
    assert scene.run(run.id).outcome is Outcome.SUITE_BROKEN
    assert scene.quota(_team(scene, run.id)) == (0, 0)


def test_a_file_that_is_missing_from_the_store_is_the_platforms_affair(scene: Scene) -> None:
    team, captain = scene.team("Alpha")
    submission = scene.submission(team, captain)
    run = scene.opened(submission)
    scene.cast.house.files.path(submission.predictions_sha256).unlink()
    hands(scene.cast).evaluate_next()
    assert scene.run(run.id).outcome is Outcome.FILE_LOST
    assert scene.quota(team.id) == (0, 0)


def test_a_cancelled_run_is_stopped_at_work(scene: Scene) -> None:
    run, captain = scene.waiting()
    hands(scene.cast, engine=ASLEEP, before=lambda: _cancel(scene, run.id, captain)).evaluate_next()
    assert (scene.run(run.id).state, scene.run(run.id).outcome) == (RunState.ENDED, Outcome.CANCELLED)


def test_a_result_that_comes_after_the_wish_to_cancel_is_not_taken(scene: Scene) -> None:
    run, captain = scene.waiting()
    hands(scene.cast, after=lambda: _cancel(scene, run.id, captain)).evaluate_next()
    assert scene.run(run.id).outcome is Outcome.CANCELLED
    with scene.cast.house.database.reading() as session:
        assert queries.result_of(session, run.id) is None


def _cancel(scene: Scene, run_id: int, captain: object) -> None:
    with scene.cast.house.database.transaction() as session:
        operations.cancel(session, actor=captain, run=queries.run(session, run_id), now=scene.cast.now)  # type: ignore[arg-type]


def test_a_machine_that_fails_leaves_the_run_to_its_lease_and_another_worker_scores_it(scene: Scene) -> None:
    run, _ = scene.waiting()
    work = scene.cast.house.settings.instance / "work"
    work.parent.mkdir(exist_ok=True)
    work.write_text("a file where the folder for work should be")
    assert hands(scene.cast).evaluate_next()
    held = scene.run(run.id)
    assert (held.state, held.outcome, held.attempts) == (RunState.RUNNING, None, 1)
    assert not hands(scene.cast).evaluate_next()
    work.unlink()
    scene.cast.clock.advance(LEASE)
    assert hands(scene.cast).evaluate_next()
    assert (scene.run(run.id).outcome, scene.run(run.id).attempts) == (Outcome.SCORED, 2)


def test_an_engine_that_asks_to_be_tried_again_says_nothing_about_the_submission(scene: Scene) -> None:
    run, _ = scene.waiting()
    assert hands(scene.cast, engine="sys.exit(75)\n").evaluate_next()
    assert (scene.run(run.id).state, scene.run(run.id).outcome) == (RunState.RUNNING, None)


def test_a_worker_that_leaves_puts_its_run_back_without_counting_the_attempt(scene: Scene) -> None:
    run, _ = scene.waiting()
    leaving: list[bool] = []
    worker = hands(scene.cast, engine=ASLEEP, before=lambda: leaving.append(True))
    worker.is_leaving = lambda: bool(leaving)
    assert worker.evaluate_for(timedelta(seconds=10)) == 1
    back = scene.run(run.id)
    assert (back.state, back.attempts, back.token) == (RunState.WAITING, 0, None)
    assert hands(scene.cast).evaluate_next()
    assert (scene.run(run.id).outcome, scene.run(run.id).attempts) == (Outcome.SCORED, 1)


def test_a_worker_that_is_leaving_takes_up_nothing(scene: Scene) -> None:
    run, _ = scene.waiting()
    worker = hands(scene.cast)
    worker.is_leaving = lambda: True
    assert worker.evaluate_for(timedelta(seconds=10)) == 0
    assert scene.run(run.id).attempts == 0


@pytest.mark.parametrize("engine", ["", "sys.exit(9)\n"], ids=["scored", "failed"])
def test_a_worker_that_lost_its_run_is_not_heard(scene: Scene, engine: str, caplog: pytest.LogCaptureFixture) -> None:
    run, _ = scene.waiting()

    def lose() -> None:
        scene.cast.clock.advance(LEASE)
        assert scene.claim("heir") is not None

    hands(scene.cast, engine=engine, after=lose).evaluate_next()
    now = scene.run(run.id)
    assert (now.state, now.worker, now.outcome) == (RunState.RUNNING, "heir", None)
    assert "another worker holds it by now; this result is dropped" in caplog.text


def test_at_work_a_worker_renews_its_lease_and_says_how_far_it_is(scene: Scene) -> None:
    run, _ = scene.waiting()
    said = json.dumps({"done": 7, "total": 22, "task": "topic"})
    engine = f"print({said!r}, file=sys.stderr, flush=True)\ntime.sleep(6)\nsys.exit(75)\n"
    hands(scene.cast, engine=engine, before=lambda: scene.cast.clock.advance(timedelta(seconds=3))).evaluate_next()
    held = scene.run(run.id)
    assert (held.done, held.total, held.doing) == (7, 22, "topic")
    assert held.lease_until == scene.cast.now + LEASE
    with scene.cast.house.database.reading() as session:
        assert session.get_one(Worker, "hands").seen_at == scene.cast.now


def test_evaluating_makes_room_for_the_rest_of_the_round(scene: Scene) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        scene.waiting(name)
    worker = hands(scene.cast, engine="sys.exit(9)\n", after=lambda: scene.cast.clock.advance(timedelta(seconds=6)))
    assert worker.evaluate_for(timedelta(seconds=10)) == 2
    assert worker.evaluate_for(timedelta(seconds=10)) == 1
