"""What changes examinations: asking for one, once or again, and making it."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from challenge.compliance import queries, rules
from challenge.compliance.operations_evidence import keep_documents, kept_evidence, kept_reasons
from challenge.compliance.operations_letters import tell_verdict
from challenge.compliance.operations_turns import take_turn
from challenge.compliance.operations_verdict import Task, found_by, task_of
from challenge.compliance.records import Examination, ExaminationEvidence
from challenge.compliance.states import MOVES, ExaminationState, LicenceVerdict
from challenge.compliance.visible import visible
from challenge.foundation.audit import write_line
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.foundation.moves import move
from challenge.foundation.permits import PLATFORM, Actor, Invalid, demand
from challenge.submissions.queries import stake_in
from challenge.submissions.records import Submission
from challenge.teams.prose import tidy_text
from evaluation import ENGINE_VERSION
from evaluation.licences import Policy, Verdict, default_policy
from evaluation.licences.publication import UNANSWERED
from evaluation.publications.looking import Registry

log = logging.getLogger(__name__)
PAUSES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""After which the registry of DOIs is asked again where it had not answered; then a person has to look."""
ASKED_ENOUGH = "It was asked again and again; it is asked no more by itself. An officer looks at it."
NOT_ANSWERED = "The registry of DOIs had not answered."


def ask_for(session: Session, *, submission: Submission, now: datetime) -> Examination | None:
    """Ask for the first examination of a submission's package; None if it has been asked for already."""
    take_turn(session, submission.id)
    if queries.examination_of(session, submission.id) is not None:
        return None
    examination = _new(submission.id, number=1, now=now)
    session.add(examination)
    session.flush()
    subject = f"submission {submission.reference}"
    write_line(session, actor=PLATFORM, verb="ask_examination", subject=subject, now=now)
    return examination


def examine_again(session: Session, *, actor: Actor, submission: Submission, reason: str, now: datetime) -> Examination:
    """Have a package examined once more, by the engine and policy of today; earlier scans and decisions stay.

    Raises Refused where a rule says no, Invalid for a reason that is none.
    """
    take_turn(session, submission.id)
    latest = queries.examination_of(session, submission.id)
    waits = next((one for one in queries.scans_of(session, submission.id) if one.verdict is None), None)
    stake = stake_in(session, actor.account_id, submission)
    demand(
        rules.why_not_examine_again(
            actor,
            stake,
            state=latest.state if latest else None,
            waits=waits is not None and (waits.not_before is None or waits.not_before <= now),
        )
    )
    reason = tidy_text(reason)
    if sentence := rules.why_not_reason(reason):
        raise Invalid(sentence, "why_again")
    if waits is None:
        waits = _new(submission.id, number=_next_number(session, submission.id), now=now)
        session.add(waits)
    # one that the platform had put off is made now, in the officer's name
    waits.asked_by, waits.why_asked, waits.not_before, waits.asked_at = actor.account_id, reason, None, now
    waits.asked_again = 0
    session.flush()
    write_line(
        session,
        actor=actor,
        verb="examine_again",
        subject=f"submission {submission.reference}",
        now=now,
        particulars={"scan": waits.number, "reason": reason},
    )
    return waits


def examine_next(database: Database, files: FileStore, *, now: datetime, registry: Registry | None = None) -> bool:
    """Examine one waiting package that is due, with no transaction open meanwhile; False if none is.

    `registry` is where DOIs are looked up; without one nobody is asked, and a person looks at what is published.
    """
    with database.reading() as session:
        is_due = or_(Examination.not_before.is_(None), Examination.not_before <= now)
        waiting = session.scalars(
            select(Examination)
            .where(Examination.state == ExaminationState.WAITING, is_due)
            .order_by(Examination.id)
            .limit(1)
        ).first()
        if waiting is None:
            return False
        task = task_of(session, waiting)
    policy = default_policy()
    found = found_by(task, files, policy, registry)
    evidence, documents = _kept(task, found, files)
    with database.transaction() as session:
        examination = _record(session, task, found, policy, now)
        if examination is not None and evidence is not None:
            session.add(ExaminationEvidence(examination_id=examination.id, found=evidence, documents=documents))
    return True


def _kept(
    task: Task, found: Verdict, files: FileStore
) -> tuple[dict[str, object] | None, dict[str, dict[str, object]]]:
    """Write the documents and the evidence; a verdict counts without them, if they cannot be made."""
    package = files.path(task.package_sha256) if task.package_sha256 else None
    try:
        evidence = kept_evidence(found, package)
        return evidence, keep_documents(found, files) if evidence is not None else {}
    except Exception:  # what a package brings must not keep its verdict from being given
        log.exception("the evidence of examination %s could not be kept", task.examination_id)
        return None, {}


def _record(session: Session, task: Task, found: Verdict, policy: Policy, now: datetime) -> Examination | None:
    """Write the verdict down and return its examination; None where another worker was quicker."""
    take_turn(session, task.submission_id)
    query = select(Examination).where(Examination.id == task.examination_id).with_for_update()
    examination = session.scalars(query.execution_options(populate_existing=True)).one()
    if examination.state is not ExaminationState.WAITING:
        return None
    submission = session.get_one(Submission, examination.submission_id)
    earlier = queries.examination_of(session, submission.id)
    move(examination, ExaminationState.ENDED, MOVES)
    examination.verdict = LicenceVerdict(found.outcome.value)
    examination.declared = visible(found.declared or "")[:300]
    examination.detected = visible(", ".join(found.detected))[:300]
    examination.concluded = visible(found.concluded or "")[:300]
    examination.reasons = kept_reasons(found.reasons)
    examination.ai_act_exempt = found.ai_act_exempt
    examination.engine = f"evaluation {ENGINE_VERSION}, policy {policy.name} {policy.version}"[:80]
    examination.ended_at = now
    session.flush()
    _ask_again(session, examination, now)
    write_line(
        session,
        actor=PLATFORM,
        verb="examine",
        subject=f"submission {submission.reference}",
        now=now,
        particulars={
            "scan": examination.number, "verdict": examination.verdict.value,
            "codes": [reason["code"] for reason in examination.reasons], "engine": examination.engine,
        },
    )  # fmt: skip
    tell_verdict(
        session, submission, examination, now=now, earlier=earlier if earlier is not examination else None,
        decision=queries.decision_of(session, submission.id),
    )  # fmt: skip
    return examination


def _ask_again(session: Session, examination: Examination, now: datetime) -> None:
    """Put off a further scan where a DOI's registry did not answer, or say that it was asked often enough."""
    if not any(reason["code"] == UNANSWERED for reason in examination.reasons):
        return
    if examination.asked_again < len(PAUSES):
        number = _next_number(session, examination.submission_id)
        later = _new(examination.submission_id, number=number, now=now)
        later.why_asked, later.not_before = NOT_ANSWERED, now + PAUSES[examination.asked_again]
        later.asked_again = examination.asked_again + 1
        session.add(later)
        session.flush()
        return
    examination.reasons = [
        {**reason, "remedy": ASKED_ENOUGH} if reason["code"] == UNANSWERED else reason for reason in examination.reasons
    ]


def _new(submission_id: int, *, number: int, now: datetime) -> Examination:
    return Examination(
        submission_id=submission_id, number=number, state=ExaminationState.WAITING, verdict=None, reasons=[],
        asked_at=now,
    )  # fmt: skip


def _next_number(session: Session, submission_id: int) -> int:
    query = select(func.max(Examination.number)).where(Examination.submission_id == submission_id)
    return (session.scalar(query) or 0) + 1
