"""A pot is split to the last cent and the last hour by rules that anybody can redo with pencil and paper."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor

from leaderboards.refusals import SplitError


def split_money(
    total_cents: int, weights: Mapping[str, int] | None = None, *, order: Sequence[str], minimum_cents: int = 0
) -> dict[str, int]:
    """Split cents by largest remainder (Hamilton's method) on exact rationals; the shares add up to the total.

    Everybody gets `minimum_cents` first, and the rest in proportion to the weights, or equally without any; equal
    remainders are served in `order`, which names everybody once. Raises SplitError.
    """
    _check(total_cents, order, "cents")
    if not order:
        raise SplitError("there is nobody to share the money; name at least one.")
    parts = _for_all(weights, order, "weight") if weights is not None else dict.fromkeys(order, 1)
    _whole(minimum_cents, "the minimum")
    whole = sum(parts.values())
    rest = total_cents - minimum_cents * len(order)
    if rest < 0:
        raise SplitError(
            f"a minimum of {minimum_cents} cents for each of {len(order)} needs "
            f"{minimum_cents * len(order)}, but the total is {total_cents}; lower the minimum."
        )
    if whole == 0:
        raise SplitError("all weights are 0; give at least one entrant a weight above 0.")
    quotas = {name: Fraction(rest * parts[name], whole) for name in order}
    shares = {name: minimum_cents + floor(quotas[name]) for name in order}
    left = total_cents - sum(shares.values())
    # sorted() keeps the given order among equal remainders.
    for name in sorted(order, key=lambda one: floor(quotas[one]) - quotas[one])[:left]:
        shares[name] += 1
    return shares


def split_hours(total_hours: int, requests: Mapping[str, int], *, order: Sequence[str]) -> dict[str, int]:
    """Fill requests like vessels with one water level: max-min fair, whole hours, never above request or pot.

    Hours that do not divide go one each in `order`, which names everybody once. What nobody asked for stays
    unassigned: it is the total less the sum of the shares. Raises SplitError.
    """
    _check(total_hours, order, "hours")
    asked = _for_all(requests, order, "request")
    shares: dict[str, int] = {}
    left, waiting = total_hours, sorted(order, key=lambda name: asked[name])
    while waiting:
        level = left // len(waiting)
        if asked[waiting[0]] > level:
            break
        smallest = waiting.pop(0)
        shares[smallest] = asked[smallest]
        left -= asked[smallest]
    thirsty = [name for name in order if name in waiting]
    for place, name in enumerate(thirsty):
        shares[name] = left // len(thirsty) + (1 if place < left % len(thirsty) else 0)
    return {name: shares[name] for name in order}


def _check(total: int, order: Sequence[str], unit: str) -> None:
    _whole(total, f"the total in {unit}")
    if isinstance(order, str):
        raise SplitError("the order must be a list of names, not one text.")
    for name in order:
        if list(order).count(name) > 1:
            raise SplitError(f"{name!r} is named twice in the order; name everybody once.")


def _for_all(given: Mapping[str, int], order: Sequence[str], what: str) -> dict[str, int]:
    for name in order:
        if name not in given:
            raise SplitError(f"{name!r} has no {what}; give one to everybody in the order.")
    for name, amount in given.items():
        if name not in order:
            raise SplitError(f"{name!r} has a {what} but no place in the order; add it there.")
        _whole(amount, f"the {what} of {name!r}")
    return dict(given)


def _whole(amount: int, what: str) -> None:
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
        raise SplitError(f"{what} must be a whole number of at least 0, not {amount!r}.")
