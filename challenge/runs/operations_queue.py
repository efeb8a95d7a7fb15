"""Hands runs out to workers under a lease, and takes back what was deserted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from challenge.calls.records import CallSuite
from challenge.calls.states import EntryKind
from challenge.foundation.audit import write_line
from challenge.foundation.permits import PLATFORM
from challenge.runs.operations_endings import RUNS, end
from challenge.runs.operations_events import note
from challenge.runs.operations_readiness import Readiness
from challenge.runs.queries_queue import MOST_ATTEMPTS, in_turn
from challenge.runs.records import Run, Worker
from challenge.runs.states import Outcome, RunState
from challenge.submissions.queries_fetches import evaluated_of
from challenge.submissions.records import EndpointKey, Submission

MOST_COUNTED = 2**31 - 1
GIVEN_UP = "It was taken up several times, and each time the evaluation stopped before it was done."
CANCELLED = "The run was cancelled, as was asked for."


@dataclass(frozen=True)
class Claim:
    """A run in a worker's hands: what to evaluate, and the token without which nothing is accepted."""

    run_id: int
    token: str
    attempt: int
    submission_id: int
    reference: str
    suite_id: int
    suite_digest: str
    suite_sha256: str
    entry: EntryKind
    file_sha256: str
    """Of what is evaluated: the predictions, or the package with the model."""
    file_size: int
    summary: str
    """Of the suite, as `calls.suites.read_summary` reads it."""
    endpoint: Mapping[str, str] | None = None
    """Address, model and route, where an endpoint is asked."""
    sealed_key: str = field(default="", repr=False)
    """Its key, as it lies in the database."""


def claim(session: Session, *, worker: str, lease: timedelta, now: datetime, models: bool = True) -> Claim | None:
    """Take the run whose turn it is, or one that was deserted, in one statement; None if there is nothing to do.

    A worker that cannot run models takes up none of them. Of several workers each gets another run.
    """
    run = RUNS.take(session, in_turn(now, models=models), lease=lease, now=now, worker=worker[:80])
    if run is None:
        return None
    submission, suite = session.get_one(Submission, run.submission_id), session.get_one(CallSuite, run.suite_id)
    file_sha256, file_size = evaluated_of(session, submission)
    key = session.get(EndpointKey, submission.id) if submission.endpoint else None
    note(session, run.id, f"A worker took it up; attempt {run.attempts} of {MOST_ATTEMPTS}.", now)
    return Claim(
        run_id=run.id,
        token=run.token or "",
        attempt=run.attempts,
        submission_id=submission.id,
        reference=submission.reference,
        suite_id=suite.id,
        suite_digest=run.suite_digest,
        suite_sha256=suite.file_sha256,
        entry=submission.entry,
        file_sha256=file_sha256,
        file_size=file_size,
        summary=suite.summary,
        endpoint=submission.endpoint,
        sealed_key=key.sealed if key else "",
    )


def beat(
    session: Session,
    *,
    run_id: int,
    token: str,
    done: int,
    total: int,
    doing: str,
    lease: timedelta,
    now: datetime,
    sentences: Sequence[str] = (),
) -> bool:
    """Renew a lease and note how far the run is; False where the lease is lost or the run is to be cancelled.

    `sentences` go into the run's log, unless the lease is lost.
    """
    run = RUNS.renew(
        session, run_id, token, lease=lease, now=now, done=counted(done), total=counted(total), doing=doing[:80]
    )
    for sentence in sentences if run is not None else ():
        note(session, run_id, sentence, now)
    return run is not None and run.cancel_asked_at is None


def stop(session: Session, *, run_id: int, token: str, now: datetime) -> bool:
    """Let go of a run whose evaluation was stopped; False where another holds it by now.

    Where it was to be cancelled it ends so. Else its worker is leaving: the run waits again, and the attempt
    does not count.
    """
    run = RUNS.held(session, run_id, token)
    if run is None:
        return False
    if run.cancel_asked_at is not None:
        end(session, run, actor=PLATFORM, outcome=Outcome.CANCELLED, explanation=CANCELLED, problems=(), now=now)
        return True
    run.attempts -= 1
    note(session, run.id, "Its worker is leaving and handed it back; it waits again.", now)
    _wait_again(session, run, verb="hand_back_run", now=now)
    return True


def sweep(session: Session, *, now: datetime) -> bool:
    """Deal with one run whose lease has ended: it waits again, or ends; False if there is none.

    One in a transaction: a second run's quota would be asked for with the head of the log in hand, while whoever
    holds that quota may wait for the head.
    """
    run = RUNS.deserted(session, now=now)
    if run is None:
        return False
    if run.cancel_asked_at is not None:
        end(session, run, actor=PLATFORM, outcome=Outcome.CANCELLED, explanation=CANCELLED, problems=(), now=now)
    elif run.attempts >= MOST_ATTEMPTS:
        end(session, run, actor=PLATFORM, outcome=Outcome.ABANDONED, explanation=GIVEN_UP, problems=(), now=now)
    else:
        note(session, run.id, "Its worker was not heard of any more; it was taken back, and waits again.", now)
        _wait_again(session, run, verb="take_back_run", now=now)
    return True


def _wait_again(session: Session, run: Run, *, verb: str, now: datetime) -> None:
    RUNS.let_go(run, RunState.WAITING)
    session.flush()
    particulars: dict[str, object] = {"worker": run.worker, "attempts": run.attempts}
    write_line(session, actor=PLATFORM, verb=verb, subject=f"run {run.id}", now=now, particulars=particulars)


def counted(number: int) -> int:
    """Return what an engine says that it has counted, within what the database takes."""
    return min(max(number, 0), MOST_COUNTED)


def report_alive(session: Session, *, worker: str, now: datetime, ready: Readiness | None = None) -> None:
    """Note that a worker is there, busy or idle, and whether it can run models; no deed, so no line in the log."""
    known = session.get(Worker, worker[:80])
    if known is None:
        known = Worker(name=worker[:80], began_at=now)
        session.add(known)
    known.seen_at = now
    if ready is not None:
        known.trouble, known.open = ready.trouble, list(ready.open)
