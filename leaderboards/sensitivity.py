"""How far the best n hang on choices that could have been made otherwise: the rule, a task, the weights of the tasks.

Only points are varied here, and everything else is held; what the items leave open is said by the rank intervals. None
of this decides anything: it tells a jury whether its list would be another one had the call been written otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leaderboards.aggregates import PRIMARY, RULES, Results, Rule, among_best
from leaderboards.refusals import ScoreError

Floats = NDArray[np.float64]
FACTORS = (("half", 0.5), ("double", 2.0))
"""By how much one task's weight is changed at a time."""
SWEEP = 2_000
"""How many sets of weights are drawn: each task's between half and double what the call declared."""


class Choice(StrEnum):
    """What is varied."""

    RULE = "rule"
    TASK = "task"
    WEIGHT = "weight"


@dataclass(frozen=True)
class Variation:
    """Who the best n would have been, by name; more than n where a tie at the cut lets all of the tied in.

    joined and gone: against the best n as the call has it.
    """

    choice: Choice
    name: str
    best: tuple[str, ...]
    joined: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether the set is another one."""
        return bool(self.joined or self.gone)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        lists = {"best": list(self.best), "joined": list(self.joined), "gone": list(self.gone)}
        return {"choice": self.choice.value, "name": self.name, **lists}


@dataclass(frozen=True)
class Sweep:
    """What came of many sets of weights: in how many of `draws` each entrant was among the best, and each set was."""

    draws: int
    seed: int
    among_best: tuple[tuple[str, int], ...]
    """Those who ever were, most often first, then by name."""
    sets: tuple[tuple[tuple[str, ...], int], ...]
    """Each set that ever was the best n, most often first."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return {
            "draws": self.draws,
            "seed": self.seed,
            "among_best": [{"entrant": name, "count": count} for name, count in self.among_best],
            "sets": [{"best": list(names), "count": count} for names, count in self.sets],
        }


@dataclass(frozen=True)
class Sensitivity:
    """The best `places` as the call has it, and every variation."""

    places: int
    best: tuple[str, ...]
    variations: tuple[Variation, ...]
    sweep: Sweep

    def of(self, choice: Choice) -> tuple[Variation, ...]:
        """Return the variations of one kind."""
        return tuple(one for one in self.variations if one.choice is choice)

    def rules_for(self, entrant: str) -> tuple[int, int]:
        """Count under how many of the rules an entrant is among the best, and how many rules there are."""
        rules = self.of(Choice.RULE)
        return sum(entrant in one.best for one in rules), len(rules)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types; counts are integers, so that the bytes are the same everywhere."""
        return {
            "places": self.places,
            "best": list(self.best),
            "variations": [one.to_dict() for one in self.variations],
            "sweep": self.sweep.to_dict(),
        }


def worths_by_rule(results: Results) -> dict[str, Floats]:
    """Compute every rule's worths of every entrant, by the rule's name."""
    return {rule.name: rule(results) for rule in RULES.values()}


def sensitivity(
    results: Results, *, places: int, seed: int = 0, draws: int = SWEEP, worths: Mapping[str, Floats] | None = None
) -> Sensitivity:
    """Vary rule, tasks and weights of results (K, T), and say each time who the best `places` would have been.

    The rule of the call is the first of the rules. A task is left out only where another one stays. `worths` are those
    of `worths_by_rule`, where they are known already. Raises ScoreError for a stack of draws, for no entrants, and for
    fewer than one place.
    """
    if results.scores.ndim != 2 or not results.entrants:
        raise ScoreError("sensitivity needs the results of at least one ranked entrant, without draws.")
    if places < 1:
        raise ScoreError(f"the number of places must be at least 1, not {places}.")
    best = _best(results, PRIMARY, places)
    by_rule = worths_by_rule(results) if worths is None else worths
    variations = [
        _varied(Choice.RULE, name, _names(results, among_best(found, places)), best) for name, found in by_rule.items()
    ]
    if len(results.tasks) > 1:
        for task in results.tasks:
            without = _best(results.without_tasks({task}), PRIMARY, places)
            variations.append(_varied(Choice.TASK, task, without, best))
        for number, task in enumerate(results.tasks):
            for word, factor in FACTORS:
                weights = results.weights.copy()
                weights[number] *= factor
                changed = _best(replace(results, weights=weights), PRIMARY, places)
                variations.append(_varied(Choice.WEIGHT, f"{task}, {word}", changed, best))
    return Sensitivity(places, best, tuple(variations), _sweep(results, places, seed, draws))


def _sweep(results: Results, places: int, seed: int, draws: int) -> Sweep:
    """Draw weights in whole hundredths of those declared, from 50 to 200, each task by itself.

    On a logarithmic scale half and double are equally far; one hundredth is as likely as its length on that scale.
    """
    if draws < 1:
        raise ScoreError(f"the number of draws must be at least 1, not {draws}.")
    uniform = np.random.Generator(np.random.PCG64(seed)).random((draws, len(results.tasks)))
    hundredths = np.rint(50.0 * 4.0**uniform)
    weights = results.weights * hundredths
    # summed task by task, so that the order of addition and with it the bits are the same everywhere
    utilities, worths, whole = results.utilities(), np.zeros((draws, len(results.entrants))), np.zeros((draws, 1))
    for number in range(len(results.tasks)):
        worths += weights[:, number, None] * utilities[None, :, number]
        whole += weights[:, number, None]
    chosen = among_best(worths / whole, places)
    # told apart as bits, eight entrants a byte, since a row of truth values is long
    _, firsts, counts = np.unique(np.packbits(chosen, axis=1), axis=0, return_index=True, return_counts=True)
    found = [(_names(results, chosen[row]), int(count)) for row, count in zip(firsts, counts, strict=True)]
    often = [(name, int(count)) for name, count in zip(results.entrants, chosen.sum(axis=0), strict=True) if count]
    return Sweep(
        draws=draws,
        seed=seed,
        among_best=tuple(sorted(often, key=lambda one: (-one[1], one[0]))),
        sets=tuple(sorted(found, key=lambda one: (-one[1], one[0]))),
    )


def _best(results: Results, rule: Rule, places: int) -> tuple[str, ...]:
    return _names(results, among_best(rule(results), places))


def _names(results: Results, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(sorted(results.entrants[row] for row in np.flatnonzero(chosen)))


def _varied(choice: Choice, name: str, found: Sequence[str], best: Sequence[str]) -> Variation:
    joined, gone = sorted(set(found) - set(best)), sorted(set(best) - set(found))
    return Variation(choice, name, tuple(found), tuple(joined), tuple(gone))
