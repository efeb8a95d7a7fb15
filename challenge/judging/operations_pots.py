"""Shares out the pots, for a look ahead and the decision: money to the cent, hours to the hour, rest to the reserve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Protocol

import leaderboards
from challenge.calls.document import MachineHours, Prize, Rules

MONEY, HOURS = "money", "hours on "
RESERVE = "reserve"

Pot = leaderboards.MoneySplit | leaderboards.HoursSplit


class Entrant(Protocol):
    """What counts of an entry when pots are shared."""

    @property
    def points(self) -> str | None:
        """Points on the deciding board, a decimal text."""

    @property
    def requests(self) -> Mapping[str, int]:
        """Hours asked for, by machine."""


@dataclass(frozen=True)
class Pots:
    """The pots as the bundle keeps them, their shares by name of the pot, and what has to be said about them."""

    splits: tuple[Pot, ...]
    shares: Mapping[str, Mapping[str, int]]
    notes: tuple[str, ...]


def pots(call_rules: Rules, entrants: Mapping[str, Entrant], selection: leaderboards.Selection) -> Pots:
    """Share money and hours among winners as the call declares; nothing is shared where nobody wins.

    `entrants` by reference, all that have a place.

    Raises SplitError where least shares need more than there is.
    """
    if not selection.winners:
        return Pots((), {}, ())
    notes: list[str] = []
    splits: list[Pot] = [_money(call_rules.prize, entrants, selection.winners, notes)]
    waiting = [
        tuple(place.entrant for place in group)
        for _, group in groupby((one for one in selection.places if one.outcome == RESERVE), lambda one: one.position)
    ]
    for machine in call_rules.hours:
        splits.append(_hours(machine, entrants, selection.winners, waiting, notes))
    return Pots(tuple(splits), {split.name: split.shares() for split in splits}, tuple(notes))


def _money(
    prize: Prize, entrants: Mapping[str, Entrant], winners: tuple[str, ...], notes: list[str]
) -> leaderboards.MoneySplit:
    equal = leaderboards.MoneySplit(MONEY, prize.cents, winners, None, prize.minimum_cents)
    if prize.above is None:
        return equal
    points = {name: entrants[name].points or "0" for name in winners}
    if not any(Decimal(one) > Decimal(prize.above) for one in points.values()):
        notes.append(f"No winner has more than {prize.above} points, so the money is shared equally.")
        return equal
    return replace(equal, weights=leaderboards.weights_above(points, prize.above), above=prize.above)


def _hours(
    machine: MachineHours,
    entrants: Mapping[str, Entrant],
    winners: tuple[str, ...],
    waiting: Sequence[tuple[str, ...]],
    notes: list[str],
) -> leaderboards.HoursSplit:
    def asked(names: Sequence[str]) -> dict[str, int]:
        return {name: entrants[name].requests.get(machine.machine, 0) for name in names}

    pot = leaderboards.HoursSplit(
        f"{HOURS}{machine.machine}",
        machine.hours,
        winners,
        asked(winners),
        cap=machine.cap,
        minimum=machine.minimum,
    )
    if machine.leftover != RESERVE:
        return pot
    for group in waiting:
        wider = replace(pot, requests={**pot.requests, **asked(group)}, reserve=(*pot.reserve, *group))
        if len(group) > 1 and not _all_served(wider, group):
            # who shares a place is parted by nothing, so nobody of them is served before the others
            notes.append(
                f"{machine.machine}: {' and '.join(group)} share a place on the reserve list, and what winners left is "
                "not enough for all of them; it stays unassigned from there on."
            )
            break
        pot = wider
    return pot


def _all_served(pot: leaderboards.HoursSplit, names: Sequence[str]) -> bool:
    shares, most = pot.shares(), pot.total_hours if pot.cap is None else pot.cap
    return all(shares[name] == min(pot.requests[name], most) for name in names)
