"""Reads trials: a team's own, how many it had within a day, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.records import Call, CallSuite
from challenge.calls.states import EntryKind
from challenge.foundation.permits import Actor, NotFound
from challenge.runs.queries_queue import MOST_ATTEMPTS
from challenge.runs.records_trials import Trial
from challenge.runs.states import RunState
from challenge.teams import queries as teams
from challenge.teams.records import Team
from challenge.teams.stakes import Stake, demand_open

A_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class TrialView:
    """A trial with all that its page needs."""

    trial: Trial
    team: Team
    call: Call
    suite: CallSuite
    stake: Stake


def trial_for(session: Session, actor: Actor, trial_id: int) -> TrialView:
    """Return a trial with its surroundings; raise NotFound or, for an officer of a rival, Refused."""
    trial = session.get(Trial, trial_id)
    if trial is None:
        raise NotFound
    team = teams.team(session, trial.team_id)
    stake = teams.stake_in(session, actor.account_id, team)
    demand_open(actor, stake)
    suite = calls.suite(session, trial.suite_id)
    return TrialView(trial, team, calls.call(session, suite.call_id), suite, stake)


def trials_of(session: Session, team_id: int, *, limit: int = 20) -> list[Trial]:
    """Return a team's trials, newest first."""
    query = select(Trial).where(Trial.team_id == team_id).order_by(Trial.id.desc()).limit(limit)
    return list(session.scalars(query))


def tried(session: Session, team_id: int, *, now: datetime) -> int:
    """Count a team's trials within the last 24 hours."""
    counted = select(func.count()).where(Trial.team_id == team_id, Trial.asked_at > now - A_DAY)
    return session.scalar(counted) or 0


def waiting_trials(session: Session) -> int:
    """Count the trials that wait."""
    return session.scalar(select(func.count()).where(Trial.state == RunState.WAITING)) or 0


def events_in(trial: Trial) -> list[tuple[datetime, str]]:
    """Return what happened to a trial, oldest first."""
    return [(datetime.fromisoformat(at), sentence) for at, sentence in trial.events]


def trials_to_forget(before: datetime) -> Select[Trial]:
    """Return the trials that ended before an instant and of which there is a file or a result left."""
    left = or_(Trial.file_sha256 != "", Trial.items_sha256 != "", Trial.report != "")
    return select(Trial).where(Trial.state == RunState.ENDED, Trial.ended_at <= before, left).order_by(Trial.id)


def trials_in_turn(now: datetime, *, models: bool) -> Select[int]:
    """Return the trials that may be taken up, the oldest first; without `models`, those of models are left out."""
    deserted = and_(Trial.state == RunState.RUNNING, Trial.lease_until <= now)
    return (
        select(Trial.id)
        .where(or_(Trial.state == RunState.WAITING, deserted), Trial.attempts < MOST_ATTEMPTS)
        .where(true() if models else Trial.entry != EntryKind.MODEL)
        .order_by(Trial.id)
    )
