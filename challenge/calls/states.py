"""Where a call stands."""

from enum import StrEnum


class EntryKind(StrEnum):
    """What a submission is evaluated on; all suites of a call take the same."""

    PREDICTIONS = "predictions"
    """A file of predictions, made by the team on its own machines."""
    MODEL = "model"
    """The model in its package, run here."""
    ENDPOINT = "endpoint"
    """The model behind an address of the team's, asked from here; submissions are such, no suite takes them."""


class CallState(StrEnum):
    """A draft may be changed; an open call takes submissions by rules that stand; a frozen one takes no more."""

    DRAFT = "draft"
    OPEN = "open"
    FROZEN = "frozen"


MOVES = {
    CallState.DRAFT: frozenset({CallState.OPEN}),
    CallState.OPEN: frozenset({CallState.FROZEN}),
    CallState.FROZEN: frozenset[CallState](),
}
