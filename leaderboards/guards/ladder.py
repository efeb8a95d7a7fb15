"""A public board that answers only what is new: the parameter-free Ladder, so that submitting much teaches little.

Blum and Hardt (2015, arXiv:1502.04585): a team's shown score moves only when a submission beats it by more than s/√n,
s the standard deviation of the paired differences to the team's best over n public items; it is then rounded to 1/n.
Here the variance s²/n of the difference may also be clustered, which with one item a cluster is the same number. All
comparisons are exact: gain > 0 and gain² > variance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from leaderboards.comparisons.comparable import comparable
from leaderboards.comparisons.paired import paired, spread
from leaderboards.decimals import exact
from leaderboards.fields import Fields
from leaderboards.policy import Policy
from leaderboards.refusals import GuardError
from leaderboards.scores import ScoreTable
from leaderboards.utility import FULL_MARKS


@dataclass(frozen=True)
class Rung:
    """Where a team stands: the score that its board shows, and the submission that it rests on."""

    shown: Fraction
    best: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types, the score as an exact ratio."""
        return {"shown": f"{self.shown.numerator}/{self.shown.denominator}", "best": self.best}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned; raise GuardError with the path of whatever is wrong."""
        fields = Fields(given, path="", error=GuardError)
        text, best = fields.text("shown"), fields.text("best")
        fields.close()
        shown = exact(text)
        if shown is None:
            raise GuardError(f"shown must be a ratio of two whole numbers such as 3/4, not {text[:40]!r}.")
        return cls(shown, best)


def step(rung: Rung | None, *, name: str, score: Fraction, variance: Fraction | None, grain: Fraction) -> Rung:
    """Take one more submission of a team, larger scores being better, and return where the team stands now.

    rung: None before the first submission, which is always shown. variance: of the difference between this submission's
    score and that of `rung.best`; None where it cannot be estimated, and then nothing new is shown. grain: what scores
    are rounded to, half to even: with n items of a score from 0 to 1 it is 1/n.
    """
    rounded = round(score / grain) * grain
    if rung is None:
        return Rung(rounded, name)
    gain = score - rung.shown
    if variance is None or gain <= 0 or gain**2 <= variance:
        return rung
    return Rung(rounded, name)


def climb(losses: NDArray[np.int64], *, unit: int = 1, names: Sequence[str] | None = None) -> tuple[Rung, ...]:
    """Take submissions in order as in the paper: losses in units, shape (submissions, items), smaller being better.

    Returns after each what the board shows, as the negative of a mean loss. Raises GuardError for fewer than two items.
    """
    count = losses.shape[1] if losses.ndim == 2 else 0
    if count < 2:
        raise GuardError("a Ladder needs a table of losses with at least two items.")
    called = [str(number) for number in range(len(losses))] if names is None else list(names)
    rungs: list[Rung] = []
    best = losses[0] if len(losses) else None
    for name, mine in zip(called, losses, strict=True):
        before = rungs[-1] if rungs else None
        variance = None if best is None else spread(mine - best, Fraction(1, count * unit))
        score = Fraction(-int(mine.sum()), count * unit)
        rungs.append(step(before, name=name, score=score, variance=variance, grain=Fraction(1, count)))
        if rungs[-1] is not before:
            best = mine
    return tuple(rungs)


def public_scores(scores: ScoreTable, policy: Policy, submissions: Sequence[str]) -> tuple[Rung, ...]:
    """Compute what a public board shows a team after each of its submissions, named in the order of their arrival.

    `scores` holds the public items. Points from 0 to 100 are rounded to 100/n, n the number of all items; differences
    are clustered and paired. Raises ComparisonError where a submission lacks a result: it never comes to the board.
    """
    given = paired(comparable(scores, policy, entrants=submissions), policy)
    row_of = {entrant: row for row, entrant in enumerate(given.entrants)}
    items = sum(len(block.items) for block in scores.tasks)
    rungs: list[Rung] = []
    for name in submissions:
        before = rungs[-1] if rungs else None
        points = [task.points(int(task.sums[row_of[name]].sum())) for task in given.tasks]
        variance: Fraction | None = Fraction(0)
        if before is not None:
            found = [one.variance for one in given.difference(row_of[name], row_of[before.best])]
            variance = None if None in found else sum((one for one in found if one is not None), Fraction(0))
        grain = Fraction(FULL_MARKS, items)
        rungs.append(step(before, name=name, score=sum(points, Fraction(0)), variance=variance, grain=grain))
    return tuple(rungs)
