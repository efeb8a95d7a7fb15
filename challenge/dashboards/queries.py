"""Reads across the rooms for the front page and for a team's desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from challenge.awards.records import Award, Decision
from challenge.awards.states import AwardKind, DecisionState
from challenge.calls import queries as calls
from challenge.calls.document import Phase, Rules
from challenge.calls.records import Call
from challenge.calls.states import CallState
from challenge.compliance import queries as compliance
from challenge.dashboards.desk import Line, Waiting, next_phase, team_tasks
from challenge.runs.queries import speaking_runs
from challenge.runs.records import Run
from challenge.standings.records import Board
from challenge.standings.states import Visibility
from challenge.submissions.fetch_endings import ENDINGS
from challenge.submissions.queries_fetches import fetches_of
from challenge.submissions.records import FinalChoice, Quota, Submission
from challenge.submissions.records_fetches import Fetch
from challenge.submissions.states import FetchOutcome
from challenge.teams.queries import ruling_of
from challenge.teams.records import Membership, Team


@dataclass(frozen=True)
class Winner:
    """A winner as the public sees it."""

    name: str
    country: str
    money_cents: int
    award_id: int


@dataclass(frozen=True)
class CallCard:
    """A call on the front page."""

    call: Call
    rules: Rules
    phase: Phase | None
    boards: list[Board]
    winners: list[Winner]
    teams: int | None
    """How many entered; only said once the call is frozen."""


def call_cards(session: Session, *, now: datetime) -> list[CallCard]:
    """Return every call that is not a draft, the next to close first, with what the public may know."""
    cards = []
    for call in calls.all_calls(session):
        rules = calls.rules_of(session, call)
        frozen = call.state is CallState.FROZEN
        entered = select(func.count(func.distinct(Submission.team_id))).where(Submission.call_id == call.id)
        cards.append(
            CallCard(
                call=call,
                rules=rules,
                phase=next_phase(rules, now),
                boards=published_boards(session, call.id),
                winners=winners_of(session, call.id),
                teams=session.scalar(entered) if frozen else None,
            )
        )
    return sorted(cards, key=lambda card: card.phase.closes.timestamp() if card.phase else float("inf"))


def published_boards(session: Session, call_id: int) -> list[Board]:
    """Return the boards of a call that everybody may see."""
    query = select(Board).where(Board.call_id == call_id, Board.visibility == Visibility.PUBLISHED)
    return list(session.scalars(query.order_by(Board.suite_id, Board.part.desc())))


def winners_of(session: Session, call_id: int) -> list[Winner]:
    """Return the winners of a call's signed decision in their order; none before it is signed."""
    query = (
        select(Team.name, Team.country, Award.money_cents, Award.id)
        .join(Award, Award.team_id == Team.id)
        .join(Decision, Decision.id == Award.decision_id)
        .where(Decision.call_id == call_id, Decision.state == DecisionState.SIGNED, Award.kind == AwardKind.WINNER)
        .order_by(Award.position)
    )
    return [Winner(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class TeamCard:
    """A team on its members' desk."""

    team: Team
    call: Call
    rules: Rules
    phase: Phase | None
    eligible: bool | None
    left: int | None
    lines: list[Line]
    tasks: list[Waiting]
    award: Award | None


def team_cards(session: Session, account_id: int, *, now: datetime) -> list[TeamCard]:
    """Return the teams of an account, newest first, with what became of their submissions."""
    query = (
        select(Team, Call)
        .join(Membership, Membership.team_id == Team.id)
        .join(Call, Call.id == Team.call_id)
        .where(Membership.account_id == account_id)
        .order_by(Team.id.desc())
    )
    return [_team_card(session, team, call, now) for team, call in session.execute(query)]


def _team_card(session: Session, team: Team, call: Call, now: datetime) -> TeamCard:
    rules = calls.rules_of(session, call)
    ruling = ruling_of(session, team.id)
    eligible = ruling.eligible if ruling else None
    open_phase = rules.open_phase(now)
    quota = session.get(Quota, (team.id, open_phase.key)) if open_phase else None
    lines = lines_of(session, team.id)
    award = session.scalar(
        select(Award).join(Decision).where(Award.team_id == team.id, Decision.state == DecisionState.SIGNED)
    )
    return TeamCard(
        team=team,
        call=call,
        rules=rules,
        phase=next_phase(rules, now),
        eligible=eligible,
        left=quota.allowed - quota.used if quota else (open_phase.submissions if open_phase else None),
        lines=lines,
        tasks=team_tasks(
            team_id=team.id,
            call_key=call.key,
            rules=rules,
            now=now,
            eligible=eligible,
            honour=team.honour_declared_at is not None,
            lines=lines,
        ),
        award=award,
    )


def lines_of(session: Session, team_id: int) -> list[Line]:
    """Return what became of each of a team's submissions, newest first."""
    found = list(
        session.scalars(select(Submission).where(Submission.team_id == team_id).order_by(Submission.number.desc()))
    )
    choice = session.get(FinalChoice, team_id)
    final = choice.submission_id if choice else (found[0].id if found else None)
    runs = speaking_runs(session, [submission.id for submission in found])
    verdicts = verdict_words(session, [submission.id for submission in found])
    fetches = fetches_of(session, [submission.id for submission in found if submission.hub])
    return [
        Line(
            reference=submission.reference,
            title=submission.title,
            submitted_at=submission.submitted_at,
            is_final=submission.id == final,
            run=_run_word(runs.get(submission.id)),
            run_id=runs[submission.id].id if submission.id in runs else None,
            licence=verdicts.get(submission.id, "waiting"),
            fetch=_fetch_word(fetches.get(submission.id)),
        )
        for submission in found
    ]


def verdict_words(session: Session, submission_ids: Sequence[int]) -> dict[int, str]:
    """Return the licence verdict in force of each submission: the officers', else the platform's."""
    found = compliance.verdicts_of(session, submission_ids)
    return {submission_id: str(verdict or "waiting") for submission_id, verdict in found.items()}


def _fetch_word(fetch: Fetch | None) -> str:
    if fetch is None or fetch.outcome is FetchOutcome.FETCHED:
        return ""
    if fetch.outcome is None:
        return "waiting"
    return "refused" if ENDINGS[fetch.outcome].is_teams else "failed"


def _run_word(run: Run | None) -> str:
    return "waiting" if run is None else str(run.outcome or run.state)
