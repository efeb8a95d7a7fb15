"""With tasks as a sample, intervals are Student's; on real boards neighbours can then hardly be told apart."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import ttest_1samp, ttest_rel

from leaderboards.aggregates import PRIMARY, Results
from leaderboards.other_tasks import differences_over_tasks, points_over_tasks
from tests.leaderboards.aggregates.making import NAN, results
from tests.leaderboards.published.boards import helm, open_llm
from tests.leaderboards.published.boards import results as of_board


def some(tasks: int = 7) -> Results:
    return results(np.random.default_rng(5).uniform(2, 8, (4, tasks)))


def test_with_equal_weights_intervals_are_those_of_a_paired_t_test() -> None:
    given, utilities = some(), 100 * some().utilities()
    found, apart = points_over_tasks(given), differences_over_tasks(given)
    np.testing.assert_allclose(found.points, PRIMARY(given))
    for mine in range(4):
        expected = ttest_1samp(utilities[mine], 0).confidence_interval()
        assert (found.low[mine], found.high[mine]) == pytest.approx(tuple(expected))
        other = (mine + 1) % 4
        paired = ttest_rel(utilities[mine], utilities[other]).confidence_interval()
        assert (apart.low[mine, other], apart.high[mine, other]) == pytest.approx(tuple(paired))
    np.testing.assert_allclose(apart.points, -apart.points.T)


def test_a_task_that_weighs_all_is_nearly_all_the_spread() -> None:
    scores = [[2.0, 4.0, 9.0]]
    points = points_over_tasks(results(scores, weights=[1.0, 2.0, 1.0]))
    # U = 47.5; Σ ω²(u − U)² = (27.5/4)² + (7.5/2)² + (42.5/4)², times 3/2
    assert points.points.tolist() == [47.5]
    assert points.errors[0] == pytest.approx(np.sqrt(1.5 * ((27.5 / 4) ** 2 + (7.5 / 2) ** 2 + (42.5 / 4) ** 2)))


def test_intervals_stay_where_points_can_lie_and_a_gap_counts_as_the_floor() -> None:
    found = points_over_tasks(results([[9.0, 9.0, 1.0], [1.0, NAN, 5.0]]))
    assert found.high[0] == 100
    assert found.low[1] == 0
    assert found.points[1] == pytest.approx(20)


def test_one_task_tells_nothing_about_others() -> None:
    found = differences_over_tasks(some(tasks=1))
    assert np.isnan(found.errors).all()
    assert np.isinf(found.low).all()
    assert np.isinf(found.high).all()


def separable(scores: np.ndarray, *, full: float) -> int:
    """Count the neighbours among the first ten that tasks as a sample tell apart."""
    board = of_board(scores, full=full)
    best = np.argsort(-PRIMARY(board), kind="stable")[:10]
    lows = differences_over_tasks(board).low
    return sum(bool(lows[better, worse] > 0) for better, worse in pairwise(best.tolist()))


def test_neighbours_of_real_boards_are_hardly_told_apart() -> None:
    scores, _ = helm()
    assert separable(scores[~np.isnan(scores).any(axis=1)], full=1) == 0
    assert separable(open_llm()[0], full=100) <= 1
