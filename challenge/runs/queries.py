"""Reads runs and their results."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.records import Call, CallSuite
from challenge.foundation.permits import Actor, NotFound
from challenge.runs.failures import tells_of_submission
from challenge.runs.queries_queue import MOST_ATTEMPTS as MOST_ATTEMPTS
from challenge.runs.queries_queue import position_of as position_of
from challenge.runs.queries_queue import waiting_count as waiting_count
from challenge.runs.records import Result, Run
from challenge.runs.states import Outcome, RunState
from challenge.submissions import queries as submissions
from challenge.submissions.queries import keeps_key
from challenge.submissions.records import Submission
from challenge.teams import queries as teams
from challenge.teams.records import Team
from challenge.teams.stakes import Stake, demand_open


@dataclass(frozen=True)
class RunView:
    """A run with all that its page needs."""

    run: Run
    submission: Submission
    team: Team
    call: Call
    suite: CallSuite
    stake: Stake
    """How the reader stands to the team."""
    rounds: list[Run]
    official: int | None
    """Number of the run whose result counts."""
    key_gone: bool
    """Whether an endpoint was asked whose key was deleted since."""


@dataclass(frozen=True)
class TaskScore:
    """The score of one part of one task, as the platform computed it from the item rows."""

    task: str
    part: str
    metric: str
    items: int
    score: str
    interval: tuple[str, str] | None
    """Bounds at 95 % confidence, None where no spread can be estimated."""


def run(session: Session, run_id: int) -> Run:
    """Return a run; raise NotFound if there is none."""
    found = session.get(Run, run_id)
    if found is None:
        raise NotFound
    return found


def run_for(session: Session, actor: Actor, run_id: int) -> RunView:
    """Return a run with its surroundings; raise NotFound or, for an officer of a rival, Refused."""
    found = run(session, run_id)
    submission = session.get_one(Submission, found.submission_id)
    stake = submissions.stake_in(session, actor.account_id, submission)
    demand_open(actor, stake)
    rounds = [other for other in runs_of_submission(session, submission.id) if other.suite_id == found.suite_id]
    counts = _counting(rounds)
    return RunView(
        run=found,
        submission=submission,
        team=teams.team(session, submission.team_id),
        call=calls.call(session, submission.call_id),
        suite=calls.suite(session, found.suite_id),
        stake=stake,
        rounds=rounds,
        official=counts.id if counts else None,
        key_gone=submission.endpoint is not None and not keeps_key(session, submission.id),
    )


def runs_of_submission(session: Session, submission_id: int) -> list[Run]:
    """Return every run of a submission, in the order they were opened."""
    return list(session.scalars(select(Run).where(Run.submission_id == submission_id).order_by(Run.id)))


def result_of(session: Session, run_id: int) -> Result | None:
    """Return what a run reported, None unless it was scored."""
    return session.scalar(select(Result).where(Result.run_id == run_id))


def official_results(session: Session, suite_id: int) -> list[tuple[Submission, Run, Result | None]]:
    """Return for each submission the run of a suite that counts, in the order of submission.

    It is the newest ended round that says something about the submission; a round in which suite or platform
    failed takes nothing away from an earlier one, and counts only where there is no other.
    """
    query = (
        select(Submission, Run, Result)
        .join(Run, Run.submission_id == Submission.id)
        .outerjoin(Result, Result.run_id == Run.id)
        .where(Run.suite_id == suite_id, Run.state == RunState.ENDED)
        .order_by(Submission.number, Run.round, Run.id)
    )
    found: dict[int, list[tuple[Submission, Run, Result | None]]] = {}
    for submission, run_, result in session.execute(query):
        found.setdefault(submission.id, []).append((submission, run_, result))
    counting = []
    for rows in found.values():
        official = _counting([row[1] for row in rows])
        counting += [row for row in rows if row[1] is official]
    return counting


def _counting(rounds: list[Run]) -> Run | None:
    """Choose the round that counts; `rounds` are in the order they were opened."""
    ended = [round_ for round_ in rounds if round_.outcome is not None]
    telling = [round_ for round_ in ended if tells_of_submission(str(round_.outcome))]
    rounds = telling or ended
    return rounds[-1] if rounds else None


def speaking_runs(session: Session, submission_ids: Iterable[int]) -> dict[int, Run]:
    """Return for each submission that has runs the one that speaks for all of them.

    On each suite that is a round under way, else the round that counts. Of several suites one that failed speaks
    first, then one under way: a submission is scored only where all of them are.
    """
    query = select(Run).where(Run.submission_id.in_(list(submission_ids))).order_by(Run.id)
    found: dict[int, dict[int, list[Run]]] = {}
    for run_ in session.scalars(query):
        found.setdefault(run_.submission_id, {}).setdefault(run_.suite_id, []).append(run_)
    return {
        submission_id: min((_present(rounds) for rounds in suites.values()), key=_urgency)
        for submission_id, suites in found.items()
    }


def _present(rounds: Sequence[Run]) -> Run:
    return rounds[-1] if rounds[-1].outcome is None else _counting(list(rounds)) or rounds[-1]


def _urgency(run_: Run) -> int:
    if run_.outcome is None:
        return 1
    return 2 if run_.outcome is Outcome.SCORED else 0


def task_scores(result: Result, *, private: bool) -> list[TaskScore]:
    """Return the scores of a result; those of the private part only where asked for."""
    return scores_in(result.report, result.intervals, private=private)


def scores_in(report: str, intervals: str, *, private: bool) -> list[TaskScore]:
    """Return the scores in a report, with their intervals as they are kept beside it."""
    tasks, bounds = json.loads(report)["tasks"], json.loads(intervals)
    return [
        TaskScore(
            task["task"],
            task["part"],
            task["metric"],
            task["items"],
            task["score"],
            (found[0], found[1]) if found else None,
        )
        for task, found in zip_longest(tasks, bounds)
        if private or task["part"] == "public"
    ]


def notes_of(result: Result, *, private: bool) -> list[str]:
    """Return the engine's remarks on a result; those on the private part only where asked for."""
    return notes_in(result.report, private=private)


def notes_in(report: str, *, private: bool) -> list[str]:
    """Return the engine's remarks in a report."""
    notes = json.loads(report)["notes"]
    return list(dict.fromkeys(note["sentence"] for note in notes if private or note["part"] == "public"))
