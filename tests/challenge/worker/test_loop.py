"""The worker's day: it outlives what breaks, sleeps where nothing waits, and leaves in order when it is told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from challenge.foundation.outbox import Letter, write_letter
from challenge.runs.records import Run, Worker
from challenge.runs.states import Outcome, RunState
from challenge.worker.loop import Leaving, own_name, work
from tests.cast import Cast
from tests.challenge.runs.scene import Scene

ROOT = Path(__file__).parents[3]


@dataclass
class Day(Leaving):
    """A day without real sleep: keeps how long the pauses would have been, and lets things happen in them."""

    happens: dict[int, Callable[[], None]] = field(default_factory=dict)
    """What happens in which pause, counted from 1."""
    pauses: list[float] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        """Pass over a pause."""
        self.pauses.append(seconds)
        self.happens.get(len(self.pauses), lambda: None)()


def break_down(cast: Cast) -> None:
    """Take the outbox away, as a database that is damaged or away would."""
    _sql(cast, "ALTER TABLE letters RENAME TO letters_away")


def mend(cast: Cast) -> None:
    """Bring the outbox back."""
    _sql(cast, "ALTER TABLE letters_away RENAME TO letters")


def _sql(cast: Cast, statement: str) -> None:
    with cast.house.database.transaction() as session:
        session.execute(text(statement))


def test_with_once_a_worker_works_until_nothing_waits(scene: Scene) -> None:
    run, _ = scene.waiting()
    assert work(scene.cast.house, once=True) > 0
    assert scene.run(run.id).outcome is Outcome.SCORED
    assert work(scene.cast.house, once=True) == 0


def test_a_broken_round_is_logged_and_tried_again(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with cast.house.database.transaction() as session:
        write_letter(session, account_id=1, subject="News", body="Something happened.", now=cast.now)
    break_down(cast)
    day = Day()
    day.happens = {3: lambda: mend(cast), 4: day.ask}
    assert work(cast.house, stop=day) == 1
    assert [record.message for record in caplog.records if record.name == "challenge.worker.loop"] == [
        "a round broke; the next begins in 0.5 seconds",
        "a round broke; the next begins in 1.0 seconds",
        "a round broke; the next begins in 2.0 seconds",
    ]
    with cast.house.database.reading() as session:
        assert session.scalars(select(Letter.sent_at)).one() == cast.now


def test_the_pause_after_broken_rounds_doubles_up_to_half_a_minute_and_shrinks_again(cast: Cast) -> None:
    break_down(cast)
    day = Day()
    day.happens = {9: lambda: mend(cast), 10: lambda: break_down(cast), 11: day.ask}
    work(cast.house, stop=day)
    assert day.pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 0.5, 0.5]


def test_with_once_a_broken_round_is_raised(cast: Cast) -> None:
    break_down(cast)
    with pytest.raises(DBAPIError):
        work(cast.house, once=True)


def test_an_idle_worker_is_seen_and_writes_seldom(cast: Cast) -> None:
    day = Day()
    day.happens = {1: lambda: _forget(cast), 2: day.ask}
    work(cast.house, stop=day)
    with cast.house.database.reading() as session:
        assert session.scalars(select(Worker.name)).all() == ["forgotten"]


def _forget(cast: Cast) -> None:
    """Rename the worker that was just seen: a second report within seconds would write its name again."""
    with cast.house.database.transaction() as session:
        seen = session.scalars(select(Worker)).one()
        assert (seen.name, seen.seen_at) == (own_name(), cast.now)
        seen.name = "forgotten"


def test_a_pause_ends_when_the_worker_is_asked_to_leave() -> None:
    leaving = Leaving()
    leaving.ask()
    began = time.monotonic()
    leaving.wait(60)
    assert time.monotonic() - began < 30


def test_signals_that_come_thick_and_fast_do_not_lock_the_worker_up() -> None:
    program = (
        "import os, signal, threading, time\n"
        "from challenge.worker.loop import Leaving\n"
        "leaving = Leaving()\n"
        "leaving.listen()\n"
        "def knock():\n"
        "    for _ in range(300):\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        time.sleep(0.0003)\n"
        "knocking = threading.Thread(target=knock)\n"
        "knocking.start()\n"
        "while knocking.is_alive():\n"
        "    leaving.wait(0.0001)\n"
        "print(leaving.is_asked())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (told.returncode, told.stdout) == (0, "True\n"), told.stderr[-2000:]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_leave_leaves_no_run_behind(scene: Scene, number: int) -> None:
    names = [f"Team {place}" for place in range(6)]
    runs = [scene.waiting(name)[0] for name in names]
    settings = scene.cast.house.settings
    environment = {
        "PATH": os.environ["PATH"], "CHALLENGE_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url, "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    ) as worker:
        _wait_until(lambda: any(scene.run(run.id).state is RunState.RUNNING for run in runs), worker)
        worker.send_signal(number)
        said = worker.communicate(timeout=60)[1].decode()
    assert worker.returncode == 0, said
    with scene.cast.house.database.reading() as session:
        left = [(run.state, run.attempts, run.token) for run in session.scalars(select(Run).order_by(Run.id))]
    scored = [row for row in left if row == (RunState.ENDED, 1, None)]
    waiting = [row for row in left if row == (RunState.WAITING, 0, None)]
    assert len(scored) + len(waiting) == len(runs)
    assert waiting, "the worker emptied the queue before it left"
    assert "Traceback" not in said


def _wait_until(happened: Callable[[], bool], worker: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while not happened():
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < until, "the worker took up nothing within a minute"
        time.sleep(0.1)
