"""Mean ranks and what may be said of them, against scipy and against hand-made tables."""

from fractions import Fraction as F
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare, norm, rankdata

from leaderboards import ScoreError, TaskPolicy, Unranked
from leaderboards.comparisons import critical_difference, friedman, friedman_of, groups, mid_ranks, told_apart
from leaderboards.refusals import ComparisonError
from tests.leaderboards.comparisons.tables import policy, table

VALUES = st.integers(-4, 4).map(F)


@st.composite
def boards(draw: st.DrawFn) -> tuple[list[str], list[list[F]]]:
    size = draw(st.integers(3, 6))
    columns = draw(st.lists(st.lists(VALUES, min_size=size, max_size=size), min_size=2, max_size=7))
    return [f"e{n}" for n in range(size)], columns


@given(st.lists(VALUES, min_size=1, max_size=12))
def test_mid_ranks_are_those_of_scipy(values: list[F]) -> None:
    assert [float(rank) for rank in mid_ranks(values)] == list(rankdata([-float(one) for one in values]))


@given(boards())
def test_chi_square_for_ties_is_that_of_scipy(board: tuple[list[str], list[list[F]]]) -> None:
    names, columns = board
    found = friedman_of(names, columns)
    if found.chi_square_for_ties is None:
        assert all(len(set(column)) == 1 for column in columns)
        return
    expected = friedmanchisquare(*[[float(column[row]) for column in columns] for row in range(len(names))])
    assert float(found.chi_square_for_ties) == pytest.approx(expected.statistic, abs=1e-9)
    assert found.chi_square <= found.chi_square_for_ties
    if all(len(set(column)) == len(names) for column in columns):
        assert found.chi_square == found.chi_square_for_ties
        assert found.p_chi_square == pytest.approx(expected.pvalue, abs=1e-9)


@given(boards(), st.randoms(use_true_random=False))
def test_neither_the_scale_of_a_task_nor_any_order_matters(board: tuple[list[str], list[list[F]]], rng: object) -> None:
    names, columns = board
    rows = list(range(len(names)))
    rng.shuffle(rows)  # type: ignore[attr-defined]
    stretched = [[n + column[row] ** 3 * (n + 1) for row in rows] for n, column in enumerate(columns)]
    assert friedman_of([names[row] for row in rows], stretched[::-1]) == friedman_of(names, columns[::-1][::-1])


def test_one_order_on_all_tasks_leaves_no_f_but_an_exact_chance() -> None:
    found = friedman_of(["a", "b", "c"], [[F(3), F(2), F(1)]] * 4)
    assert found.f is None
    assert found.chi_square == 8
    assert found.p_f == pytest.approx(1 / factorial(3) ** 3)


def test_all_equal_is_no_evidence() -> None:
    found = friedman_of(["a", "b", "c"], [[F(1)] * 3] * 4)
    assert found.chi_square == 0
    assert found.chi_square_for_ties is None
    assert (found.p_chi_square, found.p_f) == (1.0, 1.0)
    assert groups(found, 0.01) == (("a", "b", "c"),)


def test_lower_is_better_where_the_policy_says_so() -> None:
    scores = table({"a": {"mt": [9], "err": [1]}, "b": {"mt": [5], "err": [3]}})
    found = friedman(scores, policy(TaskPolicy("mt", 0, 1, unit=10), TaskPolicy("err", 1, 0, 1.0, False, unit=10)))
    assert dict(zip(found.entrants, found.mean_ranks, strict=True)) == {"a": 1, "b": 2}


def test_two_of_two_have_the_normal_critical_difference() -> None:
    expected = norm.isf(0.025) * (2 * 3 / (6 * 10)) ** 0.5
    assert critical_difference(entrants=2, tasks=10, alpha=F(5, 100)) == pytest.approx(expected, abs=1e-7)


@given(boards(), st.floats(0.1, 4))
def test_groups_hold_exactly_the_pairs_that_are_not_told_apart(
    board: tuple[list[str], list[list[F]]], difference: float
) -> None:
    found = friedman_of(*board)
    together = groups(found, difference)
    apart = set(told_apart(found, difference))
    for place, better in enumerate(found.entrants):
        for worse in found.entrants[place + 1 :]:
            shared = any(better in group and worse in group for group in together)
            assert shared == ((better, worse) not in apart)
    assert not any(set(one) < set(other) for one in together for other in together)


def test_whoever_lacks_a_result_is_named() -> None:
    two = policy(TaskPolicy("qa", 0, 1), TaskPolicy("mt", 0, 1))
    scores = table({"a": {"qa": [1, 2], "mt": [1]}, "b": {"qa": [1], "mt": [1]}, "c": {"qa": [1, 2], "mt": [2]}})
    with pytest.raises(ComparisonError, match="b has no score for 1 of 2 items of task qa; a comparison needs every"):
        friedman(scores, two)
    left = friedman(scores.with_status([Unranked("b", "crashed")]), two)
    assert set(left.entrants) == {"a", "c"}
    with pytest.raises(ScoreError, match="the table has scores for the task 'mt', which the policy does not name"):
        friedman(scores, policy(TaskPolicy("qa", 0, 1)))
    with pytest.raises(ComparisonError, match="two entrants and two tasks; here are 1 and 2"):
        friedman(scores.without({"b", "c"}), two)
