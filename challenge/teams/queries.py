"""Reads teams, their members, their invitations and the rulings on them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation import earlier
from challenge.foundation.earlier import History
from challenge.foundation.permits import Actor, NotFound
from challenge.people.records import Account
from challenge.teams.organisation import OrganisationFacts
from challenge.teams.records import EligibilityRuling, Invitation, Membership, Team
from challenge.teams.rules import CallMoment
from challenge.teams.stakes import Stake, demand_open


@dataclass(frozen=True)
class TeamLine:
    """A team as a list shows it."""

    team: Team
    members: int
    eligible: bool


def team(session: Session, team_id: int) -> Team:
    """Return a team; raise NotFound if there is none."""
    found = session.get(Team, team_id)
    if found is None:
        raise NotFound
    return found


def held(session: Session, team_: Team) -> Team:
    """Return a team as it is now, its row held until the transaction ends, so that its changes take turns."""
    # "key share" lets others refer to the team meanwhile: only changes of the team itself wait
    found = session.get(Team, team_.id, with_for_update={"key_share": True}, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def team_for(session: Session, actor: Actor, team_id: int) -> Team:
    """Return a team that `actor` may see; raise NotFound or, for an officer of a rival, Refused."""
    found = team(session, team_id)
    demand_open(actor, stake_in(session, actor.account_id, found))
    return found


def stake_of(session: Session, account_id: int | None, *, team_id: int, call_id: int) -> Stake:
    """Return how a person stands to a team in a call; `account_id` is None for a visitor, who is tied to none."""
    if account_id is None:
        return Stake.NONE
    here = (Membership.call_id == call_id, Membership.account_id == account_id)
    own = session.scalar(select(Membership.team_id).where(*here))
    return Stake.NONE if own is None else Stake.MEMBER if own == team_id else Stake.RIVAL


def stake_in(session: Session, account_id: int | None, team_: Team) -> Stake:
    """Return how a person stands to a team."""
    return stake_of(session, account_id, team_id=team_.id, call_id=team_.call_id)


def competes(account_id: int | None, call_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that a person is a member of a team in the call of a row."""
    return exists().where(Membership.call_id == call_id, Membership.account_id == account_id)


def is_competitor(session: Session, account_id: int | None, call_id: int) -> bool:
    """Tell whether a person is a member of a team in a call; `account_id` is None for a visitor, who is of none."""
    here = (Membership.call_id == call_id, Membership.account_id == account_id)
    return account_id is not None and session.scalar(select(Membership.team_id).where(*here)) is not None


def competitors_of(session: Session, call_id: int) -> frozenset[int]:
    """Return the accounts of everybody who is a member of a team in a call."""
    return frozenset(session.scalars(select(Membership.account_id).where(Membership.call_id == call_id)))


def team_of(session: Session, *, call_id: int, account_id: int | None) -> Team | None:
    """Return the team of a person in a call."""
    return session.scalar(
        select(Team)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.call_id == call_id, Membership.account_id == account_id)
    )


def teams_of_account(session: Session, account_id: int) -> list[Team]:
    """Return the teams a person is in, newest first."""
    return list(
        session.scalars(
            select(Team)
            .join(Membership, Membership.team_id == Team.id)
            .where(Membership.account_id == account_id)
            .order_by(Team.id.desc())
        )
    )


def teams_of_call(session: Session, call_id: int) -> list[Team]:
    """Return the teams of a call by name."""
    return list(session.scalars(select(Team).where(Team.call_id == call_id).order_by(Team.name, Team.id)))


def lines_of_call(session: Session, call_id: int) -> list[TeamLine]:
    """Return the teams of a call by name, each with its number of members and whether it is eligible."""
    places = session.execute(
        select(Membership.team_id, func.count()).where(Membership.call_id == call_id).group_by(Membership.team_id)
    )
    counted = dict(places.all())
    eligible = eligible_team_ids(session, call_id)
    return [TeamLine(each, counted.get(each.id, 0), each.id in eligible) for each in teams_of_call(session, call_id)]


def look_alike(session: Session, *, call_id: int, skeleton: str, except_id: int | None = None) -> Team | None:
    """Return another team of the call whose name looks like this one to the eye."""
    query = select(Team).where(Team.call_id == call_id, Team.skeleton == skeleton)
    if except_id is not None:
        query = query.where(Team.id != except_id)
    return session.scalar(query)


def members_of(session: Session, team_id: int) -> list[tuple[Membership, Account]]:
    """Return the members with their accounts, the captain first, then in the order they joined."""
    rows = session.execute(
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.team_id == team_id)
        .order_by(Membership.is_captain.desc(), Membership.joined_at, Account.id)
    )
    return [(membership, account) for membership, account in rows]


def membership_of(session: Session, team_id: int, account_id: int | None) -> Membership | None:
    """Return a person's place in a team, None if they have none."""
    return session.get(Membership, (team_id, account_id)) if account_id is not None else None


def is_member(session: Session, team_id: int, account_id: int | None) -> bool:
    """Tell whether a person is in a team."""
    return _is_captain(session, team_id, account_id) is not None


def is_captain(session: Session, team_id: int, account_id: int | None) -> bool:
    """Tell whether a person is the captain of a team."""
    return bool(_is_captain(session, team_id, account_id))


def _is_captain(session: Session, team_id: int, account_id: int | None) -> bool | None:
    """Ask the table itself, not what the session remembers; None where there is no such member."""
    here = (Membership.team_id == team_id, Membership.account_id == account_id)
    return session.scalar(select(Membership.is_captain).where(*here)) if account_id is not None else None


def rulings_of(session: Session, team_id: int) -> list[EligibilityRuling]:
    """Return every ruling on a team, newest first."""
    return list(
        session.scalars(
            select(EligibilityRuling).where(EligibilityRuling.team_id == team_id).order_by(EligibilityRuling.id.desc())
        )
    )


def ruling_of(session: Session, team_id: int) -> EligibilityRuling | None:
    """Return the ruling in force: the latest of an admin if there is one, else the platform's latest test."""
    rulings = rulings_of(session, team_id)
    return next((ruling for ruling in rulings if ruling.made_by is not None), rulings[0] if rulings else None)


def test_of(session: Session, team_id: int) -> EligibilityRuling | None:
    """Return the platform's own latest test of a team, also where an admin ruled otherwise."""
    return next((ruling for ruling in rulings_of(session, team_id) if ruling.made_by is None), None)


def eligible_team_ids(session: Session, call_id: int) -> set[int]:
    """Return the teams of a call that may win: ruled eligible, and not left by their last member."""
    rows = session.execute(
        select(EligibilityRuling.team_id, EligibilityRuling.eligible, EligibilityRuling.made_by)
        .join(Team, Team.id == EligibilityRuling.team_id)
        .where(Team.call_id == call_id)
        .order_by(EligibilityRuling.id)
    )
    tested: dict[int, bool] = {}
    ruled: dict[int, bool] = {}
    for team_id, eligible, made_by in rows:
        (tested if made_by is None else ruled)[team_id] = eligible
    alive = set(session.scalars(select(Membership.team_id).where(Membership.call_id == call_id).distinct()))
    return {team_id for team_id, eligible in {**tested, **ruled}.items() if eligible} & alive


def invitations_of(session: Session, team_id: int) -> list[Invitation]:
    """Return the invitations of a team, newest first."""
    return list(session.scalars(select(Invitation).where(Invitation.team_id == team_id).order_by(Invitation.id.desc())))


def invitation_by_token(session: Session, token: str) -> Invitation:
    """Return the invitation that a link carries; raise NotFound if there is none."""
    found = session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    if found is None:
        raise NotFound
    return found


def token_hash(token: str) -> str:
    """Return the form in which an invitation's token is kept."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def facts_of(team_: Team) -> OrganisationFacts:
    """Return what a team says about itself."""
    return OrganisationFacts(
        name=team_.name,
        country=team_.country,
        controlled_from=team_.controlled_from,
        headcount=team_.headcount,
        turnover_cents=team_.turnover_cents,
        balance_cents=team_.balance_cents,
        founded=team_.founded,
        registration=team_.registration,
        experience=team_.experience,
    )


def moment_of(session: Session, call: Call, now: datetime) -> CallMoment:
    """Return where a call stands at `now`."""
    rules = calls.rules_of(session, call)
    return CallMoment(state=call.state, last_deadline=rules.last_deadline, zone=rules.zone, now=now)


def history_of(session: Session, team_id: int) -> History:
    """Return what the log says about a team, newest first: who founded, joined, left, changed and ruled."""
    return earlier.history_of(session, f"team {team_id}")
