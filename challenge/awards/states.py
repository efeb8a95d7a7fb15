"""Where a decision and an obligation stand, and what an award is."""

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
