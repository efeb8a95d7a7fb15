"""Who may see, cancel and rejudge runs."""

from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.runs.rules_keys import KEY_GONE
from challenge.runs.states import Outcome, RunState
from challenge.teams.stakes import Stake, in_office, why_not_apart, why_not_outside

LEAST_REASON = 10
WITHHELD = frozenset({"outputs.private.jsonl", "engine.log"})
"""Papers that speak of hidden items, or may."""


def why_not_cancel(actor: Actor, stake: Stake, *, state: RunState, round_: int, asked: bool) -> WhyNot:
    """A team cancels the first round of its own runs, an admin of no team in the call any round, until it has ended."""
    if stake is not Stake.MEMBER:
        if not actor.has(Role.ADMIN):
            return "Only the team itself or an admin may cancel a run."
        if refused := why_not_apart(stake, "another admin may cancel its runs"):
            return refused
    elif round_ > 1:
        return "The organiser asked for this round; only an admin who is not in the team may cancel it."
    if state is RunState.ENDED:
        return "This run has ended; there is nothing left to cancel."
    if asked:
        return "It has been asked for already; the worker stops within seconds."
    return None


def why_not_rejudge(actor: Actor, *, drafting: bool, competes: bool) -> WhyNot:
    """Admins of no team in a call have its suite evaluated again, once it takes submissions or took them."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may have submissions evaluated again."
    if why_not := why_not_outside("another admin has to ask for it", competes=competes):
        return why_not
    if drafting:
        return "The call is a draft; nothing has been evaluated yet."
    return None


def why_not_retry(
    actor: Actor, stake: Stake, *, outcome: Outcome | None, newest: bool, owner_is_team: bool, key_gone: bool
) -> WhyNot:
    """An admin has one run evaluated again that ended by a fault that was not its team's, and once for each ending."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may have a run evaluated again."
    if refused := why_not_apart(stake, "another admin has to ask for it"):
        return refused
    if outcome is None:
        return "This run has not ended."
    if owner_is_team:
        return "This run did not end by a fault of the platform or the organiser."
    if key_gone:
        return KEY_GONE
    return None if newest else "A later round of this run was asked for already."


def why_not_read_paper(actor: Actor, stake: Stake, name: str, *, released: bool) -> WhyNot:
    """A team reads what its model said to public items; the rest once an admin releases it, for it speaks of labels."""
    if in_office(actor, stake):
        return None
    if stake is not Stake.MEMBER:
        return "Only the team, and admins and auditors of no team in the call, may read what a model said."
    if name in WITHHELD and not released:
        return "This speaks of hidden items, or may. It is kept, and withheld until an admin releases it."
    return None


def why_not_release(actor: Actor, stake: Stake, *, withheld: bool, released: bool) -> WhyNot:
    """An admin releases what is withheld of a run, once, and neither to a team of their own nor to its rivals."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may release what is withheld."
    if refused := why_not_apart(stake, "another admin has to release it"):
        return refused
    if not withheld:
        return "Nothing of this run is withheld."
    return "It was released already." if released else None


def why_not_reason(reason: str) -> WhyNot:
    """A reason is a sentence, not a word."""
    if len(reason.strip()) < LEAST_REASON:
        return f"Give a reason of at least {LEAST_REASON} characters; it stays on record."
    return None
