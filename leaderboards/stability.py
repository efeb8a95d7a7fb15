"""How far the winners hang on the weight, on one judge, on the items and on who sat in the jury.

Three variations, each a rerun of the same rules: the board's weight swept; each judge left out in turn; and, jointly,
items and judges drawn anew. A judge's leaving, or a drawn jury, moves an entry's consensus total by as much as it
moves the mean of the judges' totals. Gates and thresholds stay as decided: what varies is the composite alone. In a
draw only equal composites are ties; the interval of a difference is what the draws themselves show.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leaderboards.candidates import BY_INTERVAL, Candidate, SelectionRules
from leaderboards.canonical import digest
from leaderboards.decimals import exact
from leaderboards.draws import Draws
from leaderboards.fields import Fields
from leaderboards.jury.reviews import Reviews
from leaderboards.placing import named_by_outcome, place_all
from leaderboards.policy import Policy
from leaderboards.ranking import spread_of
from leaderboards.refusals import SelectionError
from leaderboards.scores import ScoreTable
from leaderboards.spread import Spread, composite_spread, totals_of
from leaderboards.ties import Contender
from leaderboards.winners import contend

Floats = NDArray[np.float64]
Totals = Mapping[str, Mapping[str, Fraction]]
_STEP = 10**9  # composites of a draw are compared as whole billionths, so that equal ones are equal


@dataclass(frozen=True)
class StabilityPlan:
    """Which weights of the board are tried, and how often items and judges are drawn, from which seed."""

    weights: tuple[str, ...] = tuple(f"0.{hundredths}" for hundredths in range(30, 71, 5))
    draws: int = 5_000
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse weights or numbers that cannot be tried; raise SelectionError."""
        for text in self.weights:
            weight = exact(text)
            if weight is None or not 0 <= weight <= 1:
                raise SelectionError(f'a weight to be tried must be from "0" to "1", not {text!r}.')
        if not 0 <= self.draws <= 1_000_000 or self.seed < 0:
            raise SelectionError(f"draws run from 0 to 1000000 and the seed from 0, not {self.draws} and {self.seed}.")

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {"weights": list(self.weights), "draws": self.draws, "seed": self.seed}

    @classmethod
    def from_fields(cls, fields: Fields) -> "StabilityPlan":
        """Read what `to_dict` returned; raise the error of the fields, or SelectionError."""
        plan = cls(fields.texts("weights"), fields.integer("draws"), fields.integer("seed"))
        fields.close()
        return plan


@dataclass(frozen=True)
class Variation:
    """The winners, and the undecided, when one thing is otherwise; both in order of their places."""

    changed: str
    winners: tuple[str, ...]
    undecided: tuple[str, ...]


@dataclass(frozen=True)
class Stability:
    """The winners under every weight and without every judge; how often each entrant, and each set, wins in the draws.

    selected: times by entrant; sets: (winners by name, undecided by name, times), the most frequent first.
    """

    weights: tuple[Variation, ...]
    judges: tuple[Variation, ...]
    draws: int
    selected: tuple[tuple[str, int], ...]
    sets: tuple[tuple[tuple[str, ...], tuple[str, ...], int], ...]

    def digest(self) -> str:
        """Compute the SHA-256 of the canonical JSON."""
        return digest(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "weights": [_told(one) for one in self.weights],
            "judges": [_told(one) for one in self.judges],
            "draws": self.draws,
            "selected": [[name, times] for name, times in self.selected],
            "sets": [[list(winners), list(undecided), times] for winners, undecided, times in self.sets],
        }

    def sentences(self) -> list[str]:
        """Say how stable the choice is, one sentence for each variation, and every set of winners with how often."""
        said = []
        for what, found in (("weights of the board", self.weights), ("juries of one judge fewer", self.judges)):
            sets = {(frozenset(one.winners), frozenset(one.undecided)) for one in found}
            if found:
                sets_of = "the same set" if len(sets) == 1 else f"{len(sets)} different sets"
                said.append(f"{len(found)} {what} give {sets_of} of winners.")
        for winners, undecided, times in self.sets:
            open_ = f", with {', '.join(undecided)} undecided" if undecided else ""
            said.append(f"{', '.join(winners) or 'Nobody'} won in {times} of {self.draws} draws{open_}.")
        return said


def stability(
    candidates: Sequence[Candidate],
    rules: SelectionRules,
    *,
    scores: ScoreTable,
    policy: Policy,
    reviews: Reviews,
    plan: StabilityPlan | None = None,
) -> Stability:
    """Rerun the choice of winners under every variation of the plan; raise SelectionError for incomplete input.

    Marks of entries that are no contenders play no part. Where a task has fewer than two clusters the items cannot be
    drawn, and only judges vary.
    """
    plan = plan or StabilityPlan()
    contenders, _ = contend(candidates, rules, [])
    reviews = reviews.of_entries({one.entrant for one in contenders})
    sources = _Sources(scores, policy, reviews)
    totals = totals_of(reviews, rules)
    weights = []
    for text in plan.weights:
        varied = replace(rules, board_weight=text)
        weights.append(_vary(text, contend(candidates, varied, [])[0], varied, sources))
    judges = []
    for judge in sorted({judge for mine in totals.values() for judge in mine}):
        moved = [_moved(one, rules, _shift(totals.get(one.entrant, {}), judge)) for one in contenders]
        judges.append(_vary(judge, moved, rules, replace(sources, reviews=reviews.without(judges={judge}))))
    tally, sets = _drawn(contenders, rules, sources, totals, plan)
    return Stability(
        tuple(weights),
        tuple(judges),
        plan.draws,
        tuple(sorted(((one.entrant, tally[one.entrant]) for one in contenders), key=lambda one: (-one[1], one[0]))),
        tuple((*key, times) for key, times in sorted(sets.items(), key=lambda one: (-one[1], one[0]))),
    )


@dataclass(frozen=True, eq=False)
class _Sources:
    scores: ScoreTable
    policy: Policy
    reviews: Reviews

    def spread(self, rules: SelectionRules) -> Spread | None:
        if rules.tie != BY_INTERVAL:
            return None
        return composite_spread(self.scores, self.policy, self.reviews, rules)


def _vary(changed: str, contenders: Sequence[Contender], rules: SelectionRules, sources: _Sources) -> Variation:
    winners, _, undecided = named_by_outcome(place_all(contenders, rules, spread=sources.spread(rules), log=[]))
    return Variation(changed, winners, undecided)


def _moved(one: Contender, rules: SelectionRules, halves: Fraction) -> Contender:
    low, high = rules.jury_span
    jury = one.jury + halves / (high - low)
    return replace(one, jury=jury, composite=rules.weight * one.board + (1 - rules.weight) * jury)


def _shift(totals: Mapping[str, Fraction], judge: str) -> Fraction:
    """Compute by how many half marks the mean moves without a judge; 0 if nobody else is there."""
    others = [total for name, total in totals.items() if name != judge]
    if judge not in totals or not others:
        return Fraction(0)
    return sum(others, Fraction(0)) / len(others) - sum(totals.values(), Fraction(0)) / len(totals)


def _drawn(
    contenders: Sequence[Contender], rules: SelectionRules, sources: _Sources, totals: Totals, plan: StabilityPlan
) -> tuple[Counter[str], Counter[tuple[tuple[str, ...], tuple[str, ...]]]]:
    selected: Counter[str] = Counter()
    sets: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    if not contenders or not plan.draws:
        return selected, sets
    weight, (low, high) = float(rules.weight), rules.board_span
    board = _drawn_points([one.entrant for one in contenders], sources, plan) * (weight / float(high - low))
    low, high = rules.jury_span
    jury = _drawn_shifts([totals.get(one.entrant, {}) for one in contenders], plan) * ((1 - weight) / float(high - low))
    middle = np.array([float(one.composite) for one in contenders])
    whole = np.rint((middle + board + jury) * _STEP).astype(np.int64)
    # By draw the order of names decides between equals, and only such draws need the rules to decide at the cut.
    order = np.argsort(-whole, axis=1, kind="stable")
    free = rules.max_winners
    plain = replace(rules, tie="equal")
    for row, places in zip(whole, order, strict=True):
        first = places[:free]
        undecided: tuple[str, ...] = ()
        if len(contenders) > free and row[places[free - 1]] == row[places[free]]:
            redrawn = [replace(one, composite=Fraction(int(row[n]), _STEP)) for n, one in enumerate(contenders)]
            named = named_by_outcome(place_all(redrawn, plain, spread=None, log=[]))
            winners, undecided = tuple(sorted(named[0])), tuple(sorted(named[2]))
        else:
            winners = tuple(sorted(contenders[n].entrant for n in first.tolist()))
        sets[winners, undecided] += 1
        selected.update(winners)
    return selected, sets


def _drawn_points(names: Sequence[str], sources: _Sources, plan: StabilityPlan) -> Floats:
    """Draw by how many points each contender moves with other items: shape (draws, contenders)."""
    moved = np.zeros((plan.draws, len(names)))
    ranked, uncertainty = spread_of(sources.scores, sources.policy)
    there = [column for column, name in enumerate(names) if name in ranked]
    if not there or not uncertainty.known:
        return moved
    at = np.array([ranked.index(names[column]) for column in there])
    draws = Draws(uncertainty.covariance[np.ix_(at, at)], count=plan.draws, seed=plan.seed)
    moved[:, there] = np.concatenate([draws.block(number) for number in range(draws.blocks())])
    return moved


def _drawn_shifts(totals: Sequence[Mapping[str, Fraction]], plan: StabilityPlan) -> Floats:
    """Draw juries with replacement and find by how many half marks each mean moves: shape (draws, contenders).

    An entry of which nobody drawn has a total keeps its own.
    """
    judges = sorted({judge for mine in totals for judge in mine})
    if not judges:
        return np.zeros((plan.draws, len(totals)))
    stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(plan.seed, spawn_key=(0, 1))))
    chosen = stream.integers(0, len(judges), size=(plan.draws, len(judges)))
    counts = np.zeros((plan.draws, len(judges)))
    np.add.at(counts, (np.arange(plan.draws)[:, None], chosen), 1.0)
    shifts = np.zeros((plan.draws, len(totals)))
    for column, mine in enumerate(totals):
        present = [number for number, judge in enumerate(judges) if judge in mine]
        if not present:
            continue
        mean = sum(mine.values(), Fraction(0)) / len(mine)
        away = np.array([float(mine[judges[number]] - mean) for number in present])
        times = counts[:, present]
        many = times.sum(axis=1)
        total = (times * away).sum(axis=1)
        shifts[:, column] = np.divide(total, many, out=np.zeros(plan.draws), where=many > 0)
    return shifts


def _told(one: Variation) -> dict[str, Any]:
    return {"changed": one.changed, "winners": list(one.winners), "undecided": list(one.undecided)}
