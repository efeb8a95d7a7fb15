"""A pot is split to the last cent and the last hour by rules that anybody can redo with pencil and paper."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor, lcm

from leaderboards.decimals import exact
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


def weights_above(points: Mapping[str, str], threshold: str) -> dict[str, int]:
    """Turn points into whole weights in proportion to what lies above a threshold; 0 for whoever is at it or below.

    Both are exact numbers as text, such as "71.25". Raises SplitError if nobody is above.
    """
    least = _exact(threshold, "the threshold")
    above = {name: max(_exact(value, f"the points of {name!r}") - least, Fraction(0)) for name, value in points.items()}
    if points and not any(above.values()):
        raise SplitError(
            f"nobody has more than {threshold} points, so there is no proportion; choose a lower threshold."
        )
    whole = lcm(*(part.denominator for part in above.values()))
    return {name: int(part * whole) for name, part in above.items()}


def split_hours(
    total_hours: int,
    requests: Mapping[str, int],
    *,
    order: Sequence[str],
    caps: Mapping[str, int] | None = None,
    minimum: int = 0,
    reserve: Sequence[str] = (),
) -> dict[str, int]:
    """Fill requests like vessels with one water level: max-min fair, whole hours, never above request, cap or pot.

    Hours that do not divide go one each in `order`, which names everybody once. caps: the most that a name may get.
    minimum: what everybody gets at least, or the whole request if it is smaller. What is left goes down the `reserve`
    list, each getting request and cap as far as they go; whoever would get less than the minimum gets nothing, and
    the next is asked. What nobody can take stays unassigned: the total less the sum of the shares. Raises SplitError.
    """
    everybody = [*order, *reserve]
    _check(total_hours, everybody, "hours")
    asked = _for_all(requests, everybody, "request")
    for name, cap in (caps or {}).items():
        if name not in asked:
            raise SplitError(f"{name!r} has a cap but no place in the order; add it there.")
        _whole(cap, f"the cap of {name!r}")
        asked[name] = min(asked[name], cap)
    _whole(minimum, "the minimum")
    needed = sum(min(minimum, asked[name]) for name in order)
    if needed > total_hours:
        raise SplitError(
            f"a minimum of {minimum} hours for each of {len(order)} needs {needed}, but the total is {total_hours}; "
            "lower the minimum."
        )
    shares = _filled(total_hours, {name: asked[name] for name in order})
    left = total_hours - sum(shares.values())
    for name in reserve:
        given = min(asked[name], left)
        shares[name] = given if given >= min(minimum, asked[name]) else 0
        left -= shares[name]
    return shares


def _filled(total: int, asked: Mapping[str, int]) -> dict[str, int]:
    shares: dict[str, int] = {}
    left, waiting = total, sorted(asked, key=lambda name: asked[name])
    while waiting:
        level = left // len(waiting)
        if asked[waiting[0]] > level:
            break
        smallest = waiting.pop(0)
        shares[smallest] = asked[smallest]
        left -= asked[smallest]
    thirsty = [name for name in asked if name in waiting]
    for place, name in enumerate(thirsty):
        shares[name] = left // len(thirsty) + (1 if place < left % len(thirsty) else 0)
    return {name: shares[name] for name in asked}


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


def _exact(text: str, what: str) -> Fraction:
    ratio = exact(text) if isinstance(text, str) else None
    if ratio is None:
        raise SplitError(f'{what} must be an exact number such as "71.25", not {text!r}.')
    return ratio
