"""A task says what is asked, by which metric it is scored, and between which anchors the score counts."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a prediction for a task is."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    PROBABILITY = "probability"


class Part(StrEnum):
    """Which half of a task an item belongs to; the private part stays hidden until the end."""

    PUBLIC = "public"
    PRIVATE = "private"


Answer = str | Decimal
"""A label of a classification task, or an exact number for the other kinds."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task of a suite, as its manifest declares it."""

    name: str
    title: str
    kind: Kind
    metric: str
    floor: Decimal
    ceiling: Decimal
    weight: Decimal = Decimal(1)
    labels: tuple[str, ...] = ()
    unit: int = 10_000
    cluster: bool = False
    description: str = ""
    source: str = ""
    licence: str = ""
