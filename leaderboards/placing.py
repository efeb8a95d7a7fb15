"""Contenders are put in order one place at a time; what ties them is the rules' choice, and every tie is on record.

Equal composites are always a tie. With `tie: interval` so are, at the cut, contenders whose difference lies inside its
interval: the next place then goes, by the declared steps, to one of those than whom nobody left is significantly
better. So nobody is ever placed ahead of one who is significantly better, and the reserve list below stays in order
of the composite.
"""

from collections.abc import Sequence
from itertools import groupby

from leaderboards.candidates import BY_INTERVAL, SelectionRules
from leaderboards.decimals import from_exact
from leaderboards.refusals import SelectionError
from leaderboards.selection import Place
from leaderboards.spread import Spread
from leaderboards.ties import Contender, listed, narrow


def place_all(
    contenders: Sequence[Contender], rules: SelectionRules, *, spread: Spread | None, log: list[str]
) -> list[Place]:
    """Place every contender as winner, reserve or undecided; raise SelectionError where a needed spread is missing."""
    ordered = sorted(contenders, key=lambda one: -one.composite)
    won: set[str] = set()
    if rules.tie != BY_INTERVAL:
        return _by_composite(ordered, rules, places=[], won=won, free=rules.max_winners, log=log)
    if spread is None:
        raise SelectionError("the rules declare a tie by interval; give the spread of scores and marks to compare by.")
    places, left = _at_the_cut(ordered, rules, spread, won=won, log=log)
    return _by_composite(left, rules, places=places, won=won, free=0, log=log)


def named_by_outcome(places: Sequence[Place]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Name the winners, the reserve and the undecided, each in order."""
    winners, reserve, undecided = (
        tuple(place.entrant for place in places if place.outcome == outcome)
        for outcome in ("winner", "reserve", "undecided")
    )
    return winners, reserve, undecided


def _by_composite(
    ordered: Sequence[Contender],
    rules: SelectionRules,
    *,
    places: list[Place],
    won: set[str],
    free: int,
    log: list[str],
) -> list[Place]:
    for composite, group in groupby(ordered, key=lambda one: one.composite):
        left = tuple(group)
        if len(left) > 1:
            log.append(f"{listed(left)} are tied at composite {from_exact(composite)}.")
        # One place at a time, because a winner's country is no longer new for the next.
        while left:
            ahead = narrow(left, rules, won=won, log=log) if len(left) > 1 else left
            outcome = "winner" if len(ahead) <= free else "reserve" if free == 0 else "undecided"
            if len(ahead) > 1:
                log.append(_open_tie_sentence(ahead, outcome, free))
            if outcome == "winner":
                won |= {one.candidate.country for one in ahead}
                free -= len(ahead)
            elif outcome == "undecided":
                free = 0  # these places wait for the panel; nobody below may take them
            position = len(places) + 1
            places += [_place(one, position, outcome) for one in ahead]
            left = tuple(one for one in left if one not in ahead)
    return places


def _open_tie_sentence(tied: Sequence[Contender], outcome: str, free: int) -> str:
    if outcome == "winner":
        return f"{listed(tied)} stay tied, but there is a place for each."
    if outcome == "reserve":
        return f"{listed(tied)} stay tied on the reserve list and share a place there."
    places = "place" if free == 1 else "places"
    return f"{listed(tied)} stay tied for {free} {places}: none of them wins until the panel votes."


def _place(one: Contender, position: int, outcome: str) -> Place:
    board, jury, composite = (format(from_exact(value), "f") for value in (one.board, one.jury, one.composite))
    return Place(position, one.entrant, outcome, board, jury, composite)


def _at_the_cut(
    ordered: Sequence[Contender], rules: SelectionRules, spread: Spread, *, won: set[str], log: list[str]
) -> tuple[list[Place], list[Contender]]:
    """Place contenders until no place is free; return the places and whoever is left."""
    places: list[Place] = []
    left, free = list(ordered), rules.max_winners
    told: tuple[Contender, ...] = ()
    while left and free:
        pool = tuple(one for one in left if not any(spread.separates(other, one) for other in left))
        if len(pool) <= free:
            pool = tuple(one for one in pool if one.composite == left[0].composite)
        elif pool != told:
            log.append(_interval_tie_sentence(pool, spread, rules, free))
            told = pool
        ahead = narrow(pool, rules, won=won, log=log) if len(pool) > 1 else pool
        outcome = "winner" if len(ahead) <= free else "undecided"
        if len(ahead) > 1:
            log.append(_open_tie_sentence(ahead, outcome, free))
        won |= {one.candidate.country for one in ahead} if outcome == "winner" else set()
        free -= len(ahead) if outcome == "winner" else free
        position = len(places) + 1
        places += [_place(one, position, outcome) for one in ahead]
        left = [one for one in left if one not in ahead]
    return places, left


def _interval_tie_sentence(pool: Sequence[Contender], spread: Spread, rules: SelectionRules, free: int) -> str:
    by_composite = sorted(pool, key=lambda one: (-one.composite, one.entrant))
    first, last = by_composite[0], by_composite[-1]
    half = spread.half_width(first.entrant, last.entrant)
    apart = (
        "nothing is known about their spread"
        if half is None
        else f"{first.entrant} and {last.entrant} differ by {from_exact(first.composite - last.composite)} ± {half}"
    )
    places = "place" if free == 1 else "places"
    return (
        f"{listed(by_composite)} are tied for {free} {places}: nobody is significantly better than any of them at "
        f"confidence {rules.tie_confidence} ({apart})."
    )
