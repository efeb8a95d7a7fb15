"""How far composites would move with other items and other judges: the interval of each difference, joint over both.

The board's part of a composite has the variance of the points, clustered over items; the jury's part that of the mean
of the judges' totals, clustered by judge: with T_ij the total of judge j for entry i, n_i its judges and
e_ij = (T_ij − mean_i)/n_i (0 where j gave none), V_J(i, k) = G/(G − 1)·Σ_j (e_ij − e_kj)² over G judges. The consensus
itself is no mean of marks; the spread of the individual marks stands for how far it could have come out otherwise.
Difference ± t·√(w²·V_B/span_B² + (1 − w)²·V_J/span_J²), degrees of freedom by Welch and Satterthwaite.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from leaderboards.candidates import SelectionRules
from leaderboards.decimals import exact, from_float
from leaderboards.jury.reviews import Reviews
from leaderboards.policy import Policy
from leaderboards.ranking import spread_of
from leaderboards.scores import ScoreTable
from leaderboards.ties import Contender

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """The half-width of the interval of each difference of composites, by the sorted pair of names.

    A pair that is absent, because nothing is known about the spread of one of the two, is never told apart.
    """

    half_widths: Mapping[tuple[str, str], Decimal]

    def half_width(self, one: str, other: str) -> Decimal | None:
        """Find the half-width for two names, None where nothing is known."""
        return self.half_widths.get((min(one, other), max(one, other)))

    def separates(self, better: Contender, worse: Contender) -> bool:
        """Tell whether one is significantly better than another: its lead exceeds the half-width of the difference."""
        half = self.half_width(better.entrant, worse.entrant)
        return half is not None and better.composite - worse.composite > Fraction(half)


def totals_of(reviews: Reviews, rules: SelectionRules) -> dict[str, dict[str, Fraction]]:
    """Add up each judge's half marks by entry as the jury's total is; a review that lacks a criterion is none."""
    wanted = {one.name for one in rules.criteria}
    marks: dict[tuple[str, str], dict[str, int]] = {}
    for one in reviews.given():
        if one.criterion in wanted:
            marks.setdefault((one.entry, one.judge), {})[one.criterion] = one.halves or 0
    totals: dict[str, dict[str, Fraction]] = {}
    for (entry, judge), halves in marks.items():
        if halves.keys() == wanted:
            totals.setdefault(entry, {})[judge] = rules.total_of(halves)
    return totals


def composite_spread(scores: ScoreTable, policy: Policy, reviews: Reviews, rules: SelectionRules) -> Spread:
    """Compute the half-widths for every two entries that are ranked and reviewed, at the rules' tie_confidence."""
    names, uncertainty = spread_of(scores, policy)
    totals = totals_of(reviews, rules)
    there = [name for name in names if name in totals]
    judges = sorted({judge for name in there for judge in totals[name]})
    if len(there) < 2 or (rules.weight > 0 and not uncertainty.known) or (rules.weight < 1 and len(judges) < 2):
        return Spread({})
    at = np.array([names.index(name) for name in there])
    board = uncertainty.variance[np.ix_(at, at)] * float((rules.weight / _span(rules.board_span)) ** 2)
    jury = _between_judges([totals[name] for name in there], judges)
    jury *= float(((1 - rules.weight) / _span(rules.jury_span)) ** 2)
    variance = board + jury
    squares = board**2 / uncertainty.freedom[np.ix_(at, at)] + jury**2 / max(len(judges) - 1, 1)
    freedom = np.divide(variance**2, squares, out=np.full_like(variance, 1e7), where=squares > 0)
    confidence = float(exact(rules.tie_confidence) or 0)
    half = stdtrit(np.minimum(freedom, 1e7), (1 + confidence) / 2) * np.sqrt(variance)
    return Spread(
        {
            (one, other): from_float(float(half[place, place + 1 + further]))
            for place, one in enumerate(there)
            for further, other in enumerate(there[place + 1 :])
        }
    )


def _between_judges(totals: Sequence[Mapping[str, Fraction]], judges: Sequence[str]) -> Floats:
    """Compute V_J for every two entries: shape (entries, entries), in half marks squared."""
    influence = np.zeros((len(totals), len(judges)))
    for row, mine in enumerate(totals):
        mean = sum(mine.values(), Fraction(0)) / len(mine)
        for column, judge in enumerate(judges):
            if judge in mine:
                influence[row, column] = float((mine[judge] - mean) / len(mine))
    groups = len(judges)
    if groups < 2:
        return np.zeros((len(totals), len(totals)))
    gaps = influence[:, None, :] - influence[None, :, :]
    squared: Floats = (gaps**2).sum(axis=2) * (groups / (groups - 1))
    return squared


def _span(bounds: tuple[Fraction, Fraction]) -> Fraction:
    return bounds[1] - bounds[0]
