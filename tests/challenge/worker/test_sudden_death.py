"""A worker killed by SIGKILL, at whatever step: the run ends once, nothing is lost and nothing counts twice."""

import logging
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from challenge.foundation.settings import Settings
from challenge.runs.records import Result, Run
from challenge.runs.states import RunState
from tests.challenge.runs.balance import balance
from tests.challenge.runs.engines import until
from tests.challenge.runs.scene import Scene
from tests.challenge.worker.deaths import Evening, WatchedWorker, processes_in
from tests.challenge.worker.lives import End, Stage

SEED, KILLS, TEAMS, OF_A_TEAM = 20260302, 56, 10, 3
ROOT = Path(__file__).parents[3]
KILLED = -signal.SIGKILL
LAST = 10**6
"""The last step of a stage, which is just after the commit where the stage is a transaction."""
log = logging.getLogger(__name__)


@pytest.fixture
def settings(scene: Scene) -> Settings:
    """The house's settings, with a lease that soon runs out."""
    return replace(scene.cast.house.settings, lease_seconds=2)


def submit(scene: Scene, teams: int, of_a_team: int = 1) -> None:
    """Let submissions wait for which no run is opened yet."""
    for number in range(teams):
        team, captain = scene.team(f"Team {number:02d}")
        for _ in range(of_a_team):
            scene.submission(team, captain)


def left(scene: Scene) -> int:
    """Count the submissions without an ended run."""
    with scene.cast.house.database.reading() as session:
        return scene.numbers - session.query(Run).filter(Run.state == RunState.ENDED).count()


def only_run(scene: Scene) -> Run:
    """Return the one run that there is."""
    with scene.cast.house.database.reading() as session:
        return session.query(Run).one()


def live_until_all_has_ended(scene: Scene, evening: Evening) -> None:
    """Let workers live in peace until every run has ended."""
    ends_at = time.monotonic() + 240
    while left(scene):
        assert time.monotonic() < ends_at, "a run is lost: nobody takes it up"
        evening.live()
        time.sleep(0.2)  # the leases of the dead run out meanwhile


@pytest.mark.slow
def test_of_more_than_fifty_workers_killed_at_any_step_none_loses_or_doubles_a_run(
    scene: Scene, settings: Settings
) -> None:
    submit(scene, TEAMS, OF_A_TEAM)
    evening, began = Evening(settings), time.monotonic()

    def die(lane: int) -> None:
        chance = random.Random(SEED + lane)
        while left(scene):
            for stage in chance.sample(list(Stage), len(Stage)):
                if evening.kills >= KILLS:
                    return
                evening.strike(stage, chance)
                if chance.random() < 0.4:
                    evening.interrupt(chance.choice(list(Stage)[:4]), chance.uniform(0, 0.8))

    with ThreadPoolExecutor(2) as lanes:
        list(lanes.map(die, range(2)))
    with ThreadPoolExecutor(2) as lanes:
        list(lanes.map(lambda _lane: live_until_all_has_ended(scene, evening), range(2)))

    found = balance(scene.cast.house)
    log.info("%s", found)
    log.info("%s kills in %.0f s; at a step: %s; from outside: %s; late results refused: %s", evening.kills,
             time.monotonic() - began, evening.struck, evening.interrupted, evening.refused)  # fmt: skip
    assert evening.kills >= 50
    assert set(evening.codes) == {0, KILLED}, "a worker broke down by itself"
    assert min(evening.struck[stage] for stage in Stage) >= 2, "a stage in which nobody was killed"
    assert evening.interrupted.total() >= 5
    assert evening.troubles == []
    assert set(found.outcomes) <= {"scored", "abandoned"}
    assert found.outcomes["scored"] >= 10
    assert found.retaken >= 10
    with scene.cast.house.database.reading() as session:
        assert len({result.digest for result in session.query(Result)}) == 1, "equal files, unequal results"
    until(lambda: processes_in(settings.instance / "work") == [])


@pytest.mark.parametrize("stage", [Stage.CLAIMING, Stage.STARTING, Stage.EVALUATING, Stage.KEPT, Stage.ENDING])
def test_a_run_whose_worker_was_killed_is_scored_by_the_next(scene: Scene, settings: Settings, stage: Stage) -> None:
    submit(scene, 1)
    # of the claim, which is written down but which the worker never hears of, the last step; else the first
    assert WatchedWorker(settings, End(stage, LAST if stage is Stage.CLAIMING else 1)).ended() == KILLED
    assert (only_run(scene).state, only_run(scene).attempts) == (RunState.RUNNING, 1)
    evening = Evening(settings)
    live_until_all_has_ended(scene, evening)
    found = balance(scene.cast.house)
    assert (found.outcomes, found.attempts, evening.troubles) == ({"scored": 1}, 2, [])


def test_a_run_that_ended_unheard_is_not_taken_up_again(scene: Scene, settings: Settings) -> None:
    submit(scene, 1)
    assert WatchedWorker(settings, End(Stage.ENDING, LAST)).ended() == KILLED
    Evening(settings).live()
    found = balance(scene.cast.house)
    assert (found.outcomes, found.attempts) == ({"scored": 1}, 1)


def test_a_run_that_killed_three_workers_is_given_up_and_its_place_given_back(scene: Scene, settings: Settings) -> None:
    submit(scene, 1)
    for stage in (Stage.STARTING, Stage.EVALUATING, Stage.ENDING):
        assert WatchedWorker(settings, End(stage, 2)).ended() == KILLED
        time.sleep(settings.lease_seconds)
    live_until_all_has_ended(scene, Evening(settings))
    found = balance(scene.cast.house)
    assert (found.outcomes, found.attempts) == ({"abandoned": 1}, 3)
    assert scene.quota(scene.team_of(only_run(scene))) == (0, 0)


@pytest.mark.parametrize("stage", [Stage.STARTING, Stage.EVALUATING, Stage.KEPT])
def test_a_worker_that_comes_back_after_its_lease_is_refused(scene: Scene, settings: Settings, stage: Stage) -> None:
    submit(scene, 1)
    late = WatchedWorker(settings, End(stage, 1, number=signal.SIGSTOP))
    assert late.hear("struck")
    until(late.is_frozen)
    time.sleep(settings.lease_seconds)
    # while it is frozen its lease must not end, or the late one takes the run up again by right
    heir = WatchedWorker(replace(settings, lease_seconds=600), End(Stage.KEPT, 1, number=signal.SIGSTOP))
    assert heir.hear("struck")
    until(heir.is_frozen)
    taken = only_run(scene)
    assert (taken.attempts, taken.worker.split(":")[-1]) == (2, str(heir.pid))
    late.thaw()
    assert late.hear("refused")
    late.kill()  # before it looks for more to do
    assert only_run(scene).token == taken.token
    heir.thaw()
    assert (late.ended(), heir.ended()) == (KILLED, 0)
    found = balance(scene.cast.house)
    assert (found.outcomes, found.attempts) == ({"scored": 1}, 2)


@pytest.mark.slow
def test_workers_started_from_the_command_line_are_killed_and_replaced(scene: Scene, settings: Settings) -> None:
    submit(scene, 4)
    chance = random.Random(SEED)
    environment = {
        **os.environ,
        "CHALLENGE_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
        "CHALLENGE_SECRET_KEY": "for tests only",
        "CHALLENGE_LEASE_SECONDS": str(settings.lease_seconds),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]

    def start() -> "subprocess.Popen[str]":
        return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)

    for _ in range(2):
        with start() as worker:
            assert worker.stderr is not None
            assert any(": attempt " in line for line in worker.stderr)
            time.sleep(chance.uniform(0, 0.8))
            worker.kill()
    with start() as worker:
        until(lambda: left(scene) == 0, 120)
        worker.terminate()
        _, said = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert "ERROR" not in said
    found = balance(scene.cast.house)
    assert (found.outcomes, found.retaken) == ({"scored": 4}, 2)
    until(lambda: processes_in(settings.instance / "work") == [])
