"""Judges' marks go into what is published under letters, never under names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_uppercase

from challenge.foundation.canonical import digest


@dataclass(frozen=True)
class GivenMark:
    """One judge's mark, in half marks, on one criterion of one finalist."""

    reference: str
    judge: str
    """The judge's letter."""
    criterion: str
    halves: int


def letters_of(marks: Mapping[int, Sequence[object]]) -> dict[int, str]:
    """Give every account a letter, of as many signs as all of them need: A to Z, or AA to ZZ.

    The order is that of digests of what each has marked: whoever knows the panel learns nothing from it, as from names
    or from who submitted first, and the same marks give the same letters again.
    """
    signs = 1
    while 26**signs < len(marks):
        signs += 1
    in_order = sorted(marks, key=lambda account: (digest(list(marks[account])), account))
    letters = ("".join(one) for one in product(ascii_uppercase, repeat=signs))
    return dict(zip(in_order, letters, strict=False))
