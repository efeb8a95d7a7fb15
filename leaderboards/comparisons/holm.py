"""Many tests at once find something by chance; Holm's step-down keeps that chance below the level, whatever depends.

With p_(1) ≤ … ≤ p_(m), the adjusted value of the i-th is max over j ≤ i of min(1, (m − j + 1)·p_(j))
(Holm 1979, Scandinavian Journal of Statistics 6:65-70).
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

Probability = TypeVar("Probability", Fraction, float)


def holm(values: Sequence[Probability]) -> list[Probability]:
    """Adjust p-values for each other, in the order given; exact where they are."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    adjusted = list(values)
    largest = type(values[0])(0) if values else None
    for turn, place in enumerate(order):
        scaled = min(type(values[place])(1), (len(values) - turn) * values[place])
        largest = scaled if largest is None else max(largest, scaled)
        adjusted[place] = largest
    return adjusted
