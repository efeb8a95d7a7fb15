"""The number grammar lets in plain decimals and nothing that only looks like one."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.numbers import NumberError, parse_number, parse_probability, plain, quotient


@pytest.mark.parametrize(
    ("text", "value"), [("0", "0"), ("-1.5", "-1.5"), ("3.5e2", "350"), ("1e-999", "0"), ("1E+9", "1000000000")]
)
def test_plain_numbers_are_read_exactly(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 ", "+1", "nan", "inf", "-inf", "1_0", "１", "٣", ".5", "1.", "0x1", "1e", "1e9999", "1e10"),
        *("1\n", "9" * 10, "1." + "1" * 13, "1,5", "--1", "1e5e5", "9" * 100_000),
    ],
)
def test_what_only_looks_like_a_number_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("1,5", "has a decimal comma; write a decimal point"),
        ("NaN", "is not a finite number; write a number such as 0.25"),
        ("0.1234567890123", "has more than 12 digits after the point; round it to 12 or fewer"),
        ("1e12", "is beyond ±1,000,000,000; check the scale of the number"),
    ],
)
def test_each_refusal_says_what_to_do(text: str, advice: str) -> None:
    with pytest.raises(NumberError, match="^" + advice.replace(".", r"\.") + "$"):
        parse_number(text)


def test_a_probability_lies_between_zero_and_one() -> None:
    assert parse_probability("1") == 1
    for text in ("1.000000000001", "-0.1"):
        with pytest.raises(NumberError, match="between 0 and 1"):
            parse_probability(text)


@given(st.decimals(-(10**9), 10**9, places=12))
def test_plain_text_reads_back_to_the_same_number(value: Decimal) -> None:
    if len(plain(value).lstrip("-").split(".")[0]) <= 9:
        assert parse_number(plain(value)) == value


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**9))
def test_a_quotient_is_the_exact_one_rounded_half_even(dividend: int, divisor: int) -> None:
    exact = Fraction(dividend, divisor)
    assert Fraction(quotient(dividend, divisor)) == Fraction(round(exact * 10**6), 10**6)
