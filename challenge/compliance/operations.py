"""What changes examinations: asking for one, making it, and an officer's decision about it."""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.compliance import queries, rules
from challenge.compliance.operations_endpoints import unseen
from challenge.compliance.records import Examination, OfficerDecision
from challenge.compliance.states import MOVES, ExaminationState, LicenceVerdict
from challenge.foundation.audit import write_line
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.foundation.moves import move
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import PLATFORM, Actor, Invalid, demand
from challenge.submissions.queries_fetches import package_of
from challenge.submissions.records import Submission
from challenge.teams import queries as teams
from challenge.teams.prose import tidy_text
from evaluation import ENGINE_VERSION, ArchiveError
from evaluation.licences import Outcome, Policy, Reason, Verdict, default_policy, verdict

log = logging.getLogger(__name__)
RESTORE = "The organiser restores the file."


@dataclass(frozen=True)
class _Task:
    """What an examination looks at, read before it begins."""

    examination_id: int
    package_sha256: str | None
    declared: str
    route: str
    doi: str
    endpoint: str = ""
    """Address of the endpoint that is evaluated; empty where a model or predictions are."""


def ask_for(session: Session, *, submission: Submission, now: datetime) -> Examination | None:
    """Ask for the examination of a submission's package; None if it has been asked for already."""
    # whoever asks for this submission takes turns here; what the other asked for is then seen
    session.execute(select(Submission.id).where(Submission.id == submission.id).with_for_update())
    if queries.examination_of(session, submission.id) is not None:
        return None
    examination = Examination(
        submission_id=submission.id, state=ExaminationState.WAITING, verdict=None, reasons=[], asked_at=now
    )
    session.add(examination)
    session.flush()
    subject = f"submission {submission.reference}"
    write_line(session, actor=PLATFORM, verb="ask_examination", subject=subject, now=now)
    return examination


def examine_next(database: Database, files: FileStore, *, now: datetime) -> bool:
    """Examine one waiting package, with no transaction open meanwhile; False if none waits."""
    with database.reading() as session:
        waiting = session.scalars(
            select(Examination).where(Examination.state == ExaminationState.WAITING).order_by(Examination.id).limit(1)
        ).first()
        if waiting is None:
            return False
        submission = session.get_one(Submission, waiting.submission_id)
        package = package_of(session, submission)
        task = _Task(
            examination_id=waiting.id,
            package_sha256=package.sha256 if package else None,
            declared=submission.declared_licence,
            route=submission.route.value,
            doi=submission.doi,
            endpoint=submission.endpoint["url"] if submission.endpoint else "",
        )
    policy = default_policy()
    found = _examine(task, files, policy)
    with database.transaction() as session:
        _record(session, task.examination_id, found, policy, now)
    return True


def _examine(task: _Task, files: FileStore, policy: Policy) -> Verdict:
    """Ask the instrument; whatever hinders it becomes a reason that somebody can act on."""
    package = files.path(task.package_sha256) if task.package_sha256 else None
    if package is not None and not package.exists():
        sentence = "The platform's store has lost the package; this is not the team's fault."
        return _hindered(task, Outcome.NEEDS_REVIEW, "PACKAGE_LOST", sentence, RESTORE)
    try:
        found = _verdict(task, package, files, policy)
        return unseen(found, endpoint=task.endpoint, has_package=package is not None) if task.endpoint else found
    except Exception:  # a package that breaks the check must not stop those behind it
        log.exception("examination %s broke down", task.examination_id)
        sentence = "The check itself broke down on this package; this is not the team's fault."
        return _hindered(task, Outcome.NEEDS_REVIEW, "CHECK_BROKEN", sentence, "A person looks at the package.")


def _verdict(task: _Task, package: Path | None, files: FileStore, policy: Policy) -> Verdict:
    try:
        return verdict(package, declared=task.declared or None, policy=policy, route=task.route, doi=task.doi or None)
    except ArchiveError as error:
        if not files.is_whole(task.package_sha256 or ""):
            sentence = "The platform's store holds other bytes than were handed in; this is not the team's fault."
            return _hindered(task, Outcome.NEEDS_REVIEW, "PACKAGE_LOST", sentence, RESTORE)
        # where the platform keeps its files is nobody's business
        sentence = f"The package cannot be read: {str(error).removeprefix(f'{package}: ')}."
        remedy = "Submit again, with a plain zip of the files themselves."
        return _hindered(task, Outcome.NON_COMPLIANT, "PACKAGE_UNREADABLE", sentence, remedy)


def _hindered(task: _Task, outcome: Outcome, code: str, sentence: str, remedy: str) -> Verdict:
    reason = Reason(code, sentence, "", 0, remedy)
    return Verdict(outcome, (reason,), task.declared or None, (), None, None)


def _record(session: Session, examination_id: int, found: Verdict, policy: Policy, now: datetime) -> None:
    """Write the verdict down, unless another worker was quicker."""
    examination = session.scalars(select(Examination).where(Examination.id == examination_id).with_for_update()).one()
    if examination.state is not ExaminationState.WAITING:
        return
    submission = session.get_one(Submission, examination.submission_id)
    move(examination, ExaminationState.ENDED, MOVES)
    examination.verdict = LicenceVerdict(found.outcome.value)
    examination.declared = (found.declared or "")[:300]
    examination.detected = ", ".join(found.detected)[:300]
    examination.concluded = (found.concluded or "")[:300]
    examination.reasons = [asdict(reason) for reason in found.reasons]
    examination.ai_act_exempt = found.ai_act_exempt
    examination.engine = f"evaluation {ENGINE_VERSION}, policy {policy.name} {policy.version}"[:80]
    examination.ended_at = now
    session.flush()
    write_line(
        session,
        actor=PLATFORM,
        verb="examine",
        subject=f"submission {submission.reference}",
        now=now,
        particulars={
            "verdict": examination.verdict.value, "codes": [reason.code for reason in found.reasons],
            "engine": examination.engine,
        },
    )  # fmt: skip
    _tell_verdict(session, submission, examination, now)


def decide(
    session: Session, *, actor: Actor, examination: Examination, verdict: LicenceVerdict, reason: str, now: datetime
) -> OfficerDecision:
    """Decide about a licence in the officer's name; the latest decision is in force, all stay on record."""
    submission = session.get_one(Submission, examination.submission_id)
    is_member, competes = queries.ties_of(session, actor, submission)
    demand(rules.why_not_decide(actor, state=examination.state, is_member=is_member, competes=competes))
    if verdict not in rules.DECIDABLE:
        raise Invalid(
            "Decide for compliant, by publication, or non-compliant; doubt is what you are to end.", "verdict"
        )
    reason = tidy_text(reason)
    if sentence := rules.why_not_reason(reason):
        raise Invalid(sentence, "reason")
    decision = OfficerDecision(
        examination_id=examination.id,
        verdict=verdict,
        officer_id=actor.account_id or 0,
        reason=reason,
        at=now,
    )
    session.add(decision)
    session.flush()
    write_line(
        session,
        actor=actor,
        verb="decide_licence",
        subject=f"submission {submission.reference}",
        now=now,
        particulars={"verdict": verdict.value, "reason": decision.reason},
    )
    words = _words(verdict)
    body = f"An officer decided about the licence of “{submission.title}”: {words}.\n\nThe reason: {decision.reason}"
    _tell(session, submission, f"{submission.reference}: licence {words}", body, now)
    return decision


def _tell_verdict(session: Session, submission: Submission, examination: Examination, now: datetime) -> None:
    words = _words(examination.verdict)
    lines = [f"The licence of “{submission.title}” ({submission.reference}) was examined: {words}."]
    for reason in examination.reasons[:10]:
        place = f"{reason['file']}: " if reason.get("file") else ""
        lines.append(f"{place}{reason['sentence']} What to do: {reason['remedy']}")
    if examination.verdict is LicenceVerdict.NEEDS_REVIEW:
        lines.append("An officer looks at it and decides; you hear of it here.")
    lines.append(f"All of it is on the page /compliance/{submission.reference}.")
    _tell(session, submission, f"{submission.reference}: licence {words}", "\n\n".join(lines), now)


def _tell(session: Session, submission: Submission, subject: str, body: str, now: datetime) -> None:
    for _membership, account in teams.members_of(session, submission.team_id):
        write_letter(session, account_id=account.id, subject=subject, body=body, now=now)


def _words(verdict: LicenceVerdict | None) -> str:
    return str(verdict or "waiting").replace("_", " ")
