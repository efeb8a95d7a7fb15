"""A worker whose word is not heard keeps its result and brings it again; a run changes only together with its result."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from challenge.foundation.audit import AuditLine
from challenge.runs import operations
from challenge.runs.executors_local import Bounds, Finished, Job, Listener, LocalExecutor, Progress
from challenge.runs.records import Result
from challenge.runs.states import Outcome, RunState
from challenge.worker import evaluating
from challenge.worker.evaluating import Evaluator
from tests.cast import Cast
from tests.challenge.runs.scene import LEASE, Scene
from tests.challenge.worker.outage import Outage


@pytest.fixture
def scene(cast: Cast, tmp_path: Path) -> Scene:
    """A call with a real small suite."""
    return Scene(cast, tmp_path)


@dataclass(frozen=True)
class Interrupted(LocalExecutor):
    """The real executor, with something that happens while it works and when it is done."""

    meanwhile: Callable[[], None] = lambda: None
    afterwards: Callable[[], None] = lambda: None
    jobs: list[str] = field(default_factory=list)

    def run(self, job: Job, listener: Listener) -> Finished:
        """Evaluate, and let happen what happens."""
        self.jobs.append(job.reference)
        self.meanwhile()
        assert listener(Progress(1, 22, "topic")) is True
        finished = super().run(job, listener)
        self.afterwards()
        return finished


@dataclass
class Pauses:
    """Counts how often a worker pauses; in the pause of that number something happens."""

    cast: Cast
    number: int
    happens: Callable[[], None]
    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        """Pause: the clock of the house moves on."""
        self.seconds.append(seconds)
        self.cast.clock.advance(timedelta(seconds=seconds))
        if len(self.seconds) == self.number:
            self.happens()


def evaluator(scene: Scene, tmp_path: Path, **more: Callable[[], None]) -> Evaluator:
    """Return a worker's hands with the real engine."""
    executor = Interrupted(tmp_path / "work", Bounds(seconds=60, megabytes=2048), **more)
    return Evaluator(scene.cast.house, "w1", executor)


def results(scene: Scene) -> int:
    """Count the results on record."""
    with scene.cast.house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Result)) or 0


def test_a_result_that_was_not_heard_is_kept_and_brought_again(scene: Scene, tmp_path: Path) -> None:
    run, _ = scene.waiting()
    outage = Outage(scene.cast.house)
    hands = evaluator(scene, tmp_path, afterwards=outage.begin)
    hands.wait = pauses = Pauses(scene.cast, 3, outage.end)
    assert hands.evaluate_next()
    assert pauses.seconds == [0.5, 1.0, 2.0]
    assert (scene.run(run.id).outcome, scene.run(run.id).attempts, results(scene)) == (Outcome.SCORED, 1, 1)
    assert hands.executor.jobs == ["trial-0001"], "the engine was started again"  # type: ignore[attr-defined]


def test_until_its_result_is_on_record_a_run_is_at_work(scene: Scene, tmp_path: Path) -> None:
    run, _ = scene.waiting()
    outage = Outage(scene.cast.house)
    seen: list[tuple[RunState, int]] = []

    def look() -> None:
        outage.end()
        seen.append((scene.run(run.id).state, results(scene)))

    hands = evaluator(scene, tmp_path, afterwards=outage.begin)
    hands.wait = Pauses(scene.cast, 1, look)
    hands.evaluate_next()
    assert seen == [(RunState.RUNNING, 0)]
    assert (scene.run(run.id).state, results(scene)) == (RunState.ENDED, 1)


def test_a_run_and_its_result_are_written_together_or_not_at_all(scene: Scene) -> None:
    run, _ = scene.waiting()
    claim = scene.claim()
    assert claim is not None
    items = scene.cast.house.files.put(scene.cast.house.files.open(claim.file_sha256), limit=10**6)
    with pytest.raises(ConnectionError), scene.cast.house.database.transaction() as session:
        operations.report_scored(
            session, run_id=run.id, token=claim.token, report_bytes=b"{}", items=items, now=scene.cast.now
        )
        raise ConnectionError("the answer is lost before anything is written")
    assert (scene.run(run.id).state, results(scene)) == (RunState.RUNNING, 0)


def test_an_evaluation_goes_on_while_its_beats_are_not_heard(scene: Scene, tmp_path: Path) -> None:
    run, _ = scene.waiting()
    outage = Outage(scene.cast.house)
    hands = evaluator(scene, tmp_path, meanwhile=outage.begin)
    hands.wait = Pauses(scene.cast, 1, outage.end)
    hands.evaluate_next()
    assert (scene.run(run.id).outcome, scene.run(run.id).attempts) == (Outcome.SCORED, 1)


def test_a_result_that_comes_after_another_worker_took_the_run_is_dropped(scene: Scene, tmp_path: Path) -> None:
    run, _ = scene.waiting()
    outage = Outage(scene.cast.house)

    def taken() -> None:
        outage.end()
        scene.cast.clock.advance(LEASE)
        assert scene.claim("heir") is not None

    hands = evaluator(scene, tmp_path, afterwards=outage.begin)
    hands.wait = Pauses(scene.cast, 1, taken)
    hands.evaluate_next()
    held = scene.run(run.id)
    assert (held.state, held.worker, held.attempts, results(scene)) == (RunState.RUNNING, "heir", 2, 0)


@pytest.mark.parametrize("reason", ["patience", "leaving"])
def test_a_worker_that_gives_up_leaves_the_run_to_its_lease(scene: Scene, tmp_path: Path, reason: str) -> None:
    run, _ = scene.waiting()
    outage = Outage(scene.cast.house)
    hands = evaluator(scene, tmp_path, afterwards=outage.begin)
    pauses = Pauses(scene.cast, 4, lambda: None)
    hands.wait = pauses
    if reason == "leaving":
        hands.is_leaving = lambda: len(pauses.seconds) >= 4
    with pytest.raises(OperationalError):
        hands.evaluate_next()
    outage.end()
    assert max(pauses.seconds) <= evaluating.LONGEST_PAUSE
    assert (len(pauses.seconds) == 4) is (reason == "leaving")
    if reason == "patience":
        assert timedelta(seconds=sum(pauses.seconds)) >= evaluating.PATIENCE
    scene.cast.clock.advance(LEASE)
    heir = scene.claim("heir")
    assert heir is not None
    assert heir.run_id == run.id


def test_what_is_no_outage_is_not_tried_again(scene: Scene, tmp_path: Path) -> None:
    scene.waiting()

    class Broken(LocalExecutor):
        """An executor that hands over what no database takes."""

        def run(self, job: Job, listener: Listener) -> Finished:
            """Say that it failed, in words that are none."""
            return Finished(Outcome.ENGINE_FAILED, None)  # type: ignore[arg-type]

    hands = Evaluator(scene.cast.house, "w1", Broken(tmp_path / "work", Bounds(60, 2048)))
    hands.wait = pauses = Pauses(scene.cast, 1, lambda: None)
    with pytest.raises(TypeError):
        hands.evaluate_next()
    assert pauses.seconds == []


def test_a_lost_answer_to_a_heard_result_changes_nothing(scene: Scene, tmp_path: Path) -> None:
    run, _ = scene.waiting()
    hands = evaluator(scene, tmp_path)
    hands.evaluate_next()
    with scene.cast.house.database.reading() as session:
        lines = session.scalar(select(func.count()).where(AuditLine.verb == "end_run"))
        kept = session.scalars(select(Result)).one()
    with scene.cast.house.database.transaction() as session:
        again = operations.report_scored(
            session, run_id=run.id, token="lost by now", report_bytes=kept.report.encode(),
            items=scene.cast.house.files.put(scene.cast.house.files.open(kept.items_sha256), limit=10**7),
            now=scene.cast.now,
        )  # fmt: skip
    assert again
    with scene.cast.house.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditLine.verb == "end_run")) == lines == 1
    assert results(scene) == 1


def test_a_hand_out_whose_answer_was_lost_is_made_again_and_not_twice_at_once(scene: Scene) -> None:
    run, _ = scene.waiting()
    lost = scene.claim("w1")
    assert lost is not None
    assert scene.claim("w1") is None, "the run was handed out while somebody may have it"
    scene.cast.clock.advance(LEASE)
    again = scene.claim("w1")
    assert again is not None
    assert (again.run_id, again.attempt) == (lost.run_id, 2) == (run.id, 2)
    assert again.token != lost.token
