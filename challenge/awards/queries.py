"""Reads decisions, awards, allocations with their usage, and obligations, each for those who may know of it."""

import json
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.awards import rules
from challenge.awards.burndown import Burndown, burndown
from challenge.awards.document import DecisionDocument, read_decision
from challenge.awards.months import month_of, months_of
from challenge.awards.records import Allocation, Award, Decision, Extension, Obligation, Usage
from challenge.awards.states import DecisionState
from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.permits import Actor, NotFound, WhyNot
from challenge.standings import queries as standings
from challenge.submissions import queries as submissions
from challenge.teams import queries as teams
from challenge.teams.records import Team
from challenge.teams.stakes import Stake, demand_open


def decision(session: Session, decision_id: int) -> Decision:
    """Return a decision whoever asks; raise NotFound if there is none."""
    found = session.get(Decision, decision_id)
    if found is None:
        raise NotFound
    return found


def decision_for(session: Session, actor: Actor, decision_id: int) -> Decision:
    """Return a decision that `actor` may know of; raise NotFound otherwise."""
    found = decision(session, decision_id)
    if found.state is not DecisionState.SIGNED and not reads_unsigned(session, actor, found.call_id):
        raise NotFound
    return found


def reads_unsigned(session: Session, actor: Actor, call_id: int) -> bool:
    """Tell whether somebody may know of a call's proposals."""
    return rules.may_read_unsigned(actor, competes=teams.is_competitor(session, actor.account_id, call_id))


def decisions_of(session: Session, call_id: int) -> list[Decision]:
    """Return every decision of a call, newest first, withdrawn ones among them; not for the public."""
    return list(session.scalars(select(Decision).where(Decision.call_id == call_id).order_by(Decision.number.desc())))


def latest_decision(session: Session, call_id: int) -> Decision | None:
    """Return a call's newest decision whatever its state; not for the public."""
    return next(iter(decisions_of(session, call_id)), None)


def decision_of(session: Session, call_id: int) -> Decision | None:
    """Return the signed decision of a call, None while there is none."""
    return session.scalar(select(Decision).where(Decision.call_id == call_id, Decision.state == DecisionState.SIGNED))


@lru_cache(maxsize=32)
def _read(text: str) -> DecisionDocument:
    return read_decision(json.loads(text))


def document_of(decision_: Decision) -> DecisionDocument:
    """Return what a decision says."""
    return _read(decision_.document)


def names_for(session: Session, actor: Actor, document: DecisionDocument) -> dict[str, str]:
    """Return teams' names by reference, as far as `actor` may know them.

    Winners and the reserve list are named by the decision itself; the others only by its board, which may
    be hidden or veiled.
    """
    named = {one.reference: one.team for one in (*document.outcome.winners, *document.outcome.reserve)}
    try:
        seen = standings.glance_for(session, actor, document.board.board_id)
        board = standings.standing_for(session, seen, document.board.version)
    except NotFound:
        return named
    return named if seen.veiled else {**standings.names_of(board), **named}


def award(session: Session, award_id: int) -> Award:
    """Return an award whoever asks; raise NotFound if there is none."""
    found = session.get(Award, award_id)
    if found is None:
        raise NotFound
    return found


def award_for(session: Session, actor: Actor, award_id: int) -> Award:
    """Return an award that `actor` may see; raise NotFound or, for an officer of a rival, Refused."""
    found = award(session, award_id)
    demand_open(actor, stake_in(session, actor.account_id, found))
    return found


def awards_of(session: Session, decision_id: int) -> list[Award]:
    """Return the awards of a signed decision in order, winners before the reserve list."""
    query = select(Award).where(Award.decision_id == decision_id).order_by(Award.position, Award.id)
    return list(session.scalars(query))


def call_of(session: Session, award_: Award) -> Call:
    """Return the call that an award belongs to."""
    return calls.call(session, decision(session, award_.decision_id).call_id)


def allocation(session: Session, allocation_id: int) -> Allocation:
    """Return an allocation; raise NotFound if there is none."""
    found = session.get(Allocation, allocation_id)
    if found is None:
        raise NotFound
    return found


def allocation_of(session: Session, award_id: int, allocation_id: int) -> Allocation:
    """Return an allocation of an award; raise NotFound if it is none of this award's."""
    found = allocation(session, allocation_id)
    if found.award_id != award_id:
        raise NotFound
    return found


def allocations_of(session: Session, award_id: int) -> list[Allocation]:
    """Return an award's allocations in the order of machines in the call."""
    return list(session.scalars(select(Allocation).where(Allocation.award_id == award_id).order_by(Allocation.id)))


def usage_of(session: Session, allocation_id: int) -> list[Usage]:
    """Return the hours reported on an allocation, month by month."""
    query = select(Usage).where(Usage.allocation_id == allocation_id).order_by(Usage.period)
    return list(session.scalars(query))


def burndown_of(session: Session, allocation_: Allocation, *, zone: str, now: datetime) -> Burndown:
    """Return what became of an allocation's hours over the months of its access time in `zone`, as of `now`."""
    periods = months_of(allocation_.access_starts, allocation_.access_ends, zone)
    reported = {usage.period: usage.hours for usage in usage_of(session, allocation_.id)}
    return burndown(allocation_.hours, periods, reported, present=month_of(now, zone))


def obligation(session: Session, obligation_id: int) -> Obligation:
    """Return an obligation; raise NotFound if there is none."""
    found = session.get(Obligation, obligation_id)
    if found is None:
        raise NotFound
    return found


def obligation_of(session: Session, award_id: int) -> Obligation | None:
    """Return an award's duty to release, None for a place on the reserve list without hours."""
    return session.scalar(select(Obligation).where(Obligation.award_id == award_id))


def duty_of(session: Session, award_: Award) -> Obligation:
    """Return an award's duty to release; raise NotFound for an award without one."""
    duty = obligation_of(session, award_.id)
    if duty is None:
        raise NotFound
    return duty


def stake_in(session: Session, account_id: int | None, award_: Award) -> Stake:
    """Return how somebody stands to the winner's team."""
    return submissions.stake_in(session, account_id, submissions.submission(session, award_.submission_id))


def why_not_prove(session: Session, actor: Actor, award_: Award) -> WhyNot:
    """Say why `actor` may not hand in a proof; raise NotFound for an award without a duty."""
    return rules.why_not_prove(stake_in(session, actor.account_id, award_), state=duty_of(session, award_).state)


def why_not_judge_proof(session: Session, actor: Actor, award_: Award) -> WhyNot:
    """Say why `actor` may not accept a proof or turn it down; raise NotFound for an award without a duty."""
    state = duty_of(session, award_).state
    return rules.why_not_judge_proof(actor, stake_in(session, actor.account_id, award_), state=state)


def why_not_extend(session: Session, actor: Actor, award_: Award) -> WhyNot:
    """Say why `actor` may not extend the time for a release; raise NotFound for an award without a duty."""
    state = duty_of(session, award_).state
    return rules.why_not_extend(actor, stake_in(session, actor.account_id, award_), state=state)


def extensions_of(session: Session, obligation_id: int) -> list[Extension]:
    """Return how a due date was put off, oldest first."""
    query = select(Extension).where(Extension.obligation_id == obligation_id).order_by(Extension.id)
    return list(session.scalars(query))


def obligations_of(session: Session, decision_id: int) -> list[tuple[Award, Team, Obligation]]:
    """Return whoever owes a release by a decision, with team and duty, in order."""
    rows = session.execute(
        select(Award, Team, Obligation)
        .join(Team, Team.id == Award.team_id)
        .join(Obligation, Obligation.award_id == Award.id)
        .where(Award.decision_id == decision_id)
        .order_by(Award.position, Award.id)
    )
    return [(award_, team, duty) for award_, team, duty in rows]
