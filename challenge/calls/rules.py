"""Who may do what with a call, and when."""

from collections.abc import Mapping
from datetime import datetime

from challenge.calls.dates import instant_words
from challenge.calls.document import Rules
from challenge.calls.states import CallState, EntryKind
from challenge.calls.suites import Asked
from challenge.foundation.permits import PLATFORM, Actor, Role, WhyNot


def why_not_know(actor: Actor, *, state: CallState) -> WhyNot:
    """A draft is known to admins and auditors alone; every other call to everybody."""
    if state is CallState.DRAFT and not actor.has(Role.ADMIN, Role.AUDITOR):
        return "This call is not public yet."
    return None


def why_not_import(actor: Actor, *, state: CallState | None) -> WhyNot:
    """Admins import calls, and new versions while the call is a draft; `state` is None for a new call."""
    if not _is_admin(actor):
        return "Only an admin may import a call."
    if state not in {None, CallState.DRAFT}:
        return "The rules of a call stand from its opening on; they cannot be changed any more."
    return None


def why_not_add_suite(actor: Actor, *, state: CallState) -> WhyNot:
    """Admins add and replace suites while the call is a draft."""
    if not _is_admin(actor):
        return "Only an admin may add a suite."
    if state is not CallState.DRAFT:
        return "The suites of a call stand from its opening on; they cannot be changed any more."
    return None


def why_not_fetch_original(*, state: CallState) -> WhyNot:
    """The bundle that a call was made from is given back while nobody can have entered: it may hold hidden answers."""
    if state is CallState.DRAFT:
        return None
    return (
        "The bundle may hold hidden answers, and once a call is open admins may compete in it. It lies in the call's "
        "archives, which are for admins who do not."
    )


def why_not_open(
    actor: Actor,
    *,
    state: CallState,
    rules: Rules,
    suites: Mapping[str, EntryKind],
    asked: Mapping[str, str],
    now: datetime,
) -> WhyNot:
    """An admin opens a draft that has all its suites, while there is time to submit.

    `suites` say what each takes, and `asked` how each asks models, as its summary has it.
    """
    if not _is_admin(actor):
        return "Only an admin may open a call."
    if state is not CallState.DRAFT:
        return "The call was opened before."
    missing = [suite.key for suite in rules.suites if suite.key not in suites]
    if missing:
        return f"Add the {'suite' if len(missing) == 1 else 'suites'} {', '.join(missing)} first."
    if disagreement := why_suites_disagree(suites) or why_no_model_fits(asked):
        return disagreement
    if rules.endpoints and EntryKind.MODEL not in suites.values():
        return (
            "The call says endpoints: yes, but its suites read predictions, for which nobody's endpoint is asked. "
            "Import a version without that line, or suites whose tasks have an ask."
        )
    if rules.endpoints and Asked.NUMBERS in asked.values():
        return (
            "The call says endpoints: yes, but its suites ask models by numbers or images, for which an endpoint has "
            "no route. Import a version without that line."
        )
    if now >= rules.last_deadline:
        closed = instant_words(rules.last_deadline, zone=rules.zone)
        return f"The last deadline has passed ({closed}). Import a version with later dates first."
    return None


def why_suites_disagree(suites: Mapping[str, EntryKind]) -> WhyNot:
    """All suites of a call take the same, for a team hands in one thing; `suites` say what each takes."""
    run = sorted(key for key, takes in suites.items() if takes is EntryKind.MODEL)
    if not run or len(run) == len(suites):
        return None
    read = sorted(key for key in suites if key not in run)
    return (
        f"The suites disagree on what a team hands in: {', '.join(run)} would run its model, and {', '.join(read)} "
        "would read its predictions. Give every task of every suite its ask, or none; else make two calls of them."
    )


def why_no_model_fits(asked: Mapping[str, str]) -> WhyNot:
    """All suites of a call are put to one model; `asked` say how each asks it."""
    prompts, numbers = ([key for key, how in sorted(asked.items()) if how == way] for way in Asked)
    if not prompts or not numbers:
        return None
    return (
        f"No model fits all suites: {', '.join(prompts)} would ask a language model by prompts, and "
        f"{', '.join(numbers)} another by numbers or images. Make two calls of them."
    )


def why_not_freeze(actor: Actor, *, state: CallState, rules: Rules, now: datetime) -> WhyNot:
    """An admin freezes an open call once its last deadline has passed and no upload can be under way any more."""
    if not _is_admin(actor):
        return "Only an admin may freeze a call."
    if state is CallState.DRAFT:
        return "The call is a draft; only an open call can be frozen."
    if state is CallState.FROZEN:
        return "The call is frozen already."
    if now < rules.last_arrival:
        closes, arrived = (instant_words(at, zone=rules.zone) for at in (rules.last_deadline, rules.last_arrival))
        return (
            f"Submissions are taken until {closes}, and an upload that began in time may take an hour; "
            f"the call can be frozen from {arrived} on."
        )
    return None


def _is_admin(actor: Actor) -> bool:
    """The platform itself counts as one: whoever works its command line holds its files and keys."""
    return actor.has(Role.ADMIN) or actor == PLATFORM
