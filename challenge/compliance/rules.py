"""Who may see an examination, and who may decide about it."""

from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.teams.prose import why_not_text

LEAST_REASON, LONGEST_REASON = 10, 4000
DECIDABLE = (LicenceVerdict.COMPLIANT, LicenceVerdict.BY_PUBLICATION, LicenceVerdict.NON_COMPLIANT)
"""An officer ends the doubt; "needs review" is not something to decide on."""


def why_not_see(actor: Actor, *, is_member: bool) -> WhyNot:
    """An examination is seen by the members of the team, by admins and by auditors."""
    if is_member or actor.has(Role.ADMIN, Role.AUDITOR):
        return None
    return "Only the team, admins and auditors may see an examination."


def why_not_decide(actor: Actor, *, state: ExaminationState, is_member: bool, competes: bool) -> WhyNot:
    """An admin decides, once the platform has examined the package, and never about their own team or its rivals.

    `competes`: the actor is a member of a team in the call.
    """
    if not actor.has(Role.ADMIN):
        return "Only an admin may decide about a licence."
    if is_member:
        return "You are in this team; another admin has to decide."
    if competes:
        return "You are a member of another team in this call; another admin has to decide."
    if state is not ExaminationState.ENDED:
        return "The platform has not examined the package yet; wait for its verdict."
    return None


def why_not_reason(reason: str) -> WhyNot:
    """A reason, tidied, is a sentence that an auditor can follow."""
    if len(reason) < LEAST_REASON:
        return f"Give a reason of at least {LEAST_REASON} characters; it stays on record and the team reads it."
    return why_not_text(reason, least=LEAST_REASON, most=LONGEST_REASON)
