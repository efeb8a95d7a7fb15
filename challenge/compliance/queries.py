"""Reads examinations, officers' decisions, and the verdict that is in force."""

from collections.abc import Collection

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, aliased

from challenge.calls.records import Call
from challenge.calls.states import CallState
from challenge.compliance.records import DecisionProposal, Examination, ExaminationEvidence, OfficerDecision
from challenge.compliance.states import ExaminationState, LicenceVerdict, ProposalState
from challenge.submissions.queries_fetches import has_come
from challenge.submissions.records import Submission

Ids = Collection[int] | Select[int]
_ENDED_FIRST = case((Examination.state == ExaminationState.ENDED, 0), else_=1)


def examination_of(session: Session, submission_id: int) -> Examination | None:
    """Return the scan that is in force: the latest that has ended, else the one that waits; None if there is none."""
    query = select(Examination).where(Examination.submission_id == submission_id)
    return session.scalars(query.order_by(_ENDED_FIRST, Examination.id.desc()).limit(1)).first()


def in_force(submission_ids: Ids | None = None) -> Select[int]:
    """Return, as a query, the ids of the scans that are in force, one for each of some submissions or of all."""
    scan = aliased(Examination)
    ended = func.max(case((scan.state == ExaminationState.ENDED, scan.id)))
    query = select(func.coalesce(ended, func.max(scan.id))).group_by(scan.submission_id)
    return query if submission_ids is None else query.where(scan.submission_id.in_(submission_ids))


def scans_of(session: Session, submission_id: int) -> list[Examination]:
    """Return every scan of a submission, newest first."""
    query = select(Examination).where(Examination.submission_id == submission_id)
    return list(session.scalars(query.order_by(Examination.number.desc())))


def evidence_of(session: Session, examination_id: int) -> ExaminationEvidence | None:
    """Return the evidence of a scan; None for one without any, as before it was kept."""
    return session.get(ExaminationEvidence, examination_id)


def decisions_of(session: Session, submission_id: int) -> list[OfficerDecision]:
    """Return every decision on a submission's licence, newest first."""
    query = (
        select(OfficerDecision)
        .join(Examination, Examination.id == OfficerDecision.examination_id)
        .where(Examination.submission_id == submission_id)
    )
    return list(session.scalars(query.order_by(OfficerDecision.id.desc())))


def decision_of(session: Session, submission_id: int) -> OfficerDecision | None:
    """Return the decision that counts: the latest."""
    return next(iter(decisions_of(session, submission_id)), None)


def open_proposal_of(session: Session, submission_id: int) -> DecisionProposal | None:
    """Return the decision that is proposed and waits for another officer, None if none is."""
    is_open = DecisionProposal.state == ProposalState.OPEN
    return session.scalar(select(DecisionProposal).where(DecisionProposal.submission_id == submission_id, is_open))


def verdict_in_force(session: Session, submission_id: int) -> LicenceVerdict | None:
    """Return the verdict that counts: the officers', else the platform's; None while there is neither."""
    return verdicts_of(session, [submission_id]).get(submission_id)


def verdicts_of(session: Session, submission_ids: Collection[int]) -> dict[int, LicenceVerdict | None]:
    """Return the verdicts that count by submission; None for those whose first examination waits."""
    return _verdicts(session, list(submission_ids))


def verdicts_in_force(session: Session, call_id: int) -> dict[int, LicenceVerdict]:
    """Return the verdicts that count by submission, for all of a call that have one."""
    found = _verdicts(session, select(Submission.id).where(Submission.call_id == call_id))
    return {submission_id: verdict for submission_id, verdict in found.items() if verdict is not None}


def _verdicts(session: Session, submission_ids: Ids) -> dict[int, LicenceVerdict | None]:
    latest = select(Examination.submission_id, Examination.verdict).where(Examination.id.in_(in_force(submission_ids)))
    found: dict[int, LicenceVerdict | None] = {row.submission_id: row.verdict for row in session.execute(latest)}
    decided = (
        select(Examination.submission_id, OfficerDecision.verdict)
        .join(OfficerDecision, OfficerDecision.examination_id == Examination.id)
        .where(Examination.submission_id.in_(submission_ids))
        .order_by(OfficerDecision.id)
    )
    # decisions come in their order, so the last one written stays
    return found | {row.submission_id: row.verdict for row in session.execute(decided)}


def waiting(session: Session) -> list[Examination]:
    """Return the examinations that the platform has still to make, due or not, oldest first."""
    query = select(Examination).where(Examination.state == ExaminationState.WAITING)
    return list(session.scalars(query.order_by(Examination.id)))


def unexamined(session: Session, *, limit: int) -> list[Submission]:
    """Return submissions, all here, for which no examination has been asked for yet, oldest first."""
    asked = select(Examination.id).where(Examination.submission_id == Submission.id).exists()
    query = (
        select(Submission)
        .join(Call, Call.id == Submission.call_id)
        .where(Call.state != CallState.DRAFT, ~asked, has_come())
        .order_by(Submission.id)
        .limit(limit)
    )
    return list(session.scalars(query))
