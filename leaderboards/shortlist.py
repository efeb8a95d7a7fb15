"""Who goes before the jury: every gated entry that cannot be excluded from the best, up to a hard maximum.

An entry is on the list if its gates are passed and the lower bound of its rank is within the places: the statistic
says who cannot be there, and no order of points inside the interval decides. Only where more than the maximum remain
do points decide; entries equal at the last place are told apart by nothing, so none of them is taken unasked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from leaderboards.candidates import Candidate
from leaderboards.decimals import exact
from leaderboards.fields import Fields
from leaderboards.ranks import at_precision
from leaderboards.refusals import SelectionError


@dataclass(frozen=True)
class ShortlistRules:
    """How many places the jury has, how many entries it can take at the very most, and when points are equal.

    gates: the names of the gates that come before the list; without any, all gates do.
    """

    places: int = 12
    most: int = 16
    decimals: int = 2
    gates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rules that list nobody; raise SelectionError."""
        if not 1 <= self.places <= self.most:
            raise SelectionError(
                "a shortlist has at least 1 place and at most as many as its maximum, not "
                f"{self.places} of {self.most}."
            )
        if not 0 <= self.decimals <= 6:
            raise SelectionError(f"decimals must be from 0 to 6, not {self.decimals}.")

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        gates = {"gates": list(self.gates)} if self.gates else {}
        return gates | {"places": self.places, "most": self.most, "decimals": self.decimals}

    @classmethod
    def from_fields(cls, fields: Fields) -> "ShortlistRules":
        """Read what `to_dict` returned; raise the error of the fields, or SelectionError."""
        places, most, decimals = (fields.integer(name) for name in ("places", "most", "decimals"))
        rules = cls(places, most, decimals, fields.texts("gates", ()))
        fields.close()
        return rules


@dataclass(frozen=True)
class Shortlist:
    """Those listed, by name; those tied for the last places, on whom the panel decides; why each other is not listed.

    undecided is not empty only where more entries than the maximum cannot be excluded and points are equal at its end.
    """

    listed: tuple[str, ...]
    undecided: tuple[str, ...]
    left_out: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {"listed": list(self.listed), "undecided": list(self.undecided), "left_out": dict(self.left_out)}


def shortlist(candidates: Sequence[Candidate], rules: ShortlistRules) -> Shortlist:
    """List the gated candidates with rank_low ≤ places; raise SelectionError if one is there twice."""
    entrants = sorted(candidates, key=lambda one: one.entrant)
    names = [one.entrant for one in entrants]
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise SelectionError(f"{doubled[0]!r} is a candidate twice; keep one entry.")
    left_out: dict[str, str] = {}
    reaching: list[Candidate] = []
    for one in entrants:
        reason = _why_not(one, rules)
        if reason is None:
            reaching.append(one)
        else:
            left_out[one.entrant] = reason
    points = {one.entrant: at_precision(_points(one), decimals=rules.decimals) for one in reaching}
    order = sorted(points, key=lambda name: (-points[name], name))
    if len(order) <= rules.most:
        return Shortlist(tuple(sorted(order)), (), left_out)
    last, first_out = points[order[rules.most - 1]], points[order[rules.most]]
    undecided = [name for name in order if points[name] == last] if last == first_out else []
    for name in order[rules.most :]:
        if name not in undecided:
            left_out[name] = (
                f"{name} may belong to the best {rules.places}, but so may {len(order)} entries, the jury can take "
                f"{rules.most}, and {rules.most} have more points."
            )
    listed = [name for name in order[: rules.most] if name not in undecided]
    return Shortlist(tuple(sorted(listed)), tuple(sorted(undecided)), dict(sorted(left_out.items())))


def _why_not(one: Candidate, rules: ShortlistRules) -> str | None:
    failed = [gate for gate in one.gates if not gate.passed and (not rules.gates or gate.name in rules.gates)]
    if failed:
        told = "; ".join(f"gate {gate.name} not passed ({gate.evidence or 'no evidence given'})" for gate in failed)
        return f"{one.entrant} is not on the list: {told}."
    if one.points is None or one.rank_low is None:
        return f"{one.entrant} is not on the list: it is unranked on the board."
    if one.rank_low > rules.places:
        return (
            f"{one.entrant} is not on the list: {one.rank_low - 1} entries are significantly better, so it cannot "
            f"belong to the best {rules.places}; its rank lies between {one.rank_low} and {one.rank_high}."
        )
    return None


def _points(one: Candidate) -> Fraction:
    return (exact(one.points) if one.points is not None else None) or Fraction(0)
