"""Judges' marks go into what is published under letters, never under names."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from string import ascii_uppercase


@dataclass(frozen=True)
class GivenMark:
    """One judge's mark, in half marks, on one criterion of one finalist."""

    reference: str
    judge: str
    """The judge's letter."""
    criterion: str
    halves: int


def letters_of(names: Mapping[int, str]) -> dict[int, str]:
    """Give every account a letter in the order of names, of as many signs as all of them need: A to Z, or AA to ZZ."""
    signs = 1
    while 26**signs < len(names):
        signs += 1
    in_order = sorted(names, key=lambda account: (names[account], account))
    letters = ("".join(one) for one in product(ascii_uppercase, repeat=signs))
    return dict(zip(in_order, letters, strict=False))
