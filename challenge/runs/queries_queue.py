"""Reads the queue: whose turn it is, who stands where, which workers are alive."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, case, func, or_, select, true
from sqlalchemy.orm import Session

from challenge.calls.records import Call, CallSuite
from challenge.calls.states import CallState, EntryKind
from challenge.runs.records import Run, Worker
from challenge.runs.records_papers import RunUsage
from challenge.runs.states import Outcome, RunState
from challenge.submissions.queries_fetches import has_come
from challenge.submissions.records import EndpointKey, Submission
from challenge.teams.queries import competes
from challenge.teams.records import Team

MOST_LINES = 200
MOST_ATTEMPTS = 3
"""How often a run is taken up before the platform gives it up."""


REJUDGED = frozenset(
    {
        Outcome.SCORED,
        Outcome.SUITE_BROKEN,
        Outcome.FILE_LOST,
        Outcome.ENGINE_FAILED,
        Outcome.ABANDONED,
        Outcome.ENGINE_MISSING,
        Outcome.ENDPOINT_UNREACHED,
    }
)
"""Endings after which another round makes sense: a result, or a fault that was not the team's."""


@dataclass(frozen=True)
class RejudgeLine:
    """A suite and how many submissions another round would evaluate."""

    call: Call
    suite: CallSuite
    runs: int
    keyless: int
    """How many endpoints are left out, because their key was deleted."""


@dataclass(frozen=True)
class QueueLine:
    """A run as the queue's page shows it."""

    run: Run
    reference: str
    team: str
    suite: str
    position: int | None
    took: RunUsage | None


def in_turn(now: datetime, *, models: bool = True) -> Select[int]:
    """Return the runs that may be taken up, first the one whose turn it is.

    A team with fewer runs at work comes first; among equals, the team that was served longest ago; within a
    team, the oldest run. So neither a team with a hundred submissions nor a single worker starves the others.
    Without `models`, runs of models are left out.
    """
    at_work = and_(Run.state == RunState.RUNNING, Run.lease_until > now)
    turns = (
        select(
            Submission.team_id,
            func.count(case((at_work, 1))).label("at_work"),
            func.max(Run.started_at).label("served"),
        )
        .join(Run, Run.submission_id == Submission.id)
        .group_by(Submission.team_id)
        .subquery()
    )
    deserted = and_(Run.state == RunState.RUNNING, Run.lease_until <= now)
    return (
        select(Run.id)
        .join(Submission, Submission.id == Run.submission_id)
        .join(turns, turns.c.team_id == Submission.team_id)
        .where(or_(Run.state == RunState.WAITING, deserted))
        .where(Run.attempts < MOST_ATTEMPTS, Run.cancel_asked_at.is_(None))
        .where(true() if models else Submission.entry != EntryKind.MODEL)
        .order_by(turns.c.at_work, turns.c.served.is_not(None), turns.c.served, Run.id)
    )


def waiting_count(session: Session) -> int:
    """Count the runs that wait."""
    return session.scalar(select(func.count()).where(Run.state == RunState.WAITING)) or 0


def oldest_waiting(session: Session) -> datetime | None:
    """Return since when the run that has waited longest waits, None if none does."""
    return session.scalar(select(func.min(Run.asked_at)).where(Run.state == RunState.WAITING))


def position_of(session: Session, run: Run, *, now: datetime) -> int | None:
    """Return at which place a waiting run stands, 1 for the next; None if it does not wait.

    Positions follow the order in which runs would be taken up now; who is served meanwhile moves back.
    """
    return _positions(session, now).get(run.id) if run.state is RunState.WAITING else None


def _positions(session: Session, now: datetime) -> dict[int, int]:
    return {run_id: place for place, run_id in enumerate(session.scalars(in_turn(now)), start=1)}


def queue(
    session: Session, reader: int | None, *, now: datetime, state: RunState | None, outcome: Outcome | None
) -> list[QueueLine]:
    """Return the latest runs for an officer: those at work, then those waiting in their order, then those ended.

    Runs of calls in which the reader, an account's number, competes are left out.
    """
    places = _positions(session, now)
    query = (
        select(Run, Submission.reference, Team.name, CallSuite.title, RunUsage)
        .join(Submission, Submission.id == Run.submission_id)
        .join(Team, Team.id == Submission.team_id)
        .join(CallSuite, CallSuite.id == Run.suite_id)
        .outerjoin(RunUsage, RunUsage.run_id == Run.id)
        .where(~competes(reader, Submission.call_id))
    )
    if state is not None:
        query = query.where(Run.state == state)
    if outcome is not None:
        query = query.where(Run.outcome == outcome)
    at_the_end = case((Run.state == RunState.ENDED, 1), else_=0)
    rows = session.execute(query.order_by(at_the_end, Run.id.desc()).limit(MOST_LINES))
    lines = [
        QueueLine(run, reference, team, suite, places.get(run.id) if run.state is RunState.WAITING else None, took)
        for run, reference, team, suite, took in rows
    ]
    rank = {RunState.RUNNING: 0, RunState.WAITING: 1, RunState.ENDED: 2}
    return sorted(lines, key=lambda line: (rank[line.run.state], line.position or 0, -line.run.id))


def outcome_counts(session: Session, reader: int | None) -> dict[Outcome, int]:
    """Count the ended runs by outcome; those of calls in which the reader competes are left out."""
    counted = (
        select(Run.outcome, func.count())
        .join(Submission, Submission.id == Run.submission_id)
        .where(Run.outcome.is_not(None), ~competes(reader, Submission.call_id))
        .group_by(Run.outcome)
    )
    return {outcome: number for outcome, number in session.execute(counted) if outcome is not None}


def workers(session: Session, *, since: datetime) -> list[Worker]:
    """Return the workers heard of since an instant, the latest heard first."""
    return list(session.scalars(select(Worker).where(Worker.seen_at >= since).order_by(Worker.seen_at.desc())))


def runs_models(session: Session) -> bool:
    """Tell whether any call, drafts included, has a suite that models are run on."""
    return session.scalar(select(CallSuite.id).where(CallSuite.takes == EntryKind.MODEL).limit(1)) is not None


def why_no_model_runs(session: Session, *, since: datetime) -> str:
    """Return why no worker heard of since an instant can run the models that a call asks for; else the empty text."""
    if not runs_models(session):
        return ""
    heard = workers(session, since=since)
    if any(not worker.trouble for worker in heard):
        return ""
    return heard[0].trouble if heard else "No worker has been heard of. Start one with: flask --app wsgi worker"


def without_runs(session: Session, *, limit: int) -> list[tuple[Submission, list[CallSuite]]]:
    """Return submissions, all here, that no run has been opened for yet on some suite of their call, oldest first."""
    opened = select(Run.id).where(Run.submission_id == Submission.id, Run.suite_id == CallSuite.id).exists()
    query = (
        select(Submission, CallSuite)
        .join(Call, Call.id == Submission.call_id)
        .join(CallSuite, CallSuite.call_id == Call.id)
        .where(Call.state != CallState.DRAFT, ~opened, has_come())
        .order_by(Submission.id, CallSuite.id)
        .limit(limit)
    )
    found: dict[int, tuple[Submission, list[CallSuite]]] = {}
    for submission, suite in session.execute(query):
        found.setdefault(submission.id, (submission, []))[1].append(suite)
    return list(found.values())


def rejudge_lines(session: Session, reader: int | None) -> list[RejudgeLine]:
    """Return the suites of all calls that are no drafts and in which the reader does not compete, the newest first."""
    query = (
        select(Call, CallSuite)
        .join(CallSuite, CallSuite.call_id == Call.id)
        .where(Call.state != CallState.DRAFT, ~competes(reader, Call.id))
        .order_by(Call.id.desc(), CallSuite.id)
    )
    rows = session.execute(query).all()
    return [RejudgeLine(call, suite, len(rejudgeable(session, suite)), keyless(session, suite)) for call, suite in rows]


def rejudgeable(session: Session, suite: CallSuite) -> list[Run]:
    """Return the newest round of each submission on a suite where another round makes sense, and can be had."""
    return [run for run, entry, key in _rounds_again(session, suite) if entry is not EntryKind.ENDPOINT or key]


def keyless(session: Session, suite: CallSuite) -> int:
    """Count the endpoints for which another round would make sense, and whose key was deleted."""
    return sum(entry is EntryKind.ENDPOINT and not key for _, entry, key in _rounds_again(session, suite))


def _rounds_again(session: Session, suite: CallSuite) -> list[tuple[Run, EntryKind, int | None]]:
    """Return the newest rounds after which another makes sense, with what was evaluated and whose key is kept."""
    newest = (
        select(Run.submission_id, func.max(Run.round).label("round"))
        .where(Run.suite_id == suite.id)
        .group_by(Run.submission_id)
        .subquery()
    )
    query = (
        select(Run, Submission.entry, EndpointKey.submission_id)
        .join(newest, (newest.c.submission_id == Run.submission_id) & (newest.c.round == Run.round))
        .join(Submission, Submission.id == Run.submission_id)
        .outerjoin(EndpointKey, EndpointKey.submission_id == Run.submission_id)
        .where(Run.suite_id == suite.id)
        .where(or_(Run.outcome.in_(REJUDGED), and_(Run.outcome == Outcome.CANCELLED, Run.round > 1)))
        .order_by(Run.id)
    )
    return [(run, entry, key) for run, entry, key in session.execute(query)]
