"""What changes who is in a team: invite, withdraw an invitation, join, leave, remove, hand over."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.foundation.audit import write_line
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, NotFound, Refused, demand
from challenge.teams import queries, rules
from challenge.teams.records import Invitation, Membership, Team
from challenge.teams.rules import CallMoment

INVITATION_LASTS = timedelta(days=7)
MET_ANOTHER = "You joined a team of this call at this very moment; a person has one team a call."


def invite(session: Session, *, actor: Actor, team: Team, now: datetime) -> tuple[Invitation, str]:
    """Make an invitation and return it with its token, which is kept only as a hash; raise Refused."""
    team = queries.held(session, team)
    demand(
        rules.why_not_invite(
            _moment(session, team, now),
            is_captain=queries.is_captain(session, team.id, actor.account_id),
            members=len(queries.members_of(session, team.id)),
        )
    )
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        token_hash=queries.token_hash(token),
        team_id=team.id,
        made_by=actor.account_id or 0,
        made_at=now,
        ends_at=now + INVITATION_LASTS,
    )
    session.add(invitation)
    session.flush()
    _note(session, actor, "invite", team, now, {"invitation": invitation.id})
    return invitation, token


def withdraw_invitation(session: Session, *, actor: Actor, invitation: Invitation, now: datetime) -> None:
    """Make an invitation worthless; raise Refused where it was used, or the actor is not the captain."""
    team = queries.team(session, invitation.team_id)
    demand(None if queries.is_captain(session, team.id, actor.account_id) else rules.NOT_CAPTAIN)
    withdrawn = _change_unused(session, invitation, {"withdrawn_at": now})
    demand(None if withdrawn else "This invitation was used or withdrawn already.")
    _note(session, actor, "withdraw_invitation", team, now, {"invitation": invitation.id})


def join(session: Session, *, actor: Actor, token: str, now: datetime) -> Team:
    """Take the place that an invitation offers; raise NotFound for an unknown token, Refused with the reason."""
    invitation = queries.invitation_by_token(session, token)
    team = queries.held(session, queries.team(session, invitation.team_id))
    own = queries.team_of(session, call_id=team.call_id, account_id=actor.account_id)
    demand(
        rules.why_not_join(
            _moment(session, team, now),
            actor,
            withdrawn=invitation.withdrawn_at is not None,
            used=invitation.used_at is not None,
            ends_at=invitation.ends_at,
            own_team=own.name if own else None,
            members=len(queries.members_of(session, team.id)),
        )
    )
    # of two who follow one link at the same moment, the statement lets one in
    taken = _change_unused(session, invitation, {"used_at": now, "used_by": actor.account_id})
    demand(None if taken else "This invitation was used already; each serves one person. Ask for a new one.")
    _take_place(session, team, actor, now)
    for membership, account in queries.members_of(session, team.id):
        if membership.is_captain:
            body = f"{actor.name} followed your invitation and is a member of team {team.name} now."
            write_letter(session, account_id=account.id, subject=f"{actor.name} joined your team", body=body, now=now)
    _note(session, actor, "join", team, now, {"invitation": invitation.id})
    return team


def leave(session: Session, *, actor: Actor, team: Team, now: datetime) -> None:
    """Give up one's place in a team; what was handed in stays with the team. Raise Refused."""
    team = queries.held(session, team)
    membership = queries.membership_of(session, team.id, actor.account_id)
    others = [account for _, account in queries.members_of(session, team.id) if account.id != actor.account_id]
    demand(
        rules.why_not_leave(
            _moment(session, team, now),
            is_member=membership is not None,
            is_captain=membership is not None and membership.is_captain,
            others=len(others),
        )
    )
    session.delete(membership)
    session.flush()
    for account in others:
        body = f"{actor.name} left team {team.name}. What the team handed in stays as it is."
        write_letter(session, account_id=account.id, subject=f"{actor.name} left your team", body=body, now=now)
    _note(session, actor, "leave", team, now, {"members_left": len(others)})


def remove_member(session: Session, *, actor: Actor, team: Team, account_id: int, now: datetime) -> None:
    """Take a member's place away and tell them; raise Refused, NotFound where there is no such member."""
    team = queries.held(session, team)
    demand(
        rules.why_not_remove(
            _moment(session, team, now),
            is_captain=queries.is_captain(session, team.id, actor.account_id),
            oneself=account_id == actor.account_id,
        )
    )
    session.delete(_place_of(session, team, account_id))
    session.flush()
    body = f"{actor.name}, the captain, removed you from team {team.name}. You may join another team of the call."
    write_letter(session, account_id=account_id, subject=f"You are no longer in {team.name}", body=body, now=now)
    _note(session, actor, "remove_member", team, now, {"account": account_id})


def hand_over(session: Session, *, actor: Actor, team: Team, account_id: int, now: datetime) -> None:
    """Make another member the captain; raise Refused, NotFound where there is no such member."""
    team = queries.held(session, team)
    demand(
        rules.why_not_hand_over(
            is_captain=queries.is_captain(session, team.id, actor.account_id), oneself=account_id == actor.account_id
        )
    )
    new, old = _place_of(session, team, account_id), _place_of(session, team, actor.account_id or 0)
    old.is_captain, new.is_captain = False, True
    body = f"{actor.name} handed team {team.name} over to you: you invite, declare and choose for it now."
    write_letter(session, account_id=account_id, subject=f"You are captain of {team.name}", body=body, now=now)
    _note(session, actor, "hand_over", team, now, {"account": account_id})


def _change_unused(session: Session, invitation: Invitation, values: dict[str, object]) -> bool:
    """Change an invitation in one statement, only if it is neither used nor withdrawn; tell whether it was."""
    unused = (Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
    changed = session.execute(update(Invitation).where(*unused).values(**values))
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def _take_place(session: Session, team: Team, actor: Actor, now: datetime) -> None:
    place = Membership(
        team_id=team.id, account_id=actor.account_id or 0, call_id=team.call_id, is_captain=False, joined_at=now
    )
    try:
        with session.begin_nested():
            session.add(place)
    except IntegrityError:
        raise Refused(MET_ANOTHER) from None


def _place_of(session: Session, team: Team, account_id: int) -> Membership:
    found = queries.membership_of(session, team.id, account_id)
    if found is None:
        raise NotFound
    return found


def _moment(session: Session, team: Team, now: datetime) -> CallMoment:
    return queries.moment_of(session, calls.call(session, team.call_id), now)


def _note(session: Session, actor: Actor, verb: str, team: Team, now: datetime, particulars: dict[str, object]) -> None:
    write_line(session, actor=actor, verb=verb, subject=f"team {team.id}", now=now, particulars=particulars)
