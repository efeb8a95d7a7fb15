"""What changes trials: ask for one, take it up, let it wait again, end it. No quota moves and no submission is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls.document import Rules
from challenge.calls.records import Call, CallSuite
from challenge.calls.states import EntryKind
from challenge.foundation.audit import write_line
from challenge.foundation.canonical import instant_text
from challenge.foundation.files import Stored
from challenge.foundation.leases import Leases
from challenge.foundation.permits import PLATFORM, Actor, Invalid, NotFound, demand
from challenge.foundation.sealing import Sealer
from challenge.runs.failures import class_of
from challenge.runs.operations_endings import LONGEST_EXPLANATION, LONGEST_PROBLEM, MOST_PROBLEMS
from challenge.runs.operations_queue import GIVEN_UP, counted
from challenge.runs.queries_queue import MOST_ATTEMPTS
from challenge.runs.queries_trials import trials_in_turn, trials_to_forget, tried
from challenge.runs.records_trials import Trial
from challenge.runs.rules_trials import NO_ENDPOINTS, trial_key_context, why_not_try
from challenge.runs.states import MOVES, Outcome, RunState
from challenge.submissions.endpoint import EndpointEntry, what_is_wrong_with
from challenge.submissions.queries import situation
from challenge.teams import queries as teams
from challenge.teams.records import Team

MOST_EVENTS = 300
TRIALS = Leases(
    record=Trial,
    key=Trial.id,
    waiting=RunState.WAITING,
    running=RunState.RUNNING,
    moves=MOVES,
    blank={"done": 0, "total": 0},
)


@dataclass(frozen=True)
class TrialClaim:
    """A trial in a worker's hands."""

    trial_id: int
    token: str
    suite_digest: str
    suite_sha256: str
    summary: str
    entry: EntryKind
    file_sha256: str
    endpoint: Mapping[str, str] | None = None
    sealed_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Tried:
    """What is tried: a file that lies in the store already, or an endpoint, with what seals its key."""

    file: Stored | None = None
    name: str = ""
    endpoint: EndpointEntry | None = None
    sealer: Sealer | None = None
    hosts: frozenset[str] = frozenset()
    """Hosts of endpoints that may be asked."""


@dataclass(frozen=True)
class TrialEnding:
    """How a trial went; files lie in the store already."""

    outcome: Outcome
    explanation: str = ""
    problems: Sequence[str] = ()
    report: str = ""
    intervals: str = "[]"
    items_sha256: str = ""
    papers: Mapping[str, str] | None = None


def ask_trial(
    session: Session,
    *,
    actor: Actor,
    call: Call,
    rules: Rules,
    team: Team,
    suite: CallSuite,
    entry: Tried,
    now: datetime,
) -> Trial:
    """Let a file or an endpoint wait to be tried; raise Refused where a rule says no, Invalid where it will not do."""
    if team.call_id != call.id or suite.call_id != call.id:
        raise NotFound
    team = teams.held(session, team)  # trials of one team that are asked for at once are counted one after the other
    there = situation(session, actor=actor, call=call, rules=rules, team=team, now=now)
    demand(why_not_try(there, tried=tried(session, team.id, now=now)))
    endpoint = _checked(entry, rules, suite)
    trial = Trial(
        team_id=team.id,
        suite_id=suite.id,
        asked_by=actor.account_id or 0,
        asked_at=now,
        entry=EntryKind.ENDPOINT if endpoint else suite.takes,
        file_sha256=entry.file.sha256 if entry.file else "",
        file_name=f"{endpoint.model} at {endpoint.url}"[:200] if endpoint else entry.name[:200],
        file_size=entry.file.size if entry.file else 0,
        endpoint=endpoint.facts if endpoint else None,
        state=RunState.WAITING,
        attempts=0,
        events=[[instant_text(now), "It waits for a worker that has no run to do."]],
    )
    session.add(trial)
    session.flush()
    if endpoint and entry.sealer:
        trial.sealed_key = entry.sealer.seal(endpoint.key, context=trial_key_context(trial.id))
    particulars: dict[str, object] = {"team": team.id, "suite": suite.key, "file": trial.file_sha256}
    if endpoint:
        particulars["endpoint"] = endpoint.facts
    write_line(session, actor=actor, verb="ask_trial", subject=f"trial {trial.id}", now=now, particulars=particulars)
    return trial


def _checked(entry: Tried, rules: Rules, suite: CallSuite) -> EndpointEntry | None:
    """Return the endpoint that is to be tried, None for a file; raise Invalid where it will not do."""
    if entry.endpoint is None:
        return None
    if not rules.endpoints or suite.takes is not EntryKind.MODEL:
        raise Invalid(NO_ENDPOINTS)
    if entry.sealer is None:
        raise LookupError("An endpoint is to be tried without a sealer for its key.")
    endpoint = entry.endpoint.tidy()
    for name, sentence in what_is_wrong_with(endpoint, entry.hosts):
        raise Invalid(sentence, name)
    return endpoint


def claim_trial(session: Session, *, lease: timedelta, now: datetime, models: bool) -> TrialClaim | None:
    """Take the oldest trial that waits or was deserted; None if there is none."""
    trial = TRIALS.take(session, trials_in_turn(now, models=models), lease=lease, now=now)
    if trial is None:
        return None
    suite = session.get_one(CallSuite, trial.suite_id)
    _note(trial, f"A worker took it up; attempt {trial.attempts} of {MOST_ATTEMPTS}.", now)
    return TrialClaim(
        trial.id, trial.token or "", suite.digest, suite.file_sha256, suite.summary, trial.entry, trial.file_sha256,
        trial.endpoint, trial.sealed_key,
    )  # fmt: skip


def beat_trial(
    session: Session,
    *,
    claim: TrialClaim,
    done: int,
    total: int,
    lease: timedelta,
    now: datetime,
    sentences: Sequence[str] = (),
) -> bool:
    """Renew a trial's lease and note how far it is; False where the lease is lost."""
    how_far = {"done": counted(done), "total": counted(total)}
    trial = TRIALS.renew(session, claim.trial_id, claim.token, lease=lease, now=now, **how_far)
    if trial is None:
        return False
    for sentence in sentences:
        _note(trial, sentence, now)
    return True


def give_way(session: Session, *, claim: TrialClaim, now: datetime) -> bool:
    """Let a trial wait again, because a run waits or the worker is leaving; the attempt does not count."""
    trial = TRIALS.held(session, claim.trial_id, claim.token)
    if trial is None:
        return False
    trial.attempts -= 1
    TRIALS.let_go(trial, RunState.WAITING)
    _note(trial, "It gave way to a run, or its worker is leaving; it waits again.", now)
    return True


def end_trial(session: Session, *, claim: TrialClaim, ending: TrialEnding, now: datetime) -> bool:
    """End a trial with what came of it; False where another holds it by now."""
    trial = TRIALS.held(session, claim.trial_id, claim.token)
    if trial is None:
        return False
    trial.report, trial.intervals, trial.items_sha256 = ending.report, ending.intervals, ending.items_sha256
    trial.papers = dict(ending.papers or {})
    _end(session, trial, ending.outcome, ending.explanation, ending.problems, now)
    return True


def give_up_trials(session: Session, *, now: datetime) -> int:
    """End the trials that were taken up and deserted too often; return how many."""
    query = select(Trial).where(
        Trial.state == RunState.RUNNING, Trial.lease_until <= now, Trial.attempts >= MOST_ATTEMPTS
    )
    deserted = list(session.scalars(query.with_for_update(skip_locked=True)))
    for trial in deserted:
        _end(session, trial, Outcome.ABANDONED, GIVEN_UP, (), now)
    return len(deserted)


def forget_trial(session: Session, *, days: int, now: datetime) -> bool:
    """Let go of the file and the results of a trial that ended so many days ago; False if there is none.

    How it ended stays. Its files stay in the store until that is cleared, for other records may speak of them.
    """
    query = trials_to_forget(now - timedelta(days=days)).limit(1).with_for_update(skip_locked=True)
    trial = session.scalar(query)
    if trial is None:
        return False
    trial.file_sha256 = trial.items_sha256 = trial.report = ""
    trial.intervals, trial.papers = "[]", {}
    _note(trial, f"Its file and its results were deleted, {days} days after its end.", now)
    session.flush()
    write_line(session, actor=PLATFORM, verb="forget_trial", subject=f"trial {trial.id}", now=now)
    return True


def _end(
    session: Session, trial: Trial, outcome: Outcome, explanation: str, problems: Sequence[str], now: datetime
) -> None:
    TRIALS.let_go(trial, RunState.ENDED)
    trial.outcome, trial.ended_at = outcome, now
    trial.sealed_key = ""
    trial.explanation = explanation[:LONGEST_EXPLANATION]
    trial.problems = [problem[:LONGEST_PROBLEM] for problem in problems[:MOST_PROBLEMS]]
    _note(trial, f"It ended: {class_of(outcome).title.lower()}.", now)
    session.flush()
    particulars: dict[str, object] = {"outcome": outcome.value, "attempts": trial.attempts}
    write_line(session, actor=PLATFORM, verb="end_trial", subject=f"trial {trial.id}", now=now, particulars=particulars)


def _note(trial: Trial, sentence: str, now: datetime) -> None:
    trial.events = [*trial.events, [instant_text(now), sentence]][-MOST_EVENTS:]
