"""What stake a person has in a team of a call, and what follows from it for those who run the call."""

from enum import StrEnum

from challenge.foundation.permits import Actor, NotFound, Role, WhyNot, demand


class Stake(StrEnum):
    """What a person has at stake in a team."""

    NONE = "none"
    MEMBER = "member"
    RIVAL = "rival"
    """A member of another team in the same call."""


def opens_to(actor: Actor, stake: Stake) -> bool:
    """Tell whether what a team keeps from others opens to a reader: its members, and an office without a stake in it.

    An admin or auditor who is of a team reads of it what its members read, and of its rivals nothing.
    """
    return stake is Stake.MEMBER or in_office(actor, stake)


def demand_open(actor: Actor, stake: Stake) -> None:
    """Raise NotFound where what is a team's does not open to a reader; Refused, with why, where they have an office."""
    if opens_to(actor, stake):
        return
    if actor.has(Role.ADMIN, Role.AUDITOR):
        demand(why_not_apart(stake, "only admins and auditors of no team in it may see this"))
    raise NotFound


def in_office(actor: Actor, stake: Stake) -> bool:
    """Tell whether somebody reads as an admin or auditor, who may know what is withheld from teams."""
    return actor.has(Role.ADMIN, Role.AUDITOR) and stake is Stake.NONE


def why_not_outside(others: str, *, competes: bool) -> WhyNot:
    """Whoever is of any team in a call leaves what concerns all of it to others; `others` says to whom, and what."""
    return f"You are a member of a team in this call; {others}." if competes else None


def why_not_apart(stake: Stake, others: str) -> WhyNot:
    """An officer who is of a team in the call leaves it to another; `others` says to whom, and what they do."""
    match stake:
        case Stake.NONE:
            return None
        case Stake.MEMBER:
            return f"You are in this team; {others}."
        case Stake.RIVAL:
            return f"You are a member of another team in this call; {others}."
