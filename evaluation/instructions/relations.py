"""How many of something there may be."""

from enum import StrEnum


class Relation(StrEnum):
    """How a number that was counted is to stand to the number asked for."""

    AT_LEAST = "at least"
    LESS_THAN = "less than"
    AT_MOST = "at most"
    EXACTLY = "exactly"


def holds(counted: int, relation: Relation, count: int) -> bool:
    """Say whether a number stands in the relation to the number asked for."""
    match relation:
        case Relation.AT_LEAST:
            return counted >= count
        case Relation.LESS_THAN:
            return counted < count
        case Relation.AT_MOST:
            return counted <= count
        case Relation.EXACTLY:
            return counted == count
