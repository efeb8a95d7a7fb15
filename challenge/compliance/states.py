"""Where an examination and a proposal stand, and what an examination found."""

from enum import StrEnum


class ExaminationState(StrEnum):
    """Where it is."""

    WAITING = "waiting"
    ENDED = "ended"


class LicenceVerdict(StrEnum):
    """How it ended."""

    COMPLIANT = "compliant"
    BY_PUBLICATION = "by_publication"
    NEEDS_REVIEW = "needs_review"
    NON_COMPLIANT = "non_compliant"


class ProposalState(StrEnum):
    """What became of a decision that an officer proposed."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    TURNED_DOWN = "turned_down"
    WITHDRAWN = "withdrawn"


MOVES = {
    ExaminationState.WAITING: frozenset({ExaminationState.ENDED}),
    ExaminationState.ENDED: frozenset[ExaminationState](),
}

PROPOSAL_MOVES = {
    ProposalState.OPEN: frozenset({ProposalState.CONFIRMED, ProposalState.TURNED_DOWN, ProposalState.WITHDRAWN}),
}

PASSING = frozenset({LicenceVerdict.COMPLIANT, LicenceVerdict.BY_PUBLICATION})
