"""Splits add up to the last cent and hour, and agree with worked examples."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboards import SplitError, split_hours, split_money

FOUR = ["A", "B", "C", "D"]
amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=8)


def named(values: list[int]) -> dict[str, int]:
    return {f"E{place}": value for place, value in enumerate(values)}


def test_three_winners_share_a_million_to_the_cent() -> None:
    assert split_money(100_000_000, order=["A", "B", "C"]) == {"A": 33_333_334, "B": 33_333_333, "C": 33_333_333}


def test_four_winners_get_a_quarter_each() -> None:
    assert set(split_money(100_000_000, order=FOUR).values()) == {25_000_000}


@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        ((834, 829, 817, 802), (25_164_534, 25_103_595, 24_957_343, 24_774_528)),
        ((134, 129, 117, 102), (26_120_332, None, None, 23_464_730)),
    ],
)
def test_a_minimum_comes_first_and_the_rest_by_score(weights: tuple[int, ...], shares: tuple[int | None, ...]) -> None:
    found = split_money(100_000_000, dict(zip(FOUR, weights, strict=True)), order=FOUR, minimum_cents=15_000_000)
    assert all(share in (None, found[name]) for name, share in zip(FOUR, shares, strict=True))
    assert sum(found.values()) == 100_000_000


def test_hours_fill_up_under_the_requests() -> None:
    requests = dict(zip(FOUR, (3_500_000, 1_200_000, 2_500_000, 2_000_000), strict=True))
    assert list(split_hours(8_000_000, requests, order=FOUR).values()) == [2_400_000, 1_200_000, 2_400_000, 2_000_000]


def test_hours_nobody_asked_for_stay_unassigned() -> None:
    assert split_hours(100, {"A": 30, "B": 20}, order=["A", "B"]) == {"A": 30, "B": 20}
    assert split_hours(100, {}, order=[]) == {}


def test_single_hours_go_by_order() -> None:
    assert split_hours(8, {"A": 9, "B": 9, "C": 9}, order=["C", "A", "B"]) == {"C": 3, "A": 3, "B": 2}


@given(st.integers(0, 10**12), amounts.filter(any), st.integers(0, 10**6))
def test_money_adds_up_and_stays_within_a_cent_of_its_quota(total: int, weights: list[int], minimum: int) -> None:
    given_weights = named(weights)
    order = list(given_weights)
    if minimum * len(order) > total:
        with pytest.raises(SplitError):
            split_money(total, given_weights, order=order, minimum_cents=minimum)
        return
    shares = split_money(total, given_weights, order=order, minimum_cents=minimum)
    rest = total - minimum * len(order)
    assert sum(shares.values()) == total
    for name in order:
        quota = minimum + Fraction(rest * given_weights[name], sum(weights))
        assert abs(shares[name] - quota) < 1
        assert shares[name] >= minimum
        assert all(shares[name] >= shares[other] for other in order if given_weights[name] > given_weights[other])


@given(st.integers(0, 10**9), amounts)
def test_hours_are_max_min_fair(total: int, asked: list[int]) -> None:
    requests = named(asked)
    shares = split_hours(total, requests, order=list(requests))
    assert sum(shares.values()) == min(total, sum(asked))
    for name, hours in shares.items():
        assert 0 <= hours <= requests[name]
        # Nobody who got less than asked could take an hour from anybody without making the smaller one smaller.
        if hours < requests[name]:
            assert all(hours >= other - 1 for other in shares.values())


@given(st.integers(0, 10**6), amounts)
def test_a_larger_pot_of_hours_takes_from_nobody(total: int, asked: list[int]) -> None:
    requests = named(asked)
    before, after = (split_hours(pot, requests, order=list(requests)) for pot in (total, total + 1))
    assert all(after[name] >= before[name] for name in requests)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: split_money(1, order=[]), "there is nobody to share the money; name at least one."),
        (lambda: split_money(-1, order=["A"]), "the total in cents must be a whole number of at least 0, not -1."),
        (lambda: split_money(1, order=["A", "A"]), "'A' is named twice in the order; name everybody once."),
        (
            lambda: split_money(1, {"A": 0}, order=["A"]),
            "all weights are 0; give at least one entrant a weight above 0.",
        ),
        (
            lambda: split_money(1, {"A": 1, "B": 1}, order=["A"]),
            "'B' has a weight but no place in the order; add it there.",
        ),
        (
            lambda: split_money(10, order=["A", "B"], minimum_cents=6),
            "a minimum of 6 cents for each of 2 needs 12, but the total is 10; lower the minimum.",
        ),
        (lambda: split_hours(1, {}, order=["A"]), "'A' has no request; give one to everybody in the order."),
        (
            lambda: split_hours(1, {"A": -1}, order=["A"]),
            "the request of 'A' must be a whole number of at least 0, not -1.",
        ),
    ],
)
def test_an_impossible_split_is_refused(call: object, sentence: str) -> None:
    with pytest.raises(SplitError) as caught:
        call()  # type: ignore[operator]
    assert str(caught.value) == sentence
