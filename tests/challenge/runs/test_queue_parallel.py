"""Many processes at one queue: each run is handed out once, in turn, and ends once."""

import io
import json
import logging
import os
import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from challenge.foundation.clock import SystemClock
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore, Stored
from challenge.foundation.settings import Settings
from challenge.runs import operations
from challenge.runs.records import Run
from challenge.runs.states import Outcome
from challenge.submissions.records import Submission
from tests.challenge.runs.balance import balance
from tests.challenge.runs.crowd import OF_A_TEAM, at_once, fill_queue
from tests.challenge.runs.scene import Scene
from tests.conftest import ON_POSTGRESQL

PROCESSES = 8
LEASE = timedelta(minutes=10)
log = logging.getLogger(__name__)
META = json.dumps({"tasks": [], "notes": []}).encode()


@dataclass(frozen=True)
class Taken:
    """One claim as the process that got it saw it, and what it heard on its reports."""

    process: int
    run_id: int
    token: str
    attempt: int
    heard: tuple[bool, ...]


def _fails(run_id: int) -> bool:
    return run_id % 4 == 0


def _is_told_twice(run_id: int) -> bool:
    return run_id % 10 == 0


def take_until_nothing_is_left(settings: Settings) -> list[Taken]:
    """Claim and report until the queue is empty; some reports are failures, some are sent twice."""
    database, clock, taken = Database(settings.database_url), SystemClock(), []
    items = FileStore(settings.files).put(io.BytesIO(b"rows"), limit=100)
    while True:
        with database.transaction() as session:
            claim = operations.claim(session, worker=f"w{os.getpid()}", lease=LEASE, now=clock.now())
        if claim is None:
            return taken
        times = 2 if _is_told_twice(claim.run_id) else 1
        heard = tuple(_report(database, claim, items, clock) for _ in range(times))
        taken.append(Taken(os.getpid(), claim.run_id, claim.token, claim.attempt, heard))


def _report(database: Database, claim: operations.Claim, items: Stored, clock: SystemClock) -> bool:
    with database.transaction() as session:
        if _fails(claim.run_id):
            return operations.report_failed(
                session, run_id=claim.run_id, token=claim.token, outcome=Outcome.ENGINE_FAILED,
                explanation="It broke.", problems=(), now=clock.now(),
            )  # fmt: skip
        return operations.report_scored(
            session, run_id=claim.run_id, token=claim.token, report_bytes=META, items=items, now=clock.now()
        )


def served_in_turn(scene: Scene) -> list[int]:
    """Return the teams in the order in which their runs were taken up."""
    with scene.cast.house.database.reading() as session:
        taken = select(Submission.team_id).join(Run, Run.submission_id == Submission.id)
        return list(session.scalars(taken.order_by(Run.started_at)))


@pytest.mark.parametrize("runs", [200, pytest.param(1600, marks=pytest.mark.slow)])
def test_eight_processes_take_each_run_once_and_in_turn(scene: Scene, runs: int) -> None:
    fill_queue(scene, runs)
    settings = scene.cast.house.settings
    scene.cast.house.database.close()  # nobody inherits a connection
    began = time.monotonic()
    with at_once(PROCESSES) as pool:
        work = [pool.submit(take_until_nothing_is_left, settings) for _ in range(PROCESSES)]
        taken = [claim for each in work for claim in each.result()]
    seconds = time.monotonic() - began

    assert len(taken) == runs
    assert len({claim.run_id for claim in taken}) == len({claim.token for claim in taken}) == runs
    assert {claim.attempt for claim in taken} == {1}
    # SQLite's lock is nobody's turn: whoever is unlucky may wait until the queue is empty
    assert len({claim.process for claim in taken}) > (PROCESSES // 2 if ON_POSTGRESQL else 1)
    for claim in taken:
        # a result sent again is known by then; a failure sent again comes from nobody who holds the run
        again = (not _fails(claim.run_id),) if _is_told_twice(claim.run_id) else ()
        assert claim.heard == (True, *again)
    found = balance(scene.cast.house)
    assert (found.attempts, found.retaken) == (runs, 0)
    assert found.outcomes == {"engine_failed": runs // 4, "scored": runs - runs // 4}

    teams = runs // OF_A_TEAM
    first_round = set(served_in_turn(scene)[:teams])
    # whoever asks while another is being served does not see yet whom; without turns it would be a fifth of the teams
    assert len(first_round) > teams // 2
    log.info("%s runs in %.1f s; %s of %s teams served in the first round", runs, seconds, len(first_round), teams)
