"""Who may do what with a call, and when."""

from collections.abc import Mapping
from datetime import datetime

from challenge.calls.dates import instant_words
from challenge.calls.document import Rules
from challenge.calls.states import CallState, EntryKind
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


def why_not_open(
    actor: Actor, *, state: CallState, rules: Rules, suites: Mapping[str, EntryKind], now: datetime
) -> WhyNot:
    """An admin opens a draft that has all its suites, while there is time to submit; `suites` say what each takes."""
    if not _is_admin(actor):
        return "Only an admin may open a call."
    if state is not CallState.DRAFT:
        return "The call was opened before."
    missing = [suite.key for suite in rules.suites if suite.key not in suites]
    if missing:
        return f"Add the {'suite' if len(missing) == 1 else 'suites'} {', '.join(missing)} first."
    if disagreement := why_suites_disagree(suites):
        return disagreement
    if rules.endpoints and EntryKind.MODEL not in suites.values():
        return (
            "The call says endpoints: yes, but its suites read predictions, for which nobody's endpoint is asked. "
            "Import a version without that line, or suites whose tasks have an ask."
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
