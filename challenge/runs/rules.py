"""Who may see, cancel and rejudge runs."""

from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.runs.states import RunState

LEAST_REASON = 10


def why_not_see(actor: Actor, *, is_member: bool) -> WhyNot:
    """A run is seen by the members of its team, by admins and by auditors; judges see results, not runs."""
    if is_member or actor.has(Role.ADMIN, Role.AUDITOR):
        return None
    return "Only the team, admins and auditors may see a run."


def why_not_see_everything(actor: Actor) -> WhyNot:
    """The queue, private scores and the engine's own words are for admins and auditors."""
    return None if actor.has(Role.ADMIN, Role.AUDITOR) else "Only admins and auditors may see this."


def why_not_cancel(actor: Actor, *, state: RunState, round_: int, is_member: bool, asked: bool) -> WhyNot:
    """A team cancels the first round of its own runs, an admin any round, as long as it has not ended."""
    if not (is_member or actor.has(Role.ADMIN)):
        return "Only the team itself or an admin may cancel a run."
    if round_ > 1 and not actor.has(Role.ADMIN):
        return "The organiser asked for this round; only an admin may cancel it."
    if state is RunState.ENDED:
        return "This run has ended; there is nothing left to cancel."
    if asked:
        return "It has been asked for already; the worker stops within seconds."
    return None


def why_not_rejudge(actor: Actor, *, drafting: bool) -> WhyNot:
    """Only admins have a suite evaluated again, and only in a call that takes submissions or took them."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may have submissions evaluated again."
    if drafting:
        return "The call is a draft; nothing has been evaluated yet."
    return None


def why_not_reason(reason: str) -> WhyNot:
    """A reason is a sentence, not a word."""
    if len(reason.strip()) < LEAST_REASON:
        return f"Give a reason of at least {LEAST_REASON} characters; it stays on record."
    return None
