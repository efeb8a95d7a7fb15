"""Where a review stands."""

from enum import StrEnum


class ReviewState(StrEnum):
    """A draft is its judge's own; a submitted review counts and is never changed, only superseded."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


REVIEW_MOVES = {
    ReviewState.DRAFT: frozenset({ReviewState.SUBMITTED}),
    ReviewState.SUBMITTED: frozenset[ReviewState](),
}
