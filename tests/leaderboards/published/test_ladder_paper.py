"""The attack of Blum and Hardt (2015): random guesses, of which those that the board liked then vote."""

from collections.abc import Callable

import numpy as np
import pytest

from leaderboards.guards import climb
from tests.leaderboards.published.rank_files import rows

RUNS, CURVE_RUNS = 10, 5


def guesses(items: int, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw a truth and guesses that know nothing of it, as ±1: shapes (items,) and (count, items)."""
    rng = np.random.default_rng([seed, items, count])
    return rng.choice([-1, 1], items), rng.choice(np.array([-1, 1], np.int8), (count, items))


def majority(votes: np.ndarray, seed: int) -> np.ndarray:
    halves = np.random.default_rng(seed).choice([-0.5, 0.5], votes.shape[1])
    return np.where(votes.sum(axis=0, dtype=np.int64) + halves > 0, 1, -1)


def under(show: Callable[[float], float]) -> Callable[[np.ndarray, np.ndarray, int], float]:
    """A board that shows the accuracy of each submission in its own way; whoever is not below .5 votes."""

    def attack(truth: np.ndarray, votes: np.ndarray, seed: int) -> float:
        shown = np.array([show(float(one)) for one in (votes == truth).mean(axis=1)])
        return show(float((majority(votes[shown >= 0.5], seed) == truth).mean()))

    return attack


def under_a_ladder(truth: np.ndarray, votes: np.ndarray, seed: int) -> float:
    """A Ladder, which says of a guess only whether it was a step up; whoever was votes."""
    losses = (votes != truth).astype(np.int64)
    rungs = climb(losses)
    steps = sorted({int(rung.best) for rung in rungs})
    last = (majority(votes[steps], seed) != truth).astype(np.int64)
    best = losses[int(rungs[-1].best)]
    return 1 + float(climb(np.stack([best, last]))[-1].shown)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("items", "submissions", "plain", "rounded", "ladder"),
    [
        (1_000, 50, 0.548, 0.544, 0.529),
        (1_000, 1_000, 0.709, 0.688, 0.543),
        (4_000, 200, 0.549, 0.536, 0.517),
        (4_000, 1_000, 0.612, 0.575, 0.523),
    ],
)
def test_what_each_board_shows_of_knowing_nothing(
    items: int, submissions: int, plain: float, rounded: float, ladder: float
) -> None:
    """Each mean of ten runs lies within .01 of what was simulated elsewhere."""
    boards = {under(lambda one: one): plain, under(lambda one: round(one, 2)): rounded, under_a_ladder: ladder}
    found = dict.fromkeys(boards, 0.0)
    for run in range(RUNS):
        truth, votes = guesses(items, submissions - 1, run)
        for attack in boards:
            found[attack] += attack(truth, votes, run) / RUNS
    for attack, expected in boards.items():
        assert found[attack] == pytest.approx(expected, abs=0.01)
    assert found[under_a_ladder] - 0.5 < 0.8 * (next(iter(found.values())) - 0.5)


def test_the_published_curve() -> None:
    """Figure 1: after 400 of 4,000 items' guesses .427 on the plain board, .484 on the Ladder, and .50 in truth."""
    curve: dict[str, dict[int, float]] = {}
    for submissions, error, label in rows("ladder/kaggleboosting-4000-400-5-highacc.csv"):
        curve.setdefault(label, {})[int(submissions)] = float(error)
    assert [round(curve[label][400], 3) for label in ("Kaggle", "Ladder")] == [0.427, 0.484]
    assert abs(np.mean(list(curve["Test"].values())) - 0.5) < 0.005
    plain = under(lambda one: one)
    for submissions in (100, 400):
        shown, ladder = [], []
        for run in range(CURVE_RUNS):
            truth, votes = guesses(4_000, submissions - 1, run)
            shown.append(1 - plain(truth, votes, run))
            ladder.append(1 - under_a_ladder(truth, votes, run))
        assert np.mean(shown) == pytest.approx(curve["Kaggle"][submissions], abs=0.015)
        assert np.mean(ladder) == pytest.approx(curve["Ladder"][submissions], abs=0.015)
