"""Reads what a board would be built from now."""

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.records import Call, CallSuite
from challenge.runs.failures import tells_of_submission
from challenge.runs.records import Result, Run
from challenge.runs.states import Outcome, RunState
from challenge.standings.entries import EntryAtHand, Plan
from challenge.standings.policy import policy_of, read_tasks, tasks_of
from challenge.standings.records import Board
from challenge.standings.rules_results import why_not_ranked
from challenge.submissions.records import FinalChoice, Submission
from challenge.submissions.records_fetches import Fetch
from challenge.submissions.states import FetchState
from challenge.teams.records import Team

TELLING = [outcome for outcome in Outcome if tells_of_submission(outcome)]


def plan_of(session: Session, board: Board) -> Plan:
    """Return what a board would be built from now."""
    call, suite = calls.call(session, board.call_id), calls.suite(session, board.suite_id)
    tasks = tasks_of(read_tasks(suite.summary), board.part)
    return Plan(
        board_id=board.id,
        part=board.part,
        version=board.version,
        fingerprint=board.fingerprint,
        policy=policy_of(calls.rules_of(session, call).ranking, tasks),
        tasks=tasks,
        entries=entries_of(session, call, suite),
    )


def entries_of(session: Session, call: Call, suite: CallSuite) -> tuple[EntryAtHand, ...]:
    """Return each team's final submission with its official result on a suite, or the reason why there is none.

    Final is the submission a team chose, else its latest: never its best, since the best of many tries is luck.
    Official is the newest ended round that says something about the submission, else the newest that ended; while
    none has, the entry waits. Only plain columns are read, in one statement, since the worker asks again and again.
    """
    latest = (
        select(Submission.team_id, func.max(Submission.id).label("id"))
        .where(Submission.call_id == call.id)
        .group_by(Submission.team_id)
        .subquery()
    )
    of_suite = and_(Run.suite_id == suite.id, Run.suite_digest == suite.digest)
    newest = (
        select(
            Run.submission_id,
            func.max(Run.round).filter(Run.outcome.in_(TELLING)).label("telling"),
            func.max(Run.round).filter(Run.state == RunState.ENDED).label("ended"),
            func.max(Run.round).label("asked"),
        )
        .where(of_suite)
        .group_by(Run.submission_id)
        .subquery()
    )
    counting = func.coalesce(newest.c.telling, newest.c.ended, newest.c.asked)
    official = and_(of_suite, Run.submission_id == Submission.id, Run.round == counting)
    found = session.execute(
        select(
            Submission.reference,
            Team.name,
            Run.id,
            Run.state,
            Run.outcome,
            Result.digest,
            Result.items_sha256,
            Fetch.state,
            Fetch.outcome,
        )
        .select_from(latest)
        .outerjoin(FinalChoice, FinalChoice.team_id == latest.c.team_id)
        .join(Submission, Submission.id == func.coalesce(FinalChoice.submission_id, latest.c.id))
        .join(Team, Team.id == latest.c.team_id)
        .outerjoin(newest, newest.c.submission_id == Submission.id)
        .outerjoin(Run, official)
        .outerjoin(Result, Result.run_id == Run.id)
        .outerjoin(Fetch, Fetch.submission_id == Submission.id)
        .order_by(Submission.id)
    )
    return tuple(
        EntryAtHand(
            reference,
            team,
            run_id,
            digest or "",
            items or "",
            why_not_ranked(outcome, state, from_hub=fetching is not None, fetch=fetched),
        )
        for reference, team, run_id, state, outcome, digest, items, fetching, fetched in found
    )


def unfinished(session: Session, board: Board) -> int:
    """Count the runs on a board's suite that have not ended, and the entries whose model is still to be fetched."""
    runs = select(func.count()).where(
        Run.suite_id == board.suite_id, Run.state.in_([RunState.WAITING, RunState.RUNNING])
    )
    fetches = (
        select(func.count())
        .select_from(Fetch)
        .join(Submission, Submission.id == Fetch.submission_id)
        .where(Submission.call_id == board.call_id, Fetch.state != FetchState.ENDED)
    )
    return (session.scalar(runs) or 0) + (session.scalar(fetches) or 0)
