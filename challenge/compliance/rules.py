"""Who may see an examination, have it made again, and propose and confirm a decision about it."""

from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.teams.prose import why_not_text
from challenge.teams.stakes import Stake, why_not_apart

LEAST_REASON, LONGEST_REASON = 10, 4000
DECIDABLE = (LicenceVerdict.COMPLIANT, LicenceVerdict.BY_PUBLICATION, LicenceVerdict.NON_COMPLIANT)
"""An officer ends the doubt; "needs review" is not something to decide on."""


def why_not_read_proposals(actor: Actor, stake: Stake) -> WhyNot:
    """What is proposed and not in force is read by admins and auditors, and by none who is in a team of the call."""
    if not actor.has(Role.ADMIN, Role.AUDITOR):
        return "Only admins and auditors may read what is proposed."
    return why_not_apart(stake, "what is proposed is for others to read")


def why_not_decide(actor: Actor, stake: Stake, *, state: ExaminationState, proposed: bool = False) -> WhyNot:
    """An admin proposes, once the platform has examined the package, and never about their own team or its rivals.

    `proposed`: a proposal is open already.
    """
    if why_not := why_not_office(actor, stake):
        return why_not
    if state is not ExaminationState.ENDED:
        return "The platform has not examined the package yet; wait for its verdict."
    if proposed:
        return "A decision is proposed already. It has to be confirmed, turned down or withdrawn before another."
    return None


def why_not_office(actor: Actor, stake: Stake) -> WhyNot:
    """Whatever an officer does about a licence, an admin does who has no stake in it."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may decide about a licence."
    return why_not_apart(stake, "another admin has to decide")


def why_not_confirm(actor: Actor, stake: Stake, *, proposed_by: int | None) -> WhyNot:
    """Another admin than the one who proposed a decision confirms it or turns it down; None is no proposal."""
    if why_not := why_not_office(actor, stake):
        return why_not
    if proposed_by is None:
        return "No decision is proposed; it was confirmed, turned down or withdrawn meanwhile."
    if proposed_by == actor.account_id:
        return "You proposed this decision; another admin has to confirm it or turn it down."
    return None


def why_not_this_one(*, open_id: int, read_id: int | None) -> WhyNot:
    """An officer answers the proposal that they read, and not another that was made since; None if none was named."""
    if read_id == open_id:
        return None
    return "What you read is no more what is proposed; read what is proposed now, and then answer it."


def why_not_stand(proposer: Stake) -> WhyNot:
    """A proposal is confirmed only while whoever made it has no stake in it either; `proposer` is how they stand."""
    if proposer is Stake.NONE:
        return None
    return (
        "Whoever proposed this decision is a member of a team in this call by now; turn it down, and another admin "
        "may propose."
    )


def why_not_withdraw(actor: Actor, stake: Stake, *, proposed_by: int | None) -> WhyNot:
    """Whoever proposed a decision may withdraw it while it is open, and while they have no stake in it."""
    if why_not := why_not_office(actor, stake):
        return why_not
    if proposed_by is None:
        return "No decision is proposed; it was confirmed, turned down or withdrawn meanwhile."
    if proposed_by != actor.account_id:
        return "Only the admin who proposed this decision may withdraw it; you may turn it down."
    return None


def why_not_examine_again(actor: Actor, stake: Stake, *, state: ExaminationState | None, waits: bool) -> WhyNot:
    """An officer has a package examined again that was examined once and does not wait for it already.

    `state` is that of the scan in force, None where there is none; `waits` tells of one that is due.
    """
    if why_not := why_not_office(actor, stake):
        return why_not
    if state is not ExaminationState.ENDED:
        return "The package has not been examined once; it is as soon as its turn comes."
    if waits:
        return "The package waits to be examined again already."
    return None


def why_not_reason(reason: str, *, team_reads: bool = True) -> WhyNot:
    """A reason, tidied, is a sentence that an auditor can follow."""
    if len(reason) < LEAST_REASON:
        reader = " and the team reads it" if team_reads else ""
        return f"Give a reason of at least {LEAST_REASON} characters; it stays on record{reader}."
    return why_not_text(reason, least=LEAST_REASON, most=LONGEST_REASON)
