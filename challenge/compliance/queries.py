"""Reads examinations, officers' decisions, and the verdict that is in force."""

from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from challenge.calls.records import Call
from challenge.calls.states import CallState
from challenge.compliance.records import Examination, OfficerDecision
from challenge.compliance.rules import why_not_see
from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.foundation.permits import Actor, NotFound
from challenge.people.queries import names_of
from challenge.submissions.queries import submission_by_reference
from challenge.submissions.queries_fetches import fetch_of, has_come
from challenge.submissions.records import Submission
from challenge.submissions.records_fetches import Fetch
from challenge.teams import queries as teams
from challenge.teams.records import Team

MOST_ON_DESK = 500


@dataclass(frozen=True)
class DeskLine:
    """An examination on the officer's desk, with the verdict in force."""

    examination: Examination
    submission: Submission
    team: str
    verdict: LicenceVerdict | None
    decided: bool


@dataclass(frozen=True)
class ExaminationView:
    """An examination with all that its page needs; None where the platform has not begun."""

    examination: Examination | None
    submission: Submission
    team: Team
    call: Call
    verdict: LicenceVerdict | None
    decisions: list[tuple[OfficerDecision, str]]
    is_member: bool
    competes: bool
    """Whether the reader is a member of any team in the call."""
    fetch: Fetch | None = None
    """Of the model, where it comes from a hub."""


def examination_of(session: Session, submission_id: int) -> Examination | None:
    """Return the examination of a submission, None if none was asked for yet."""
    return session.scalar(select(Examination).where(Examination.submission_id == submission_id))


def decisions_of(session: Session, examination_id: int) -> list[OfficerDecision]:
    """Return every officer's decision on an examination, newest first."""
    query = select(OfficerDecision).where(OfficerDecision.examination_id == examination_id)
    return list(session.scalars(query.order_by(OfficerDecision.id.desc())))


def decision_of(session: Session, examination_id: int) -> OfficerDecision | None:
    """Return the decision that counts: the latest."""
    return next(iter(decisions_of(session, examination_id)), None)


def verdict_in_force(session: Session, submission_id: int) -> LicenceVerdict | None:
    """Return the verdict that counts: an officer's, else the platform's; None while there is neither."""
    examination = examination_of(session, submission_id)
    if examination is None:
        return None
    decision = decision_of(session, examination.id)
    return decision.verdict if decision else examination.verdict


def verdicts_in_force(session: Session, call_id: int) -> dict[int, LicenceVerdict]:
    """Return the verdicts that count by submission, for all of a call that have one."""
    query = (
        select(Examination.submission_id, Examination.verdict, OfficerDecision.verdict)
        .join(Submission, Submission.id == Examination.submission_id)
        .outerjoin(OfficerDecision, OfficerDecision.examination_id == Examination.id)
        .where(Submission.call_id == call_id)
        .order_by(Examination.id, OfficerDecision.id)
    )
    rows = session.execute(query)
    # decisions come in their order, so the last one written stays
    found = {submission_id: decided or own for submission_id, own, decided in rows}
    return {submission_id: verdict for submission_id, verdict in found.items() if verdict is not None}


def waiting(session: Session) -> list[Examination]:
    """Return the examinations that the platform has still to make, oldest first."""
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


def desk(session: Session, *, limit: int) -> list[DeskLine]:
    """Return the examinations for an officer: those in doubt and undecided first, then the newest."""
    latest = (
        select(OfficerDecision.verdict)
        .where(OfficerDecision.examination_id == Examination.id)
        .order_by(OfficerDecision.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    in_doubt = (Examination.verdict == LicenceVerdict.NEEDS_REVIEW) & latest.is_(None)
    query = (
        select(Examination, Submission, Team.name, latest)
        .join(Submission, Submission.id == Examination.submission_id)
        .join(Team, Team.id == Submission.team_id)
        .order_by(case((in_doubt, 0), else_=1), Examination.id.desc())
        .limit(limit)
    )
    return [
        DeskLine(examination, submission, team, decided or examination.verdict, decided is not None)
        for examination, submission, team, decided in session.execute(query)
    ]


def examination_for(session: Session, actor: Actor, reference: str) -> ExaminationView:
    """Return an examination by its submission; raise NotFound where there is none this reader may know of."""
    submission = submission_by_reference(session, reference)
    is_member, competes = ties_of(session, actor, submission)
    if why_not_see(actor, is_member=is_member):
        raise NotFound
    examination = examination_of(session, submission.id)
    decisions = decisions_of(session, examination.id) if examination else []
    names = names_of(session, [decision.officer_id for decision in decisions])
    return ExaminationView(
        examination=examination,
        submission=submission,
        team=teams.team(session, submission.team_id),
        call=session.get_one(Call, submission.call_id),
        verdict=verdict_in_force(session, submission.id),
        decisions=[(decision, names.get(decision.officer_id, "an admin")) for decision in decisions],
        is_member=is_member,
        competes=competes,
        fetch=fetch_of(session, submission.id),
    )


def ties_of(session: Session, actor: Actor, submission: Submission) -> tuple[bool, bool]:
    """Tell whether somebody is a member of the team of a submission, and whether of any team in its call."""
    own = teams.team_of(session, call_id=submission.call_id, account_id=actor.account_id) if actor.signed_in else None
    return own is not None and own.id == submission.team_id, own is not None
