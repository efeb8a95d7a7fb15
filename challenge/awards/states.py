"""Where a decision, an obligation and a check of a release stand, and what an award is."""

from enum import StrEnum


class DecisionState(StrEnum):
    """A proposal is signed by a second person, or withdrawn."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


class AwardKind(StrEnum):
    """A winner, or a place on the reserve list."""

    WINNER = "winner"
    RESERVE = "reserve"


class ObligationState(StrEnum):
    """A winner's duty to release: open, met in the winner's word, accepted by an admin."""

    OPEN = "open"
    PROVED = "proved"
    ACCEPTED = "accepted"


class CheckState(StrEnum):
    """Where the platform's look at a release is."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


class CheckOutcome(StrEnum):
    """How it ended; unknown where nobody could be asked."""

    CLEAR = "clear"
    FINDINGS = "findings"
    UNKNOWN = "unknown"


DECISION_MOVES = {
    DecisionState.PROPOSED: frozenset({DecisionState.SIGNED, DecisionState.WITHDRAWN}),
    DecisionState.SIGNED: frozenset[DecisionState](),
    DecisionState.WITHDRAWN: frozenset[DecisionState](),
}
OBLIGATION_MOVES = {
    ObligationState.OPEN: frozenset({ObligationState.PROVED}),
    ObligationState.PROVED: frozenset({ObligationState.ACCEPTED, ObligationState.OPEN}),
    ObligationState.ACCEPTED: frozenset[ObligationState](),
}
CHECK_MOVES = {
    CheckState.WAITING: frozenset({CheckState.RUNNING}),
    CheckState.RUNNING: frozenset({CheckState.WAITING, CheckState.ENDED}),
    CheckState.ENDED: frozenset[CheckState](),
}
