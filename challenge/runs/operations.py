"""What changes runs: opening, cancelling and rejudging here; the queue and the endings beside it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from challenge.calls.records import Call, CallSuite
from challenge.calls.states import CallState
from challenge.foundation.audit import write_line
from challenge.foundation.permits import PLATFORM, Actor, Invalid, demand
from challenge.runs import queries_keys, rules
from challenge.runs.failures import Owner, class_of
from challenge.runs.operations_endings import end, report_failed, report_scored
from challenge.runs.operations_events import note
from challenge.runs.operations_queue import CANCELLED, Claim, beat, claim, report_alive, stop, sweep
from challenge.runs.queries_queue import keyless, rejudgeable
from challenge.runs.records import Run
from challenge.runs.states import Outcome, RunState
from challenge.submissions import queries as submissions
from challenge.submissions.records import Submission
from challenge.teams import queries as teams

__all__ = [
    "Claim", "beat", "cancel", "claim", "open_runs", "rejudge", "report_alive",
    "report_failed", "report_scored", "retry", "stop", "sweep",
]  # fmt: skip


def open_runs(session: Session, *, submission: Submission, suites: Sequence[CallSuite], now: datetime) -> list[Run]:
    """Open the first round of a submission on each suite that has none, and return the runs that were opened."""
    # whoever opens runs for this submission takes turns here; what the other opened is then seen
    session.execute(select(Submission.id).where(Submission.id == submission.id).with_for_update())
    known = set(session.scalars(select(Run.suite_id).where(Run.submission_id == submission.id)))
    opened = [_opened(submission.id, suite, 1, now) for suite in suites if suite.id not in known]
    if not opened:
        return []
    session.add_all(opened)
    session.flush()
    for run in opened:
        note(session, run.id, "It waits for a worker.", now)
    write_line(
        session,
        actor=PLATFORM,
        verb="open_runs",
        subject=f"submission {submission.reference}",
        now=now,
        particulars={"runs": [run.id for run in opened]},
    )
    return opened


def cancel(session: Session, *, actor: Actor, run: Run, now: datetime) -> None:
    """Cancel a run: a waiting one at once; one at work is stopped by its worker within seconds."""
    held = session.scalars(
        select(Run).where(Run.id == run.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    submission = session.get_one(Submission, held.submission_id)
    stake = submissions.stake_in(session, actor.account_id, submission)
    asked = held.cancel_asked_at is not None
    demand(rules.why_not_cancel(actor, stake, state=held.state, round_=held.round, asked=asked))
    held.cancel_asked_at, held.cancel_asked_by = now, actor.account_id
    note(session, held.id, "Somebody asked to cancel it.", now)
    if held.state is RunState.WAITING:
        end(session, held, actor=actor, outcome=Outcome.CANCELLED, explanation=CANCELLED, problems=(), now=now)
    else:
        session.flush()
        write_line(session, actor=actor, verb="cancel_run", subject=f"run {held.id}", now=now)


def rejudge(session: Session, *, actor: Actor, call: Call, suite: CallSuite, reason: str, now: datetime) -> int:
    """Open a further round for every submission with a result, or with a fault that was not the team's.

    Endpoints whose key was deleted are left out: they cannot be asked, and their results stay as they are. Earlier
    rounds and their results stay; the quota of no team moves. Return how many runs were opened.
    """
    competes = teams.is_competitor(session, actor.account_id, call.id)
    demand(rules.why_not_rejudge(actor, drafting=call.state is CallState.DRAFT, competes=competes))
    if sentence := rules.why_not_reason(reason):
        raise Invalid(sentence, "reason")
    # two admins who press together take turns here; the second finds the first one's rounds waiting
    session.execute(select(CallSuite.id).where(CallSuite.id == suite.id).with_for_update())
    newest = rejudgeable(session, suite)
    if not newest and keyless(session, suite):
        raise Invalid("No submission can have another round: all that could are endpoints whose key was deleted.")
    if not newest:
        raise Invalid("No submission waits for another round on this suite: none has ended yet, or all are at it.")
    opened = [_opened(run.submission_id, suite, run.round + 1, now) for run in newest]
    session.add_all(opened)
    session.flush()
    for run in opened:
        note(session, run.id, f"Round {run.round} was asked for by the organiser; it waits for a worker.", now)
    write_line(
        session,
        actor=actor,
        verb="rejudge",
        subject=f"call {call.key}",
        now=now,
        particulars={"suite": suite.key, "reason": reason.strip(), "runs": [run.id for run in opened]},
    )
    return len(opened)


def retry(session: Session, *, actor: Actor, run: Run, reason: str, now: datetime) -> Run:
    """Open a further round of one run that ended by the platform's or the organiser's fault; raise Refused or Invalid.

    The earlier round stays, and the quota of the team does not move.
    """
    # two admins who press together take turns here; the second finds the first one's round
    session.execute(select(Submission.id).where(Submission.id == run.submission_id).with_for_update())
    submission = session.get_one(Submission, run.submission_id)
    rounds = select(func.max(Run.round)).where(Run.submission_id == run.submission_id, Run.suite_id == run.suite_id)
    newest = session.scalar(rounds) or run.round
    demand(
        rules.why_not_retry(
            actor,
            submissions.stake_in(session, actor.account_id, submission),
            outcome=run.outcome,
            newest=run.round == newest,
            owner_is_team=run.outcome is None or class_of(run.outcome).owner is Owner.TEAM,
            key_gone=queries_keys.is_gone(session, submission),
        )
    )
    if sentence := rules.why_not_reason(reason):
        raise Invalid(sentence, "reason")
    opened = _opened(run.submission_id, session.get_one(CallSuite, run.suite_id), newest + 1, now)
    session.add(opened)
    session.flush()
    note(session, opened.id, f"Round {opened.round} was asked for by the organiser; it waits for a worker.", now)
    particulars: dict[str, object] = {"reason": reason.strip(), "after": run.id, "submission": submission.reference}
    write_line(session, actor=actor, verb="retry_run", subject=f"run {opened.id}", now=now, particulars=particulars)
    return opened


def _opened(submission_id: int, suite: CallSuite, round_: int, now: datetime) -> Run:
    return Run(
        submission_id=submission_id,
        suite_id=suite.id,
        suite_digest=suite.digest,
        round=round_,
        state=RunState.WAITING,
        attempts=0,
        done=0,
        total=0,
        asked_at=now,
        problems=[],
    )
