"""A split that is part of a decision is kept as a record, so that it can be redone later.

What a split does without is left out of its record, so that a bundle keeps its bytes when splits learn something new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from leaderboards.fields import Fields
from leaderboards.refusals import SplitError
from leaderboards.shares import split_hours, split_money


@dataclass(frozen=True)
class MoneySplit:
    """A pot of prize money in cents, under a name that is unique in its decision; without weights in equal shares.

    above: the threshold whose excess of board points the weights are, where they are that; `verify` then checks them
    against the board.
    """

    name: str
    total_cents: int
    order: tuple[str, ...]
    weights: Mapping[str, int] | None = None
    minimum_cents: int = 0
    above: str | None = None

    def shares(self) -> dict[str, int]:
        """Split the pot by largest remainder; raise SplitError."""
        return split_money(self.total_cents, self.weights, order=self.order, minimum_cents=self.minimum_cents)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        record = {
            "kind": "money",
            "name": self.name,
            "total_cents": self.total_cents,
            "order": list(self.order),
            "weights": None if self.weights is None else dict(self.weights),
            "minimum_cents": self.minimum_cents,
        }
        return record if self.above is None else record | {"above": self.above}


@dataclass(frozen=True)
class HoursSplit:
    """A pot of compute hours of one machine, under a name that is unique in its decision.

    cap: the most that anybody may get on this machine; caps: the most that a name may get; minimum: what everybody
    in `order` gets at least; reserve: who is served after them, one by one, from what is left.
    """

    name: str
    total_hours: int
    order: tuple[str, ...]
    requests: Mapping[str, int]
    cap: int | None = None
    caps: Mapping[str, int] | None = None
    minimum: int = 0
    reserve: tuple[str, ...] = ()

    def shares(self) -> dict[str, int]:
        """Split the pot by water-filling under requests and caps, then down the reserve list; raise SplitError."""
        caps = dict(self.caps or {})
        if self.cap is not None:
            caps = {name: min(self.cap, caps.get(name, self.cap)) for name in {*self.order, *self.reserve, *caps}}
        return split_hours(
            self.total_hours,
            self.requests,
            order=self.order,
            caps=caps or None,
            minimum=self.minimum,
            reserve=self.reserve,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        record: dict[str, Any] = {
            "kind": "hours",
            "name": self.name,
            "total_hours": self.total_hours,
            "order": list(self.order),
            "requests": dict(self.requests),
        }
        if self.cap is not None:
            record["cap"] = self.cap
        if self.caps is not None:
            record["caps"] = dict(self.caps)
        if self.minimum:
            record["minimum"] = self.minimum
        if self.reserve:
            record["reserve"] = list(self.reserve)
        return record


def within_budgets(pots: Sequence[HoursSplit], *, budgets: Mapping[str, int]) -> tuple[HoursSplit, ...]:
    """Cap each machine's pot, in the given order, by what earlier machines have left of a name's budget for all.

    Each pot stays a split of its own. Whoever has no budget is bounded by requests and caps alone. Raises SplitError.
    """
    left = dict(budgets)
    bounded = []
    for pot in pots:
        there = {*pot.order, *pot.reserve}
        caps = dict(pot.caps or {})
        caps |= {name: min(left[name], caps.get(name, left[name])) for name in sorted(left) if name in there}
        bounded.append(replace(pot, caps=caps or None))
        for name, hours in bounded[-1].shares().items():
            if name in left:
                left[name] -= hours
    return tuple(bounded)


def read_split(fields: Fields) -> MoneySplit | HoursSplit:
    """Read what `to_dict` of either kind returned; raise the error of the fields, or SplitError for another kind."""
    kind, name, order = fields.text("kind"), fields.text("name"), fields.texts("order")
    split: MoneySplit | HoursSplit
    if kind == "money":
        weights = None if fields.skip_null("weights") else fields.counts("weights")
        total, minimum = fields.integer("total_cents"), fields.integer("minimum_cents")
        split = MoneySplit(name, total, order, weights, minimum, fields.text("above") if fields.has("above") else None)
    elif kind == "hours":
        split = HoursSplit(
            name,
            fields.integer("total_hours"),
            order,
            fields.counts("requests"),
            cap=fields.integer("cap", low=0) if fields.has("cap") else None,
            caps=fields.counts("caps") if fields.has("caps") else None,
            minimum=fields.integer("minimum", 0, low=0),
            reserve=fields.texts("reserve", ()),
        )
    else:
        raise SplitError(f"{fields.at('kind')} must be 'money' or 'hours', not {kind!r}.")
    fields.close()
    return split
