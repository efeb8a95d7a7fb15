"""The command `split` divides a pot of money or of hours among names in order of rank."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from leaderboards.commands.exits import DONE
from leaderboards.commands.parsing import count
from leaderboards.commands.telling import tell
from leaderboards.printing import aligned, plain
from leaderboards.refusals import SplitError
from leaderboards.shares import split_hours, split_money

if TYPE_CHECKING:
    from leaderboards.commands.parsing import Commands


def add_split(commands: Commands) -> None:
    """Say what `split money` and `split hours` take."""
    kinds = commands.add_parser("split", help="split a pot").add_subparsers(required=True, metavar="money | hours")
    money = kinds.add_parser("money", help="largest remainder, in cents")
    money.add_argument("total", type=count, help="the pot in cents")
    money.add_argument("shares", nargs="+", metavar="NAME[=WEIGHT]", help="in order of rank; all with a weight or none")
    money.add_argument("--minimum", type=count, default=0, help="cents that everybody gets first")
    money.set_defaults(run=_split_money)
    hours = kinds.add_parser("hours", help="water-filling under requests, in whole hours")
    hours.add_argument("total", type=count, help="the pot in hours")
    hours.add_argument("shares", nargs="+", metavar="NAME=REQUEST", help="in order of rank")
    hours.set_defaults(run=_split_hours)


def _split_money(chosen: Namespace) -> int:
    amounts = _amounts(chosen.shares)
    given = {name: amount for name, amount in amounts.items() if amount is not None}
    if given and len(given) != len(amounts):
        unweighted = next(name for name, amount in amounts.items() if amount is None)
        raise SplitError(f"{unweighted!r} has no weight but others do; give all a weight or none.")
    shares = split_money(chosen.total, given or None, order=list(amounts), minimum_cents=chosen.minimum)
    rows = [(plain(name), str(cents), f"{cents // 100:,}.{cents % 100:02}") for name, cents in shares.items()]
    tell(aligned([("name", "cents", "amount"), *rows], left={0}))
    return DONE


def _split_hours(chosen: Namespace) -> int:
    amounts = _amounts(chosen.shares)
    requests: dict[str, int] = {}
    for name, amount in amounts.items():
        if amount is None:
            raise SplitError(f"{name!r} has no request; write {name}=HOURS.")
        requests[name] = amount
    shares = split_hours(chosen.total, requests, order=list(requests))
    rows = [(plain(name), str(requests[name]), str(hours)) for name, hours in shares.items()]
    rows.append(("unassigned", "", str(chosen.total - sum(shares.values()))))
    tell(aligned([("name", "request", "hours"), *rows], left={0}))
    return DONE


def _amounts(words: Sequence[str]) -> dict[str, int | None]:
    amounts: dict[str, int | None] = {}
    for word in words:
        name, equals, amount = word.rpartition("=") if "=" in word else (word, "", "")
        if not name or (equals and not (amount.isascii() and amount.isdigit() and len(amount) <= 18)):
            raise SplitError(f"{word!r} is not understood; write a name, or NAME=NUMBER with a whole number.")
        if name in amounts:
            raise SplitError(f"{name!r} is named twice; name everybody once.")
        amounts[name] = int(amount) if equals else None
    return amounts
