"""A crowd at the queue: the runs of many teams at once, and processes that all begin together."""

import itertools
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing.synchronize import Barrier

from sqlalchemy import text
from sqlalchemy.orm import Session

from challenge.runs.records import Run
from challenge.runs.states import RunState
from challenge.submissions.records import Quota, QuotaEntry, Submission
from challenge.submissions.states import QuotaMove
from tests.challenge.runs.scene import Scene

OF_A_TEAM = 5


def at_once(processes: int) -> ProcessPoolExecutor:
    """Return a pool of processes none of which begins before all of them are there."""
    fork = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(processes, fork, initializer=_meet, initargs=(fork.Barrier(processes),))


def _meet(barrier: Barrier) -> None:
    barrier.wait(60)


def fill_queue(scene: Scene, runs: int) -> None:
    """Let `runs` runs wait, five of each team, a team's own one after the other."""
    teams = [scene.team(f"Team {number:03d}") for number in range(runs // OF_A_TEAM)]
    pattern = scene.submission(*teams[0])
    numbers = itertools.count(2)
    with scene.cast.house.database.transaction() as session:
        for place, (team, captain) in itertools.product(range(OF_A_TEAM), teams):
            if place == 0:
                session.get_one(Quota, (team.id, "entry")).used = OF_A_TEAM
            if pattern.team_id != team.id or place:
                _submit(session, pattern, team.id, captain.account_id or 0, next(numbers), scene.cast.now)
        session.flush()
        for submission in session.query(Submission).order_by(Submission.team_id, Submission.id):
            run = Run(
                submission_id=submission.id, suite_id=scene.suite.id, suite_digest=scene.suite.digest,
                state=RunState.WAITING, asked_at=scene.cast.now,
            )  # fmt: skip
            session.add(run)
            session.flush()
        # PostgreSQL counts its rows within a minute; a queue that fills at once is not yet counted
        session.execute(text("ANALYZE"))


def _submit(session: Session, pattern: Submission, team_id: int, account_id: int, number: int, now: datetime) -> None:
    """Write a submission like the pattern, its place in the quota taken."""
    kept = {column.key: getattr(pattern, column.key) for column in Submission.__table__.columns if column.key != "id"}
    own = {
        "team_id": team_id, "submitted_by": account_id, "number": number, "reference": f"trial-{number:04d}",
        "idempotency_key": f"key-{number}",
    }  # fmt: skip
    submission = Submission(**kept | own)
    session.add(submission)
    session.flush()
    session.add(
        QuotaEntry(
            team_id=team_id, phase="entry", submission_id=submission.id, kind=QuotaMove.RESERVED, amount=1,
            reason="accepted", at=now,
        )
    )  # fmt: skip
