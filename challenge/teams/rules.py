"""Who may do what with a team: pure, and in the sentences that pages show."""

from dataclasses import dataclass
from datetime import datetime

from challenge.calls.states import CallState
from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.teams.prose import moment
from challenge.teams.stakes import Stake, why_not_apart, why_not_outside

LEAST_REASON = 10
MOST_MEMBERS = 50
"""Larger than any team needs to be; a bound, so that invitations cannot be spread without end."""

NOT_CAPTAIN = "Only the captain of the team may do this."
NOT_MEMBER = "Only members of the team may do this."


@dataclass(frozen=True)
class CallMoment:
    """Where a call stands at the instant of a request."""

    state: CallState
    last_deadline: datetime
    zone: str
    now: datetime

    @property
    def is_over(self) -> bool:
        """Tell whether no submission is taken any more, ever."""
        return self.state is CallState.FROZEN or self.now >= self.last_deadline

    @property
    def ended(self) -> str:
        """Say in words since when entries are closed."""
        if self.now >= self.last_deadline:
            return f"the last deadline passed on {moment(self.last_deadline, self.zone)}"
        return "the organiser has frozen the call"


def why_not_found(actor: Actor, call: CallMoment, *, own_team: str | None) -> WhyNot:
    """A person founds one team a call, while it is open; who runs or judges calls does not enter them."""
    if not actor.signed_in:
        return "Sign in to found a team."
    if actor.has(Role.ADMIN, Role.JUDGE, Role.AUDITOR):
        return "Admins, judges and auditors do not enter calls. Use an account without these roles."
    if call.state is CallState.DRAFT:
        return "The call is not open yet. Teams are founded once it is."
    if call.is_over:
        return f"No team can be founded any more: {call.ended}."
    return _why_not_second(own_team)


def why_not_change_facts(call: CallMoment, *, is_captain: bool) -> WhyNot:
    """Only the captain changes facts, and only while entries are open, because winners were judged by them."""
    if not is_captain:
        return NOT_CAPTAIN
    return f"The facts of a team stand as they are: {call.ended}." if call.is_over else None


def why_not_invite(call: CallMoment, *, is_captain: bool, members: int) -> WhyNot:
    """Only the captain invites, while the roster may still change."""
    if not is_captain:
        return NOT_CAPTAIN
    if members >= MOST_MEMBERS:
        return f"A team has at most {MOST_MEMBERS} members."
    return _why_not_roster(call)


def why_not_join(
    call: CallMoment,
    actor: Actor,
    *,
    withdrawn: bool,
    used: bool,
    ends_at: datetime,
    own_team: str | None,
    members: int,
) -> WhyNot:
    """An invitation serves one person, once, for a while; a person has one team a call."""
    if actor.has(Role.ADMIN, Role.JUDGE, Role.AUDITOR):
        return "Admins, judges and auditors do not enter calls. Use an account without these roles."
    second = _why_not_second(own_team)
    if second:
        return second
    if withdrawn:
        return "The captain has withdrawn this invitation. Ask for a new one."
    if used:
        return "This invitation was used already; each serves one person. Ask the captain for a new one."
    if call.now >= ends_at:
        return f"This invitation ended on {moment(ends_at, call.zone)}. Ask the captain for a new one."
    if members >= MOST_MEMBERS:
        return f"A team has at most {MOST_MEMBERS} members."
    return _why_not_roster(call)


def why_not_leave(call: CallMoment, *, is_member: bool, is_captain: bool, others: int) -> WhyNot:
    """A member leaves while the roster may change; a captain first hands the team over to another member."""
    if not is_member:
        return NOT_MEMBER
    if is_captain and others:
        return "You are the captain. Hand the team over to another member first, then leave."
    return _why_not_roster(call)


def why_not_remove(call: CallMoment, *, is_captain: bool, oneself: bool) -> WhyNot:
    """Only the captain removes a member, and not the captain."""
    if not is_captain:
        return NOT_CAPTAIN
    if oneself:
        return "You cannot remove yourself; hand the team over, then leave it."
    return _why_not_roster(call)


def why_not_hand_over(*, is_captain: bool, oneself: bool) -> WhyNot:
    """Only the captain hands the team over, at any time: somebody must be able to speak for it until the end."""
    if not is_captain:
        return NOT_CAPTAIN
    return "You are the captain already." if oneself else None


def why_not_list(*, competes: bool) -> WhyNot:
    """Who runs calls or audits them lists the teams of a call and what they handed in, unless they compete in it."""
    return why_not_outside("its lists are for others to read", competes=competes)


def why_not_override(actor: Actor, stake: Stake) -> WhyNot:
    """Only an admin rules otherwise than the test does, and never on their own team or its rivals."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may rule on eligibility."
    return why_not_apart(stake, "another admin has to rule")


def _why_not_roster(call: CallMoment) -> WhyNot:
    return f"The members of a team stand as they are: {call.ended}." if call.is_over else None


def _why_not_second(own_team: str | None) -> WhyNot:
    return f"You are in team {own_team} of this call already; a person has one team a call." if own_team else None
