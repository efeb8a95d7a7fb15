"""Splits add up to the last cent and hour, and agree with worked examples."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboards import (
    BundleError,
    HoursSplit,
    MoneySplit,
    SplitError,
    split_hours,
    split_money,
    weights_above,
    within_budgets,
)
from leaderboards.fields import Fields
from leaderboards.splits import read_split

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


def test_what_is_left_goes_down_the_reserve_list() -> None:
    # As in the 2023/24 edition, where a fifth got hours after the four winners.
    requests = {"A": 300, "B": 200, "C": 400, "D": 900, "E": 100}
    shares = split_hours(1_000, requests, order=["A", "B"], reserve=["C", "D", "E"])
    assert shares == {"A": 300, "B": 200, "C": 400, "D": 100, "E": 0}
    # 100 hours are of no use to D, whose minimum is 150; E asked for less and is served whole.
    shares = split_hours(1_000, requests, order=["A", "B"], reserve=["C", "D", "E"], minimum=150)
    assert shares == {"A": 300, "B": 200, "C": 400, "D": 0, "E": 100}


capped = st.lists(st.tuples(st.integers(0, 10**6), st.none() | st.integers(0, 10**6)), min_size=1, max_size=8)


@given(st.integers(0, 4 * 10**6), capped, capped, st.integers(0, 10**5))
def test_hours_respect_caps_minimum_and_reserve(
    total: int,
    winners: list[tuple[int, int | None]],
    waiting: list[tuple[int, int | None]],
    minimum: int,
) -> None:
    order, reserve = [f"W{n}" for n in range(len(winners))], [f"R{n}" for n in range(len(waiting))]
    everybody = dict(zip([*order, *reserve], [*winners, *waiting], strict=True))
    requests = {name: asked for name, (asked, _) in everybody.items()}
    caps = {name: cap for name, (_, cap) in everybody.items() if cap is not None}
    most = {name: min(requests[name], caps.get(name, requests[name])) for name in everybody}
    split = HoursSplit("m", total, tuple(order), requests, None, caps or None, minimum, tuple(reserve))
    if sum(min(minimum, most[name]) for name in order) > total:
        with pytest.raises(SplitError, match="lower the minimum"):
            split.shares()
        return
    shares = split.shares()
    assert list(shares) == [*order, *reserve]
    assert sum(shares.values()) <= total
    assert all(0 <= shares[name] <= most[name] for name in everybody)
    assert all(shares[name] >= min(minimum, most[name]) for name in order)
    for name in order:
        if shares[name] < most[name]:
            assert all(shares[name] >= shares[other] - 1 for other in order)
            assert all(shares[other] == 0 or most[other] == 0 for other in reserve)
    left = total - sum(shares[name] for name in order)
    for name in reserve:
        useful = min(most[name], left)
        assert shares[name] == (useful if useful >= min(minimum, most[name]) else 0)
        left -= shares[name]
    # A machine's cap is a cap on everybody.
    level = max(minimum, 1)
    flat = replace(split, cap=level, minimum=0).shares()
    assert all(hours <= level for hours in flat.values())


@given(st.integers(0, 10**5), amounts, st.integers(1, 100))
def test_who_asks_for_more_hours_never_gets_fewer(total: int, asked: list[int], more: int) -> None:
    requests = named(asked)
    before = split_hours(total, requests, order=list(requests))
    for name in requests:
        after = split_hours(total, requests | {name: requests[name] + more}, order=list(requests))
        assert after[name] >= before[name]


@given(st.integers(0, 10**6), amounts.filter(any), st.integers(1, 100))
def test_who_weighs_more_gets_no_less_but_for_a_cent(total: int, weights: list[int], more: int) -> None:
    # Largest remainder may shift one cent when the others' remainders change (the Alabama paradox's cousin).
    given_weights = named(weights)
    before = split_money(total, given_weights, order=list(given_weights))
    for name in given_weights:
        after = split_money(total, given_weights | {name: given_weights[name] + more}, order=list(given_weights))
        assert after[name] >= before[name] - 1


def test_points_above_a_threshold_become_whole_weights() -> None:
    weights = weights_above({"A": "71.25", "B": "60.5", "C": "40"}, "50")
    assert weights == {"A": 85, "B": 42, "C": 0}
    assert split_money(1_000, weights, order=["A", "B", "C"], minimum_cents=100) == {"A": 569, "B": 331, "C": 100}
    with pytest.raises(SplitError, match="nobody has more than 80 points"):
        weights_above({"A": "71.25"}, "80")
    with pytest.raises(SplitError, match="the points of 'A' must be an exact number"):
        weights_above({"A": "nan"}, "80")


def test_a_budget_for_all_machines_binds_the_later_ones() -> None:
    pots = [
        HoursSplit("first", 100, ("A", "B"), {"A": 80, "B": 80}),
        HoursSplit("second", 100, ("A", "B"), {"A": 80, "B": 10}),
    ]
    bounded = within_budgets(pots, budgets={"A": 60})
    assert [pot.shares() for pot in bounded] == [{"A": 50, "B": 50}, {"A": 10, "B": 10}]
    assert bounded[1].caps == {"A": 10}
    assert within_budgets(pots, budgets={}) == tuple(pots)


@pytest.mark.parametrize(
    "split",
    [
        HoursSplit("m", 9, ("A",), {"A": 4, "B": 3}, 5, {"B": 2}, 1, ("B",)),
        HoursSplit("m", 9, ("A",), {"A": 4}),
        MoneySplit("p", 900, ("A",), {"A": 4}, 3, "50"),
        MoneySplit("p", 900, ("A",)),
    ],
)
def test_a_record_of_a_split_survives_the_round_trip(split: MoneySplit | HoursSplit) -> None:
    assert read_split(Fields(split.to_dict(), path="", error=BundleError)) == split


def test_a_record_without_new_wishes_keeps_its_bytes() -> None:
    assert sorted(HoursSplit("m", 9, ("A",), {"A": 4}).to_dict()) == [
        "kind",
        "name",
        "order",
        "requests",
        "total_hours",
    ]
    assert "above" not in MoneySplit("p", 900, ("A",)).to_dict()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: split_hours(9, {"A": 5}, order=["A"], caps={"B": 1}), "'B' has a cap but no place in the order"),
        (lambda: split_hours(9, {"A": 5}, order=["A"], reserve=["A"]), "'A' is named twice in the order"),
        (lambda: split_hours(9, {"A": 5}, order=["A"], reserve=["B"]), "'B' has no request"),
        (
            lambda: split_hours(9, {"A": 5, "B": 6}, order=["A", "B"], minimum=5),
            "a minimum of 5 hours for each of 2 needs 10, but the total is 9; lower the minimum.",
        ),
    ],
)
def test_impossible_hours_are_refused(call: object, sentence: str) -> None:
    with pytest.raises(SplitError) as caught:
        call()  # type: ignore[operator]
    assert sentence in str(caught.value)
