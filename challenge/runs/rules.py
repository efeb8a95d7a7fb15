"""Who may see, cancel and rejudge runs."""

from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.runs.rules_keys import KEY_GONE
from challenge.runs.states import Outcome, RunState

LEAST_REASON = 10
WITHHELD = frozenset({"outputs.private.jsonl", "engine.log"})
"""Papers that speak of hidden items, or may."""


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


def why_not_retry(
    actor: Actor, *, outcome: Outcome | None, newest: bool, owner_is_team: bool, is_member: bool, key_gone: bool
) -> WhyNot:
    """An admin has one run evaluated again that ended by a fault that was not its team's, and once for each ending."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may have a run evaluated again."
    if is_member:
        return "You are in this team; another admin has to ask for it."
    if outcome is None:
        return "This run has not ended."
    if owner_is_team:
        return "This run did not end by a fault of the platform or the organiser."
    if key_gone:
        return KEY_GONE
    return None if newest else "A later round of this run was asked for already."


def why_not_read_paper(actor: Actor, name: str, *, is_member: bool, released: bool) -> WhyNot:
    """A team reads what its model said to public items; the rest once an admin releases it, for it speaks of labels."""
    if actor.has(Role.ADMIN, Role.AUDITOR) and not is_member:
        return None
    if not is_member:
        return "Only the team, admins and auditors may read what a model said."
    if name in WITHHELD and not released:
        return "This speaks of hidden items, or may. It is kept, and withheld until an admin releases it."
    return None


def why_not_release(actor: Actor, *, is_member: bool, withheld: bool, released: bool) -> WhyNot:
    """An admin releases what is withheld of a run, once, and not to a team of their own."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may release what is withheld."
    if is_member:
        return "You are in this team; another admin has to release it."
    if not withheld:
        return "Nothing of this run is withheld."
    return "It was released already." if released else None


def why_not_reason(reason: str) -> WhyNot:
    """A reason is a sentence, not a word."""
    if len(reason.strip()) < LEAST_REASON:
        return f"Give a reason of at least {LEAST_REASON} characters; it stays on record."
    return None
