"""Reads what a board would be built from now."""

from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from challenge.calls import queries as calls
from challenge.calls.records import Call, CallSuite
from challenge.runs.failures import tells_of_submission
from challenge.runs.records import Result, Run
from challenge.runs.records_papers import RunUsage
from challenge.runs.states import Outcome, RunState
from challenge.standings.asides import Aside
from challenge.standings.entries import EntryAtHand, Plan
from challenge.standings.policy import policy_of, read_tasks, tasks_of
from challenge.standings.records import Board
from challenge.standings.rules import is_official
from challenge.standings.rules_results import why_not_ranked, why_not_the_later
from challenge.submissions.records import FinalChoice, Submission
from challenge.submissions.records_fetches import Fetch
from challenge.submissions.states import FetchState
from challenge.teams.records import Team

TELLING = [outcome for outcome in Outcome if tells_of_submission(outcome)]


def plan_of(session: Session, board: Board) -> Plan:
    """Return what a board would be built from now."""
    call, suite = calls.call(session, board.call_id), calls.suite(session, board.suite_id)
    ranking, tasks = calls.rules_of(session, call).ranking, tasks_of(read_tasks(suite.summary), board.part)
    return Plan(
        board_id=board.id,
        part=board.part,
        version=board.version,
        fingerprint=board.fingerprint,
        policy=policy_of(ranking, tasks, official=is_official(board.part, call.state)),
        tasks=tasks,
        entries=entries_of(session, call, suite),
    )


def entries_of(session: Session, call: Call, suite: CallSuite) -> tuple[EntryAtHand, ...]:
    """Return each team's final submission with its official result on a suite, or the reason why there is none.

    Final is the submission a team chose, else its latest: never its best, since the best of many tries is luck.
    Official is the newest ended round that says something about the submission, else the newest that ended; while
    none has, the entry waits. Only plain columns are read, in one statement, since the worker asks again and again.
    """
    # asked team by team, by an index, since most of a hundred thousand submissions are nobody's final one
    latest = select(func.max(Submission.id)).where(Submission.team_id == Team.id).correlate(Team).scalar_subquery()
    final = (
        select(Team.id.label("team_id"), func.coalesce(FinalChoice.submission_id, latest).label("submission_id"))
        .outerjoin(FinalChoice, FinalChoice.team_id == Team.id)
        .where(Team.call_id == call.id)
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
        .where(of_suite, Run.submission_id.in_(select(final.c.submission_id)))
        .group_by(Run.submission_id)
        .subquery()
    )
    counting = func.coalesce(newest.c.telling, newest.c.ended, newest.c.asked)
    official = and_(of_suite, Run.submission_id == Submission.id, Run.round == counting)
    later = aliased(Run)
    overtaken = and_(
        later.suite_id == suite.id, later.suite_digest == suite.digest, later.submission_id == Submission.id,
        later.round == newest.c.ended, newest.c.ended > counting,
    )  # fmt: skip
    found = session.execute(
        select(
            Submission.reference,
            Team.name,
            Run.id.label("run_id"),
            Run.state,
            Run.outcome,
            Result.digest,
            Result.items_sha256,
            Fetch.state.label("fetch_state"),
            Fetch.outcome.label("fetch_outcome"),
            later.id.label("later_id"),
            later.outcome.label("later_outcome"),
            RunUsage.energy_joules,
            RunUsage.energy_method,
            RunUsage.cost_micros,
        )
        .select_from(final)
        .join(Submission, Submission.id == final.c.submission_id)
        .join(Team, Team.id == final.c.team_id)
        .outerjoin(newest, newest.c.submission_id == Submission.id)
        .outerjoin(Run, official)
        .outerjoin(Result, Result.run_id == Run.id)
        .outerjoin(Fetch, Fetch.submission_id == Submission.id)
        .outerjoin(RunUsage, RunUsage.run_id == Run.id)
        .outerjoin(later, overtaken)
        .order_by(Submission.id)
    )
    return tuple(
        EntryAtHand(
            reference=row.reference,
            team=row.name,
            run_id=row.run_id,
            result_digest=row.digest or "",
            items_sha256=row.items_sha256 or "",
            reason=why_not_ranked(
                row.outcome, row.state, from_hub=row.fetch_state is not None, fetch=row.fetch_outcome
            ),
            aside=_aside(row),
        )
        for row in found
    )


def _aside(row: Any) -> Aside:
    known = row.energy_method in ("measured", "estimated")
    return Aside(
        run_id=row.run_id,
        later_run_id=row.later_id,
        later=why_not_the_later(row.later_outcome),
        joules=row.energy_joules if known else None,
        method=row.energy_method if known else "",
        micros=row.cost_micros or None,  # 0: no price was set
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
