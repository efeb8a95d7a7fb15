"""How a person stands to a team in a call, and what follows from it for those who run the call."""

from enum import StrEnum

from challenge.foundation.permits import Actor, NotFound, Role, WhyNot, demand


class Tie(StrEnum):
    """What ties a person to a team."""

    NONE = "none"
    MEMBER = "member"
    RIVAL = "rival"
    """A member of another team in the same call."""


def opens_to(actor: Actor, tie: Tie) -> bool:
    """Tell whether what a team keeps from others opens to a reader: its members, and an office without a stake in it.

    An admin or auditor who is of a team reads of it what its members read, and of its rivals nothing.
    """
    return tie is Tie.MEMBER or in_office(actor, tie)


def demand_open(actor: Actor, tie: Tie) -> None:
    """Raise NotFound where what is a team's does not open to a reader; Refused, with why, where they have an office."""
    if opens_to(actor, tie):
        return
    if actor.has(Role.ADMIN, Role.AUDITOR):
        demand(why_not_apart(tie, "what is a rival's is for other admins and auditors to see"))
    raise NotFound


def in_office(actor: Actor, tie: Tie) -> bool:
    """Tell whether somebody reads as an admin or auditor, who may know what is withheld from teams."""
    return actor.has(Role.ADMIN, Role.AUDITOR) and tie is Tie.NONE


def why_not_apart(tie: Tie, others: str) -> WhyNot:
    """An officer who is of a team in the call leaves it to another; `others` says to whom, and what they do."""
    match tie:
        case Tie.NONE:
            return None
        case Tie.MEMBER:
            return f"You are in this team; {others}."
        case Tie.RIVAL:
            return f"You are a member of another team in this call; {others}."
