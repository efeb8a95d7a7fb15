"""Asks whether something holds, where whatever it rests on may be anything at all."""

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from challenge.foundation.permits import Invalid
from leaderboards import Refusal

UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    ArithmeticError,
    SQLAlchemyError,
    Refusal,
)
"""What reading a thing raises that is not what it should be."""


def demand_held(sentence: str, holds: Callable[..., bool], *of: object) -> None:
    """Raise Invalid unless something holds; what cannot even be read does not."""
    try:
        if holds(*of):
            return
    except UNREADABLE as error:
        raise Invalid(f"{sentence} It cannot be read: {error!s:.200}") from error
    raise Invalid(sentence)
