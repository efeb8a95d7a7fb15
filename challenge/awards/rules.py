"""Who may decide, report and accept, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from challenge.awards.states import DecisionState, ObligationState
from challenge.calls.document import OFFICIAL_DRAWS, PhaseKind, Rules
from challenge.calls.states import CallState
from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.teams.stakes import Stake, why_not_apart, why_not_outside

LEAST_REASON, LEAST_WITHHOLDING = 10, 20


def why_not_decide(actor: Actor, *, competes: bool) -> WhyNot:
    """Admins propose, sign and withdraw, unless they are members of a team in the call; auditors read."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may decide on awards."
    return why_not_outside("another admin decides", competes=competes)


@dataclass(frozen=True)
class Stand:
    """Where a call stands on the way to a decision."""

    rules: Rules
    state: CallState
    board_frozen: bool
    """Whether the private board by which the call decides has been built and frozen."""
    not_named: Sequence[str]
    """References of entries that qualify as finalists and are not named."""
    tied: Sequence[str]
    """References of entries tied at the maximum of the shortlist, on whom nobody has decided."""
    not_agreed: Sequence[str]
    """References of finalists without a consensus."""
    latest: DecisionState | None
    competes: bool
    """Whether the actor is a member of a team in the call."""
    draws: int = 0
    seed: int = 0
    """With which the latest version of that board was computed; both 0 before the first."""


def why_not_propose(actor: Actor, stand: Stand) -> WhyNot:
    """A decision is proposed once the panel has agreed on every finalist and no other decision is in the way.

    Nobody need be a finalist: a call in which no entry comes through the gates ends with a decision without winners.
    """
    if refused := why_not_decide(actor, competes=stand.competes):
        return refused
    if stand.state is not CallState.FROZEN:
        return "Freeze the call first: winners are chosen when no submission can be added any more."
    if stand.latest is DecisionState.SIGNED:
        return "The decision on this call is signed; it stands."
    if stand.latest is DecisionState.PROPOSED:
        return "There is a proposal already; sign it, or withdraw it before making another."
    if not stand.board_frozen:
        return "Freeze the private board first, so that the ranks that the decision rests on stand still."
    if unofficial := why_not_official(stand.rules, draws=stand.draws, seed=stand.seed):
        return unofficial
    if stand.rules.hours and stand.rules.phase(PhaseKind.ACCESS) is None:
        return "The call gives hours away but has no access phase, so nobody could use them."
    if stand.tied:
        return f"These entries are tied at the maximum of the shortlist; decide on them: {', '.join(stand.tied)}."
    if stand.not_named:
        return f"These entries qualify for the panel but are not named as finalists: {', '.join(stand.not_named)}."
    if stand.not_agreed:
        return f"The panel has not agreed on {', '.join(stand.not_agreed)} yet."
    return None


def why_not_official(rules: Rules, *, draws: int, seed: int) -> WhyNot:
    """Where a call asks for an official board, it decides by nothing less: enough draws, and the call's own seed."""
    if not rules.ranking.official:
        return None
    if draws < OFFICIAL_DRAWS:
        return (
            f"The call asks for an official board: {OFFICIAL_DRAWS:,} draws at least, with the seed "
            f"{rules.ranking.seed}. The private board has {draws:,}; it has to be computed again with as many."
        )
    if seed != rules.ranking.seed:
        return (
            f"The call fixed the seed {rules.ranking.seed} before any score existed, and the private board was drawn "
            f"with {seed}; it has to be computed again with the seed of the call."
        )
    return None


def why_not_sign(
    actor: Actor, *, state: DecisionState, proposed_by: int, undecided: Sequence[str], competes: bool
) -> WhyNot:
    """Another admin than the proposer signs, and only what leaves nothing open."""
    if refused := why_not_decide(actor, competes=competes):
        return refused
    if state is not DecisionState.PROPOSED:
        return f"This decision is {state}; only a proposal can be signed."
    if undecided:
        tied = " and ".join(undecided)
        return f"{tied} are tied for a place; withdraw this proposal and propose anew with the panel's vote."
    if actor.account_id == proposed_by:
        return "You proposed this decision; another admin signs it."
    return None


def why_not_withdraw(actor: Actor, *, state: DecisionState, competes: bool) -> WhyNot:
    """A proposal may be withdrawn until it is signed."""
    if refused := why_not_decide(actor, competes=competes):
        return refused
    return None if state is DecisionState.PROPOSED else f"This decision is {state}; only a proposal can be withdrawn."


def why_not_report(actor: Actor, stake: Stake) -> WhyNot:
    """Admins enter what the sites report, and never for their own team or its rivals."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may enter the hours that a site reports."
    return why_not_apart(stake, "another admin enters its hours")


def why_not_month(period: str, *, months: Sequence[str], present: str) -> WhyNot:
    """Hours belong to a month of the access time that has begun."""
    if period not in months:
        return f"{period} is outside the access time, which runs from {months[0]} to {months[-1]}."
    return f"{period} has not begun yet." if period > present else None


def why_not_prove(stake: Stake, *, state: ObligationState) -> WhyNot:
    """The winner's members say where the release lies, until an admin has it before them or accepted it."""
    if stake is not Stake.MEMBER:
        return "Only the winner's members may hand in the proof of the release."
    if state is ObligationState.PROVED:
        return "The proof is handed in and waits for an admin."
    return "The release is accepted; there is nothing left to prove." if state is ObligationState.ACCEPTED else None


def why_not_judge_proof(actor: Actor, stake: Stake, *, state: ObligationState) -> WhyNot:
    """An admin who is of no team in the call accepts a proof or turns it down."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may accept a proof or turn it down."
    if refused := why_not_apart(stake, "another admin looks at the proof"):
        return refused
    return None if state is ObligationState.PROVED else "There is no proof that waits to be looked at."


def why_not_extend(actor: Actor, stake: Stake, *, state: ObligationState) -> WhyNot:
    """An admin who is of no team in the call puts the due date off, as long as the release is owed."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may extend the time for a release."
    if refused := why_not_apart(stake, "another admin decides on the time"):
        return refused
    if state is ObligationState.PROVED:
        return "A proof waits to be looked at; accept it, or turn it down first."
    return "The release is accepted; no time is needed any more." if state is ObligationState.ACCEPTED else None


def why_not_note(actor: Actor, stake: Stake, *, has_concern: bool) -> WhyNot:
    """An admin who is of no team in the call notes what came of a finding after acceptance."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may note what came of a finding."
    if refused := why_not_apart(stake, "another admin looks at the release"):
        return refused
    return None if has_concern else "There is nothing new about this release to take note of."


def why_not_until(until: datetime, *, due: datetime, now: datetime, latest: datetime) -> WhyNot:
    """A new due date lies after the present one and after now, and at most a year after the present one."""
    if until <= due:
        return "Choose a day after the present due date; time is given, never taken."
    if until <= now:
        return "Choose a day to come; this one is over already."
    return "Choose a day within a year of the present due date." if until > latest else None


def may_read_unsigned(actor: Actor, *, competes: bool) -> bool:
    """Tell whether somebody may know of a proposal: admins and auditors who stand apart from the teams of the call."""
    return actor.has(Role.ADMIN, Role.AUDITOR) and not competes


def days_left(due: datetime, *, now: datetime) -> int:
    """Count the whole days until a due date; negative once it has passed."""
    return (due - now).days
