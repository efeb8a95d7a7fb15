"""A split that is part of a decision is kept as a record, so that it can be redone later."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leaderboards.fields import Fields
from leaderboards.refusals import SplitError
from leaderboards.shares import split_hours, split_money


@dataclass(frozen=True)
class MoneySplit:
    """A pot of prize money in cents, under a name that is unique in its decision."""

    name: str
    total_cents: int
    order: tuple[str, ...]
    weights: Mapping[str, int] | None = None
    minimum_cents: int = 0

    def shares(self) -> dict[str, int]:
        """Split the pot by largest remainder; raise SplitError."""
        return split_money(self.total_cents, self.weights, order=self.order, minimum_cents=self.minimum_cents)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "kind": "money",
            "name": self.name,
            "total_cents": self.total_cents,
            "order": list(self.order),
            "weights": None if self.weights is None else dict(self.weights),
            "minimum_cents": self.minimum_cents,
        }


@dataclass(frozen=True)
class HoursSplit:
    """A pot of compute hours of one machine, under a name that is unique in its decision."""

    name: str
    total_hours: int
    order: tuple[str, ...]
    requests: Mapping[str, int]

    def shares(self) -> dict[str, int]:
        """Split the pot by water-filling under the requests; raise SplitError."""
        return split_hours(self.total_hours, self.requests, order=self.order)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "kind": "hours",
            "name": self.name,
            "total_hours": self.total_hours,
            "order": list(self.order),
            "requests": dict(self.requests),
        }


def read_split(fields: Fields) -> MoneySplit | HoursSplit:
    """Read what `to_dict` of either kind returned; raise the error of the fields, or SplitError for another kind."""
    kind, name, order = fields.text("kind"), fields.text("name"), fields.texts("order")
    split: MoneySplit | HoursSplit
    if kind == "money":
        weights = None if fields.skip_null("weights") else fields.counts("weights")
        split = MoneySplit(name, fields.integer("total_cents"), order, weights, fields.integer("minimum_cents"))
    elif kind == "hours":
        split = HoursSplit(name, fields.integer("total_hours"), order, fields.counts("requests"))
    else:
        raise SplitError(f"{fields.at('kind')} must be 'money' or 'hours', not {kind!r}.")
    fields.close()
    return split
