"""Who may see which entries have answers too alike, and note what came of it."""

from challenge.calls.states import CallState, EntryKind
from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.standings.rules import BoardStand, is_insider

LEAST_NOTE = 10
MOST_NOTE = 2000


def may_know_of_likeness(actor: Actor, stand: BoardStand, *, veiled: bool) -> bool:
    """Tell whether the page is there for a reader: admins, auditors, and judges of a frozen call who read the names."""
    if is_insider(actor):
        return True
    return actor.has(Role.JUDGE) and stand.call_state is CallState.FROZEN and not veiled


def why_not_compare_answers(takes: EntryKind, *, built: bool) -> WhyNot:
    """Answers are at hand where teams hand them in themselves."""
    if takes is not EntryKind.PREDICTIONS:
        return (
            "Answers are compared where teams hand in predictions. Here models are run, and what they said is kept "
            "with each run."
        )
    return None if built else "This board has not been built yet; the worker builds it within a moment."


def why_not_note(actor: Actor, note: str) -> WhyNot:
    """Admins note what came of a pair, in a sentence that stays on record."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may note what came of a pair."
    if not LEAST_NOTE <= len(note.strip()) <= MOST_NOTE:
        return f"Write {LEAST_NOTE} to {MOST_NOTE:,} characters on what came of it; they stay on record."
    return None
