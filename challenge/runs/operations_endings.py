"""Ends runs: once, with an audit line, with a letter to the team, and with the right effect on its quota."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls.states import EntryKind
from challenge.foundation.audit import write_line
from challenge.foundation.canonical import digest
from challenge.foundation.files import Stored
from challenge.foundation.leases import Leases
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import PLATFORM, Actor
from challenge.runs.failures import (
    EFFECT_SENTENCES,
    LATER_ROUND,
    READ_AT_A_PRICE,
    READ_FOR_FREE,
    SETTLED,
    QuotaEffect,
    class_of,
    effect_of,
)
from challenge.runs.operations_events import note
from challenge.runs.operations_papers import Papers, write_papers, write_usage
from challenge.runs.records import Result, Run
from challenge.runs.states import MOVES, Outcome, RunState
from challenge.submissions import operations as quota
from challenge.submissions.records import QuotaEntry, Submission
from challenge.submissions.states import QuotaMove
from challenge.teams import queries as teams

RUNS = Leases(
    record=Run,
    key=Run.id,
    waiting=RunState.WAITING,
    running=RunState.RUNNING,
    moves=MOVES,
    blank={"done": 0, "total": 0, "doing": ""},
)
SCORED = "The evaluation is complete."
MOST_PROBLEMS, LONGEST_PROBLEM, LONGEST_EXPLANATION = 20, 500, 1000


def report_scored(
    session: Session,
    *,
    run_id: int,
    token: str,
    report_bytes: bytes,
    items: Stored,
    now: datetime,
    intervals: str = "[]",
    papers: Papers | None = None,
) -> bool:
    """Accept a run's result, once; return False where another holds the run by now, or where it is to be cancelled.

    The same report again changes nothing and is answered with True, so that a worker that did not hear the first
    answer may ask again. `items` and `papers` must be in the store already; `intervals` are those of `check_result`.
    """
    report = report_bytes.decode()
    fingerprint = digest([report, items.sha256])
    run = RUNS.held(session, run_id, token)
    if run is None:
        known = session.scalar(select(Result.digest).where(Result.run_id == run_id))
        return known == fingerprint
    if run.cancel_asked_at is not None:
        return False
    session.add(
        Result(
            run_id=run.id,
            report=report,
            intervals=intervals,
            items_sha256=items.sha256,
            digest=fingerprint,
            at=now,
        )
    )
    if papers is not None:
        write_papers(session, run.id, papers)
    end(session, run, actor=PLATFORM, outcome=Outcome.SCORED, explanation=SCORED, problems=(), now=now)
    return True


def report_failed(
    session: Session,
    *,
    run_id: int,
    token: str,
    outcome: Outcome,
    explanation: str,
    problems: tuple[str, ...],
    now: datetime,
    usage: Mapping[str, object] | None = None,
) -> bool:
    """End a run that gave no scores; return False where another holds the run by now.

    `usage` is what running the model took all the same, as `read_usage` reads it.

    Raises ValueError for the outcome `scored`, which only a report can bring.
    """
    if outcome is Outcome.SCORED:
        raise ValueError("a run is scored by its report, not by word")
    run = RUNS.held(session, run_id, token)
    if run is None:
        return False
    if usage is not None:
        write_usage(session, run.id, usage)
    end(session, run, actor=PLATFORM, outcome=outcome, explanation=explanation, problems=problems, now=now)
    return True


def end(
    session: Session,
    run: Run,
    *,
    actor: Actor,
    outcome: Outcome,
    explanation: str,
    problems: tuple[str, ...],
    now: datetime,
) -> None:
    """Put a run, locked by the caller, into its final state, and say so to those whom it concerns."""
    submission = session.get_one(Submission, run.submission_id)
    RUNS.let_go(run, RunState.ENDED)
    run.outcome, run.ended_at = outcome, now
    run.explanation = explanation[:LONGEST_EXPLANATION]
    run.problems = [problem[:LONGEST_PROBLEM] for problem in problems[:MOST_PROBLEMS]]
    run.quota_note = settled = _settle(session, run, submission, now)
    note(session, run.id, f"It ended: {class_of(outcome).title.lower()}.", now)
    session.flush()
    write_line(
        session,
        actor=actor,
        verb="end_run",
        subject=f"run {run.id}",
        now=now,
        particulars={
            "outcome": outcome.value, "submission": submission.reference, "round": run.round,
            "attempts": run.attempts, "quota": settled,
        },
    )  # fmt: skip
    _tell(session, run, submission, settled, now)


def _settle(session: Session, run: Run, submission: Submission, now: datetime) -> str:
    """Give the place in the quota back where the ending's class says so; return what was done as a sentence.

    A submission took one place, so it is given back at most once, whatever its runs on several suites or its
    later rounds come to.
    """
    if run.round > 1:
        return LATER_ROUND
    asked_by_team = teams.is_member(session, submission.team_id, run.cancel_asked_by)
    effect = effect_of(str(run.outcome), begun=run.attempts > 0, asked_by_team=asked_by_team)
    if effect is QuotaEffect.CHARGED:
        return EFFECT_SENTENCES[effect]
    if _is_settled(session, submission):
        return SETTLED
    reason = f"{submission.reference}: {class_of(str(run.outcome)).title.lower()}"
    if effect is QuotaEffect.GIVEN_BACK:
        quota.return_quota(session, submission=submission, reason=reason, now=now)
        return EFFECT_SENTENCES[effect]
    came_back = quota.charge_failure(session, submission=submission, reason=reason, now=now)
    return READ_FOR_FREE if came_back else READ_AT_A_PRICE


def _is_settled(session: Session, submission: Submission) -> bool:
    moved = select(QuotaEntry.id).where(
        QuotaEntry.submission_id == submission.id, QuotaEntry.kind.in_([QuotaMove.RETURNED, QuotaMove.FAILED])
    )
    return session.scalar(moved.limit(1)) is not None


def _tell(session: Session, run: Run, submission: Submission, settled: str, now: datetime) -> None:
    kind = class_of(str(run.outcome))
    body = "\n\n".join(
        [
            f"{kind.title}: “{submission.title}” ({submission.reference}). {run.explanation}",
            f"What to do: {kind.remedy_for(is_model=submission.entry is EntryKind.MODEL)}",
            f"Your quota: {settled}",
            f"All of it is on the page of the run, /runs/{run.id}.",
        ]
    )
    for _membership, account in teams.members_of(session, submission.team_id):
        subject = f"{submission.reference}: {kind.title.lower()}"
        write_letter(session, account_id=account.id, subject=subject, body=body, now=now)
