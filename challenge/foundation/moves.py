"""Moves a record from one state to another, along the arrows its table allows and no others."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol, TypeVar

S = TypeVar("S", bound=StrEnum)


class IllegalMove(Exception):
    """Raised where a table of moves does not know the step."""


class Stateful(Protocol[S]):
    """Anything that stands in one state of an enumeration."""

    state: S


def move(record: Stateful[S], to: S, moves: Mapping[S, frozenset[S]]) -> None:
    """Put `record` into state `to`; raise IllegalMove unless the table allows it."""
    if to not in moves.get(record.state, frozenset()):
        raise IllegalMove(f"{type(record).__name__} cannot go from {record.state} to {to}.")
    record.state = to
