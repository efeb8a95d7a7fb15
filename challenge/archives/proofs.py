"""What was proved of a call."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """One kind of thing that was proved: how many there were, and what was proved of each."""

    what: str
    count: int
    sentence: str
