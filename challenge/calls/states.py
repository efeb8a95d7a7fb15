"""Where a call stands."""

from enum import StrEnum


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
