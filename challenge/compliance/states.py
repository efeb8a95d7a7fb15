"""Where an examination stands, and what it found."""

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


MOVES = {
    ExaminationState.WAITING: frozenset({ExaminationState.ENDED}),
    ExaminationState.ENDED: frozenset[ExaminationState](),
}
PASSING = frozenset({LicenceVerdict.COMPLIANT, LicenceVerdict.BY_PUBLICATION})
