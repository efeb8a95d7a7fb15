"""The Bayesian tests against draws of the Dirichlet distribution itself, and by their laws."""

from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leaderboards.comparisons import Practical, sign_test, signed_rank_test
from leaderboards.refusals import ComparisonError

TESTS = [sign_test, signed_rank_test]
DIFFERENCES = st.lists(st.integers(-40, 40).map(lambda n: F(n, 10)), min_size=1, max_size=12)
EXAMPLE = [F(n, 10) for n in (-31, -12, -8, 2, 4, 9, 14, 15, 22, 27, 31, 40)]


def test_the_sign_test_is_a_dirichlet_distribution_of_counts() -> None:
    above, within, below = 6, 4, 2
    assert (sum(d > 1 for d in EXAMPLE), sum(abs(d) <= 1 for d in EXAMPLE), sum(d < -1 for d in EXAMPLE)) == (
        above,
        within,
        below,
    )
    drawn = np.random.default_rng(0).dirichlet([above, within + 1, below], 100_000)
    expected = np.bincount(drawn.argmax(axis=1), minlength=3) / 100_000
    found = sign_test(EXAMPLE, rope=F(1), draws=100_000, seed=4).probabilities()
    assert [float(one) for one in found] == pytest.approx(expected, abs=0.007)


def test_the_signed_rank_test_weighs_pairs() -> None:
    values = np.array([0.0, *map(float, EXAMPLE)])
    drawn = np.random.default_rng(0).dirichlet([0.5, *[1.0] * len(EXAMPLE)], 60_000)
    mean = np.add.outer(values, values) / 2
    shares = [np.einsum("bi,ij,bj->b", drawn, part.astype(float), drawn) for part in (mean > 1, mean < -1)]
    equal = 1 - shares[0] - shares[1]
    winner = np.argmax([shares[0], equal, shares[1]], axis=0)
    expected = np.bincount(winner, minlength=3) / 60_000
    found = signed_rank_test(EXAMPLE, rope=F(1), draws=60_000, seed=4).probabilities()
    assert [float(one) for one in found] == pytest.approx(expected, abs=0.009)


@pytest.mark.parametrize("test", TESTS)
@given(DIFFERENCES, st.randoms(use_true_random=False))
def test_no_order_leaves_a_trace(test, differences: list[F], rng) -> None:
    shuffled = list(differences)
    rng.shuffle(shuffled)
    found = test(differences, rope=F(1), draws=300, seed=1)
    assert test(shuffled, rope=F(1), draws=300, seed=1) == found
    assert sum(found.probabilities()) == 1
    assume(sorted(differences) != sorted(-one for one in differences))
    turned = test([-one for one in differences], rope=F(1), draws=300, seed=1)
    assert turned == Practical(found.second, found.equal, found.first)


@pytest.mark.parametrize("test", TESTS)
@given(DIFFERENCES, st.integers(0, 30), st.integers(0, 30))
def test_a_wider_region_holds_more(test, differences: list[F], one: int, other: int) -> None:
    low, high = sorted((F(one, 10), F(other, 10)))
    narrow, wide = (test(differences, rope=rope, draws=300, seed=1) for rope in (low, high))
    assert narrow.equal <= wide.equal


@pytest.mark.parametrize("test", TESTS)
def test_the_edge_of_the_region_belongs_to_it(test) -> None:
    assert test([F(1)] * 5, rope=F(1), draws=200, seed=0).equal == 200
    assert test([F(0)] * 5, rope=F(0), draws=200, seed=0).equal == 200
    assert test([F(11, 10)] * 30, rope=F(1), draws=200, seed=0).first == 200


@pytest.mark.parametrize("test", TESTS)
def test_the_first_draws_are_the_same_however_many_follow(test) -> None:
    few, many = (test(EXAMPLE, rope=F(1), draws=draws, seed=2) for draws in (512, 1_024))
    assert few.first <= many.first
    assert few.equal <= many.equal
    assert few.second <= many.second


def test_these_draws_are_pinned() -> None:
    """Another library or machine that drew other bits would be noticed here."""
    assert sign_test(EXAMPLE, rope=F(1), draws=1_000, seed=9) == Practical(635, 339, 26)
    assert signed_rank_test(EXAMPLE, rope=F(1), draws=1_000, seed=9) == Practical(557, 439, 4)


@pytest.mark.parametrize("test", TESTS)
def test_what_cannot_be_tested_is_refused(test) -> None:
    with pytest.raises(ComparisonError, match="from 1 to 10000 differences, one a task, not 0"):
        test([], rope=F(1), draws=10, seed=0)
    with pytest.raises(ComparisonError, match="take a draw or more, and no region or prior below 0; here are 10, -1"):
        test([F(1)], rope=F(-1), draws=10, seed=0)
