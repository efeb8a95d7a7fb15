"""What moves a team's quota, how a submission means to be released, and where the fetching of a model is."""

from enum import StrEnum


class Route(StrEnum):
    """How a winner means to meet the release duty."""

    WEIGHTS = "weights"
    PUBLICATION = "publication"


class QuotaMove(StrEnum):
    """Why a line stands in the quota ledger."""

    RESERVED = "reserved"
    RETURNED = "returned"
    FAILED = "failed"
    GRANTED = "granted"


class FetchState(StrEnum):
    """Where the fetching of a model from a hub is."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


class FetchOutcome(StrEnum):
    """How it ended."""

    FETCHED = "fetched"
    NOT_THERE = "not_there"
    TOO_LARGE = "too_large"
    NO_WEIGHTS = "no_weights"
    NOT_TAKEN = "not_taken"
    MODEL_REFUSED = "model_refused"
    HUB_UNTRUE = "hub_untrue"
    HUB_AWAY = "hub_away"
    ENGINE_MISSING = "engine_missing"
    FETCH_BROKEN = "fetch_broken"
    ABANDONED = "abandoned"


FETCH_MOVES = {
    FetchState.WAITING: frozenset({FetchState.RUNNING}),
    FetchState.RUNNING: frozenset({FetchState.WAITING, FetchState.ENDED}),
    # only after a fault of the platform's, at an admin's word
    FetchState.ENDED: frozenset({FetchState.WAITING}),
}
