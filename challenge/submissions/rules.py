"""Who may hand in, choose, grant and see: pure, and in the sentences that pages show."""

from dataclasses import dataclass
from datetime import datetime

from challenge.calls.document import UPLOAD_GRACE, Phase, PhaseKind, Rules
from challenge.calls.states import CallState
from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.submissions.fetch_endings import ENDINGS
from challenge.submissions.states import FetchOutcome
from challenge.teams.prose import moment
from challenge.teams.rules import CallMoment
from challenge.teams.stakes import Stake, why_not_apart

MOST_GRANTED = 100
LEAST_REASON = 10
NOT_MEMBER = "Only members of the team may hand in for it."
SENT_OTHERWISE = (
    "This form was sent before with other files, and that submission is accepted. Open the page again to hand in more."
)


@dataclass(frozen=True)
class Situation:
    """Everything on which it depends whether a team may hand in at an instant."""

    state: CallState
    rules: Rules
    now: datetime
    is_member: bool
    eligible: bool
    reasons: tuple[str, ...]
    """Why not eligible, each in words."""
    used: int
    allowed: int


def why_not_submit(situation: Situation) -> WhyNot:
    """A member hands in for an eligible team, in an open phase, while places are left."""
    if not situation.is_member:
        return NOT_MEMBER
    if situation.state is CallState.DRAFT:
        return "The call is not open yet."
    if situation.state is CallState.FROZEN:
        return "The organiser has frozen the call; it takes no more submissions."
    phase = situation.rules.open_phase(situation.now)
    if phase is None:
        return why_closed(situation.rules, situation.now)
    if not situation.eligible:
        return "Your team is not eligible yet. " + " ".join(situation.reasons)
    if situation.used >= situation.allowed:
        return no_place(phase, situation.allowed)
    return None


def why_closed(rules: Rules, now: datetime) -> str:
    """Say when the call takes submissions, where it takes none at `now`: in its own zone and in UTC."""
    phases = [phase for phase in rules.phases if phase.kind is PhaseKind.SUBMISSION]
    arrived = f"Your request reached us at {moment(now, rules.zone)}."
    coming = [phase for phase in phases if now < phase.opens]
    if coming:
        first = min(coming, key=lambda phase: phase.opens)
        return f"{first.title} opens on {moment(first.opens, rules.zone)}. {arrived}"
    return f"Submission closed on {moment(rules.last_deadline, rules.zone)}. {arrived}"


def no_place(phase: Phase, allowed: int) -> str:
    """Say that a team's places are used up."""
    places = "place is" if allowed == 1 else "places are"
    return (
        f"All {allowed} {places} used in the phase {phase.title}. "
        "A place comes back where the fault is the platform's, and for the first files that cannot be read."
    )


def why_not_finish(phase: Phase, *, arrived: datetime, finished: datetime, zone: str) -> WhyNot:
    """An upload that began in time may end a little after the deadline, but not as late as its sender likes."""
    if phase.covers(finished) or finished - arrived <= UPLOAD_GRACE:
        return None
    return (
        f"Your upload began in time, but was not complete {int(UPLOAD_GRACE.total_seconds()) // 60} minutes later; "
        f"submission closed on {moment(phase.closes, zone)}."
    )


def why_not_choose_final(call: CallMoment, *, is_captain: bool) -> WhyNot:
    """The captain names the final submission until the last deadline."""
    if not is_captain:
        return "Only the captain chooses the final submission."
    return f"The final submission stands as it is: {call.ended}." if call.is_over else None


def why_not_grant(actor: Actor, stake: Stake) -> WhyNot:
    """Only an admin grants more places, and never to their own team or its rivals."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may grant more submissions."
    return why_not_apart(stake, "another admin has to grant")


def why_not_retry_fetch(actor: Actor, stake: Stake, *, outcome: FetchOutcome | None) -> WhyNot:
    """An admin of no team in the call has a model fetched again after a fault of the platform's or the hub's."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may have a model fetched again."
    if refused := why_not_apart(stake, "another admin has to ask for it"):
        return refused
    if outcome is None:
        return "It is being fetched, or waits for it already."
    if ENDINGS[outcome].is_teams:
        return "The fetching did not end by a fault of the platform or the hub."
    return None
