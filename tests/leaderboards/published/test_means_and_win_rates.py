"""Printed leaderboards and worked examples come out again, within what their rounding leaves open."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import kendalltau

from leaderboards.aggregates import RULES, Gaps, places
from leaderboards.ranks import mid_ranks
from tests.leaderboards.published.boards import cases, glue, helm, open_llm, results, superglue

NAN = float("nan")
UNIT = "helm_unit/win_rate_cases.json"
RATE = RULES["mean_win_rate"]


def test_helm_classic_mean_win_rate() -> None:
    """Cells are rounded to three decimals, and the board is older than HELM's mended ties: hence not to the digit."""
    scores, printed = helm()
    rates = RATE(results(scores, full=1, gaps=Gaps.SKIPPED))
    assert scores.shape == (67, 16)
    assert np.isnan(scores).mean() == pytest.approx(0.183, abs=5e-4)
    assert np.abs(rates - printed).max() < 0.0189
    assert kendalltau(rates, printed).statistic == pytest.approx(0.994, abs=5e-4)


def test_helm_lets_a_missing_score_help_and_we_do_not() -> None:
    scores, _ = helm()
    rows = np.flatnonzero(~np.isnan(scores).any(axis=1))
    row = int(rows[len(rows) // 2])  # one of the middle: it has bad tasks and good ones
    withheld = scores.copy()
    withheld[row, scores[row] < np.nanmedian(scores, axis=0)] = NAN
    assert 0 < np.isnan(withheld[row]).sum() < 16
    for gaps, helps in ((Gaps.SKIPPED, True), (Gaps.LAST, False)):
        before, after = (RATE(results(table, full=1, gaps=gaps))[row] for table in (scores, withheld))
        assert (after > before) is np.bool_(helps)


@pytest.mark.parametrize("number", range(8))
def test_the_unit_cases_of_helm(number: int) -> None:
    case = cases(UNIT)[number]
    known = [place for place, lower in enumerate(case["lower_is_better"]) if lower is not None]
    signs = np.array([-1.0 if case["lower_is_better"][place] else 1.0 for place in known])
    scores = np.array(case["scores"], dtype=float)[:, known] * signs
    expected = np.array(case["expected"], dtype=float)
    np.testing.assert_array_equal(RATE(results(scores, full=5, gaps=Gaps.SKIPPED)), expected)


@pytest.mark.parametrize(("below", "expected"), [(15, 15.5 / 41), (21, 21.5 / 41)])
def test_a_pair_that_ties_shares_the_win(below: int, expected: float) -> None:
    """42 models on one scenario (stanford-crfm/helm #4332); before ties were mended the two got 15/41 and 16/41."""
    scores = np.array([[float(number)] for number in range(42)])
    scores[below + 1] = scores[below]
    rates = RATE(results(scores, full=42, gaps=Gaps.SKIPPED))
    assert rates[below] == rates[below + 1] == pytest.approx(expected, abs=1e-15)
    assert cases(UNIT)[8]["expected_values"][f"{below}.5/41"] == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("board", "shape", "largest"),
    [(open_llm, (100, 6), 0.0067), (superglue, (28, 8), 0.057), (glue, (87, 9), 0.056)],
)
def test_the_averages_that_boards_print(
    board: Callable[[], tuple[np.ndarray, np.ndarray]], shape: tuple[int, int], largest: float
) -> None:
    scores, printed = board()
    assert scores.shape == shape
    assert np.abs(RULES["raw_mean"](results(scores, full=100)) - printed).max() < largest


def test_nearly_every_row_of_glue_is_the_mean_of_its_nine_tasks() -> None:
    scores, printed = glue()
    near = np.abs(RULES["raw_mean"](results(scores, full=100)) - printed) <= 0.05
    assert near.mean() == pytest.approx(0.989, abs=5e-4)


# wiesenfa/challengeR, README: five algorithms on three tasks, their means on each.
IDEAL = [0.9517, 0.8450, 0.7417, 0.6448, 0.5424]
RANDOM = [0.8047, 0.7975, 0.7615, 0.7884, 0.7697]
WORST = [0.9] * 5


def test_aggregate_then_rank_as_challenger_does() -> None:
    found = mid_ranks(np.array([IDEAL, RANDOM, WORST]).T).T
    assert found.tolist() == [[1, 2, 3, 4, 5], [1, 2, 5, 3, 4], [3, 3, 3, 3, 3]]
    assert places(np.array(WORST)).tolist() == [1, 1, 1, 1, 1]


def test_rank_then_aggregate_gives_a_missing_value_the_worst_rank() -> None:
    rule = RULES["average_rank"]
    scores = np.array([IDEAL, RANDOM, WORST]).T
    assert rule.printed(rule(results(scores, full=1))).tolist() == pytest.approx([5 / 3, 7 / 3, 11 / 3, 10 / 3, 4])
    scores[0, 1] = NAN
    found = rule.printed(rule(results(scores, full=1)))
    assert found.tolist() == pytest.approx([(1 + 5 + 3) / 3, 2, (3 + 4 + 3) / 3, 3, (5 + 3 + 3) / 3])
