"""What the choice of winners would be if it were made now, for a panel to look at; nothing of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from challenge.calls.document import Rules
from challenge.foundation.permits import Invalid


@dataclass(frozen=True)
class Seatless:
    """A finalist that is not in the look ahead, and why."""

    reference: str
    team: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class OutlookPlace:
    """One place: the parts of its composite as decimal texts, and what would be paid and granted."""

    position: int
    reference: str
    team: str
    outcome: str
    """`winner`, `reserve` or `undecided`."""
    board: str
    jury: str
    composite: str
    cents: int
    hours: Mapping[str, int]


@dataclass(frozen=True)
class Outlook:
    """The whole look ahead at one weight of the board."""

    weight: str
    places: tuple[OutlookPlace, ...]
    out: tuple[Seatless, ...]
    effective_weights: tuple[str, str] | None
    left_over: Mapping[str, int]
    """Hours of each machine that nobody asked for."""
    log: tuple[str, ...]
    input_digest: str
    result_digest: str


def weight_of(typed: str, declared: str) -> str:
    """Return the weight that was asked for, as hundredths, or the declared one; raise Invalid for what is none."""
    if not typed:
        return declared
    try:
        weight = Decimal(typed)
    except InvalidOperation:
        raise Invalid("The weight must be a number from 0 to 1, such as 0.5.", "weight") from None
    if not weight.is_finite() or not 0 <= weight <= 1:
        raise Invalid("The weight must be a number from 0 to 1, such as 0.5.", "weight")
    return format(weight.quantize(Decimal("0.01")).normalize(), "f") if weight else "0"


def at_weight(rules: Rules, weight: str) -> Rules:
    """Return the call's rules with another weight of the board, for a look."""
    return replace(rules, selection=replace(rules.selection, board_weight=weight))
