"""How far the private board moved away from the public one: what a public board teaches its teams too well.

Kendall's τ_b between both orders, the largest moves, and the optimism: public points minus private points. Both parts
have items of their own, so the variances of an entrant's two results add up; degrees of freedom by Welch (1947).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from scipy.special import stdtrit
from scipy.stats import kendalltau

from leaderboards.comparisons.comparable import comparable, gap
from leaderboards.decimals import from_exact, from_float, spelled
from leaderboards.policy import Policy
from leaderboards.ranking import ranks_of
from leaderboards.refusals import GuardError
from leaderboards.scores import ScoreTable, Unranked
from leaderboards.uncertainty import Uncertainty, measure
from leaderboards.utility import FULL_MARKS, total, utilities


@dataclass(frozen=True)
class Optimism:
    """Public minus private points with their interval, None where no spread can be estimated."""

    points: Decimal
    low: Decimal | None
    high: Decimal | None

    def to_dict(self) -> dict[str, Any]:
        """Return the three numbers as decimal strings, null where there is none."""
        return {"points": spelled(self.points), "low": spelled(self.low), "high": spelled(self.high)}


@dataclass(frozen=True)
class Move:
    """One entrant on both boards; down is above 0 for who fell."""

    entrant: str
    public_points: Decimal
    private_points: Decimal
    public_rank: int
    private_rank: int
    optimism: Optimism

    @property
    def down(self) -> int:
        """Compute by how many ranks the entrant fell from the public to the private board."""
        return self.private_rank - self.public_rank


@dataclass(frozen=True)
class ShakeUp:
    """The entrants on both boards by private rank, then name; the mean optimism of all; who is on one board only.

    tau: Kendall's τ_b of both points, None with fewer than two entrants or where a board has one tie of all.
    """

    moves: tuple[Move, ...]
    tau: Decimal | None
    optimism: Optimism
    left_out: tuple[Unranked, ...]

    def largest(self, count: int) -> tuple[Move, ...]:
        """Return the `count` largest moves, up or down, those that moved at all."""
        moved = sorted((move for move in self.moves if move.down), key=lambda one: (-abs(one.down), one.private_rank))
        return tuple(moved[:count])

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types in which every real number is a decimal string."""
        return {
            "moves": [
                {
                    "entrant": move.entrant,
                    "public_points": spelled(move.public_points),
                    "private_points": spelled(move.private_points),
                    "public_rank": move.public_rank,
                    "private_rank": move.private_rank,
                    "optimism": move.optimism.to_dict(),
                }
                for move in self.moves
            ],
            "tau": spelled(self.tau),
            "optimism": self.optimism.to_dict(),
            "left_out": [{"entrant": one.entrant, "reason": one.reason} for one in self.left_out],
        }


def shake_up(public: ScoreTable, private: ScoreTable, policy: Policy) -> ShakeUp:
    """Compare the boards of two parts with disjoint items, both ranked by the same policy.

    Raises GuardError if no entrant is complete on both, or if an item of a task is in both parts.
    """
    for block in public.tasks:
        other = private.task(block.task)
        common = sorted(set(block.items) & set(other.items)) if other is not None else []
        if common:
            raise GuardError(f"task {block.task}: item {common[0]!r} is in both parts; an item belongs to one.")
    both, left_out = _on_both(public, private, policy)
    if not both:
        raise GuardError("nobody has a complete result on both parts; a report needs at least one entrant.")
    tables = [comparable(table, policy, entrants=both) for table in (public, private)]
    found = [utilities(table, policy) for table in tables]
    spreads = [measure(table, policy, found=part) for table, part in zip(tables, found, strict=True)]
    points = [[total(one) for one in part] for part in found]
    ranks = [ranks_of(part, policy) for part in points]
    known = spreads if all(part.known for part in spreads) else []
    moves = [
        Move(
            entrant=entrant,
            public_points=from_exact(points[0][row]),
            private_points=from_exact(points[1][row]),
            public_rank=ranks[0][row],
            private_rank=ranks[1][row],
            optimism=_optimism(
                points[0][row] - points[1][row],
                [_Spread(float(part.covariance[row, row]), float(part.own_freedom[row])) for part in known],
                policy,
            ),
        )
        for row, entrant in enumerate(both)
    ]
    mean = (sum(points[0], Fraction(0)) - sum(points[1], Fraction(0))) / len(both)
    return ShakeUp(
        moves=tuple(sorted(moves, key=lambda one: (one.private_rank, one.entrant))),
        tau=tau(points[0], points[1]),
        optimism=_optimism(mean, [_of_mean(part) for part in known], policy),
        left_out=left_out,
    )


def tau(public: Sequence[Fraction], private: Sequence[Fraction]) -> Decimal | None:
    """Compute Kendall's τ_b of two exact lists; None with fewer than two entrants or a list of one value."""
    if len(set(public)) < 2 or len(set(private)) < 2:
        return None
    places = [{value: place for place, value in enumerate(sorted(set(values)))} for values in (public, private)]
    found = kendalltau([places[0][value] for value in public], [places[1][value] for value in private])
    return from_float(float(found.statistic))


def _on_both(public: ScoreTable, private: ScoreTable, policy: Policy) -> tuple[list[str], tuple[Unranked, ...]]:
    both, left_out = [], []
    tables = [(part, table.without({one.entrant for one in table.status})) for part, table in _parts(public, private)]
    reasons = {one.entrant: one.reason for table in (public, private) for one in table.status}
    there = {part: set(table.entrants) for part, table in tables}
    # asked of all at once first: mostly nobody lacks anything
    lacking = [(part, table) for part, table in tables if gap(table, policy, table.entrants) is not None]
    for entrant in sorted({*public.entrants, *private.entrants, *reasons}):
        reason = reasons.get(entrant) or next(
            (f"not on the {part} board" for part, names in there.items() if entrant not in names), None
        )
        for part, table in lacking:
            if reason is None and (found := gap(table, policy, [entrant])) is not None:
                reason = f"{found.removeprefix(f'{entrant} has ')} of the {part} part"
        if reason is None:
            both.append(entrant)
        else:
            left_out.append(Unranked(entrant, reason))
    return both, tuple(left_out)


def _parts(public: ScoreTable, private: ScoreTable) -> list[tuple[str, ScoreTable]]:
    return [("public", public), ("private", private)]


class _Spread(NamedTuple):
    """Variance of an entrant's points on one part, or of the mean of all, with its degrees of freedom."""

    variance: float
    freedom: float


def _of_mean(part: Uncertainty) -> _Spread:
    """Take the variance of the mean of all, with the fewest degrees of freedom of any entrant in it."""
    return _Spread(float(part.covariance.mean()), float(part.own_freedom.min()))


def _optimism(points: Fraction, parts: Sequence[_Spread], policy: Policy) -> Optimism:
    """Set t(ν)·SE around an optimism, ν by Welch; without `parts` no spread is known."""
    middle = from_exact(points)
    if not parts:
        return Optimism(middle, None, None)
    whole = sum(part.variance for part in parts)
    below = sum(part.variance**2 / part.freedom for part in parts)
    nu = min(whole**2 / below, 1e7) if below > 0 else 1e7
    half = from_float(float(stdtrit(nu, (1 + policy.confidence) / 2)) * max(whole, 0.0) ** 0.5)
    most = from_exact(Fraction(FULL_MARKS))  # no two points lie further apart
    return Optimism(middle, max(-most, middle - half), min(most, middle + half))
