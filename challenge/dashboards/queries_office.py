"""Reads what waits for admins, judges and auditors."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from challenge.awards.queries import document_of
from challenge.awards.queries_checks import concerns
from challenge.awards.records import Award, Decision, Obligation
from challenge.awards.states import DecisionState, ObligationState
from challenge.calls import queries as calls
from challenge.calls.document import PhaseKind
from challenge.calls.records import Call
from challenge.calls.states import CallState
from challenge.compliance.queries_desk import office_of
from challenge.dashboards.desk import Waiting
from challenge.foundation.audit import AuditLine
from challenge.foundation.outbox import Letter
from challenge.judging import queries as judging
from challenge.judging.docket import Duty
from challenge.judging.records import Consensus, Finalist, Panellist
from challenge.runs.queries_queue import runs_models, why_no_model_runs
from challenge.runs.records import Run
from challenge.runs.states import RunState
from challenge.submissions import queries_fetches
from challenge.teams.queries import is_competitor
from challenge.teams.records import Team

HEARD_WITHIN = timedelta(minutes=2)
"""A worker that was silent longer is not counted on."""


def admin_tasks(session: Session, account_id: int, *, now: datetime, hub: str = "") -> list[Waiting]:
    """List what waits for an admin, in the order of a call's life; `hub` is where models are fetched from, if any."""
    tasks = []
    for call in calls.all_calls(session, drafts=True):
        rules = calls.rules_of(session, call)
        if call.state is CallState.DRAFT:
            tasks.append(
                Waiting(f"“{call.title}” is a draft; open it when its rules stand.", f"/calls/{call.key}/manage")
            )
        if call.state is CallState.OPEN and now >= rules.last_arrival:
            sentence = f"The last deadline of “{call.title}” is over; freeze the call."
            tasks.append(Waiting(sentence, f"/calls/{call.key}/manage"))
        if call.state is CallState.FROZEN and not is_competitor(session, account_id, call.id):
            tasks += _after_freezing(session, call, account_id)
    if trouble := why_no_model_runs(session, since=now - HEARD_WITHIN):
        tasks.append(Waiting(f"Models wait to be run, or will, and no worker can: {trouble}", "/runs"))
    tasks += _fetching(session, hub, account_id, now=now)
    tasks += _licences(session, account_id)
    return tasks + _obligations(session, account_id, now=now)


def _licences(session: Session, account_id: int) -> list[Waiting]:
    """Say how many licences need a decision, or this admin's confirmation of another's, or another's of their own."""
    office = office_of(session, account_id)
    said = (
        (office.in_doubt, "Licences that need an officer's review"),
        (office.to_confirm, "Decisions on licences that wait for your confirmation"),
        (office.with_others, "Decisions on licences that you proposed and another admin has to confirm"),
    )
    return [Waiting(f"{sentence}: {number}.", "/compliance") for number, sentence in said if number]


def _fetching(session: Session, hub: str, account_id: int, *, now: datetime) -> list[Waiting]:
    """Say where models cannot be fetched from the hub, and how many could not be by the platform's fault."""
    tasks = []
    waiting, failed = queries_fetches.waiting_fetches(session), queries_fetches.failed_by_us(session, account_id)
    if hub and runs_models(session) and (trouble := queries_fetches.why_nobody_fetches(session, now=now)):
        tasks.append(Waiting(f"Models may come from {hub}, and no worker can fetch them: {trouble}", "/fetches"))
    if waiting and not hub:
        tasks.append(Waiting(f"Models that wait to be fetched: {waiting}; but CHALLENGE_HUB is not set.", "/fetches"))
    if failed:
        sentence = f"Models that could not be fetched, by no fault of their teams: {failed}. Have them fetched again."
        tasks.append(Waiting(sentence, "/fetches"))
    return tasks


def _after_freezing(session: Session, call: Call, account_id: int) -> list[Waiting]:
    finalists = list(session.scalars(select(Finalist.submission_id).where(Finalist.call_id == call.id)))
    decision = session.scalar(
        select(Decision)
        .where(Decision.call_id == call.id, Decision.state != DecisionState.WITHDRAWN)
        .order_by(Decision.number.desc())
        .limit(1)
    )
    panel, awards = f"/calls/{call.key}/panel", f"/calls/{call.key}/awards"
    if decision is not None and decision.state is DecisionState.SIGNED:
        return []
    if decision is not None:
        if document_of(decision).outcome.undecided:
            next_step = "it leaves a tie open, so withdraw it and propose anew with the panel's vote"
        else:
            by_other = decision.proposed_by != account_id
            next_step = "you may sign it" if by_other else "another admin must sign it"
        return [Waiting(f"A decision on “{call.title}” is proposed; {next_step}.", awards)]
    if not finalists:
        return [Waiting(f"“{call.title}” is frozen; name the finalists for the panel.", panel)]
    agreed = select(func.count(func.distinct(Consensus.submission_id))).where(Consensus.submission_id.in_(finalists))
    missing = len(finalists) - (session.scalar(agreed) or 0)
    if missing:
        return [Waiting(f"“{call.title}”: {missing} of {len(finalists)} finalists lack the panel's consensus.", panel)]
    return [Waiting(f"Every finalist of “{call.title}” has its consensus; propose the decision.", awards)]


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0


def _obligations(session: Session, account_id: int, *, now: datetime) -> list[Waiting]:
    query = (
        select(Obligation, Team)
        .join(Award, Award.id == Obligation.award_id)
        .join(Team, Team.id == Award.team_id)
        .where(Obligation.state != ObligationState.ACCEPTED)
        .order_by(Obligation.due_at)
    )
    tasks = []
    for obligation, team in session.execute(query):
        if is_competitor(session, account_id, team.call_id):
            continue  # another admin looks at it
        address = f"/awards/{obligation.award_id}"
        if obligation.state is ObligationState.PROVED:
            tasks.append(Waiting(f"{team.name} says its release is done; look at the proof.", address))
        elif obligation.due_at <= now:
            tasks.append(Waiting(f"{team.name} owes its release; it is overdue.", address, obligation.due_at))
    for award, _concern in concerns(session):
        team = session.get_one(Team, award.team_id)
        if not is_competitor(session, account_id, team.call_id):
            sentence = f"The release of {team.name} is no longer as it was accepted; look at it."
            tasks.append(Waiting(sentence, f"/awards/{award.id}"))
    return tasks


def judge_tasks(session: Session, account_id: int, *, now: datetime) -> list[Waiting]:
    """List what waits for a judge: declarations first, then reviews.

    Not counted are entries with which the judge has a conflict, declared or found, and those agreed on.
    """
    tasks = []
    query = select(Call).join(Panellist, Panellist.call_id == Call.id).where(Panellist.account_id == account_id)
    for call in session.scalars(query.order_by(Call.id)):
        rules = calls.rules_of(session, call)
        phase = rules.phase(PhaseKind.JUDGING)
        if phase is None or not phase.covers(now):
            continue
        docket = judging.docket_of(session, call.id)
        duties = [
            docket.duty(account_id, one.submission_id)
            for one in docket.finalists
            if one.submission_id not in docket.agreed
        ]
        open_ = duties.count(Duty.UNDECLARED)
        due = duties.count(Duty.OWED) + duties.count(Duty.DRAFT)
        if open_:
            sentence = f"“{call.title}”: say for {open_} of the finalists whether you have a conflict of interest."
            tasks.append(Waiting(sentence, f"/judging/{call.key}", phase.closes, rules.zone))
        if due:
            sentence = f"“{call.title}”: reviews you have still to submit: {due}."
            tasks.append(Waiting(sentence, f"/judging/{call.key}", phase.closes, rules.zone))
    return tasks


def panels_of(session: Session, account_id: int) -> list[Call]:
    """Return the calls on whose panels an account sits."""
    query = select(Call).join(Panellist, Panellist.call_id == Call.id).where(Panellist.account_id == account_id)
    return list(session.scalars(query.order_by(Call.id.desc())))


def machinery(session: Session) -> dict[str, int]:
    """Count what the machine has before it: waiting and running runs, unsent letters, lines in the log."""
    return {
        "waiting": _count(session, Run.state == RunState.WAITING),
        "running": _count(session, Run.state == RunState.RUNNING),
        "letters": _count(session, Letter.sent_at.is_(None)),
    }


def audit_lines(
    session: Session, *, verb: str = "", subject: str = "", before: int | None = None, limit: int = 50
) -> list[AuditLine]:
    """Return audit lines, newest first, from below line number `before`, filtered by verb and beginning of subject."""
    query = select(AuditLine).order_by(AuditLine.number.desc()).limit(limit)
    if verb:
        query = query.where(AuditLine.verb == verb)
    if subject:
        query = query.where(AuditLine.subject.startswith(subject, autoescape=True))
    if before is not None:
        query = query.where(AuditLine.number < before)
    return list(session.scalars(query))


def verbs(session: Session) -> list[str]:
    """Return every verb that occurs in the log."""
    return list(session.scalars(select(AuditLine.verb).distinct().order_by(AuditLine.verb)))
