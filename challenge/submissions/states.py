"""What moves a team's quota, and by which route a submission means to be released."""

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
