"""A column of numbers holds what each of them would be, read one by one."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.numbers import NumberError, parse_number
from evaluation.predictions.decimals import are_probabilities, decimals, joined, numbers
from evaluation.predictions.text_blocks import Unusual

_POINTED = st.from_regex(r"-?[0-9]{1,9}\.[0-9]{1,12}", fullmatch=True, alphabet="0123456789.-")
_SMALL = st.from_regex(r"-?[0-9]{1,3}\.[0-9]{1,12}", fullmatch=True, alphabet="0123456789.-")
_PLAIN = st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{1,12})?", fullmatch=True, alphabet="0123456789.-")


@given(st.one_of(st.lists(one, max_size=12) for one in (_POINTED, _SMALL, _PLAIN)))
def test_numbers_are_exact(texts: list[str]) -> None:
    column = pa.array(["x.", *texts, "."], pa.string()).slice(1, len(texts))
    assert decimals(numbers(column)).to_pylist() == [parse_number(text) for text in texts]


@given(st.lists(st.text("0123456789.-e", max_size=6), max_size=3))
def test_what_is_no_number_is_not_read(texts: list[str]) -> None:
    try:
        expected = [parse_number(text) for text in texts]
    except NumberError:
        with pytest.raises(Unusual):
            numbers(pa.array(texts, pa.string()))
    else:
        assert decimals(numbers(pa.array(texts, pa.string()))).to_pylist() == expected


@pytest.mark.parametrize(
    "texts",
    [
        ["1.5", ".5"],
        ["1.5", "1."],
        ["1.2.3", "15"],
        ["1.25", "1-.5"],
        ["--1.5"],
        ["1.5", "+1.5"],
        ["1.5", "n.n"],
        ["1.5", "1. 5"],
        ["1.5", "1.1234567890123"],
        ["1.5", "1234567890.5"],
        ["1.5", ""],
        ["-.5", "1.5"],
        ["1.5", "١.٥"],
    ],
)
def test_texts_that_look_like_numbers_are_not_read(texts: list[str]) -> None:
    for order in (texts, texts[::-1]):
        with pytest.raises(Unusual):
            numbers(pa.array(order))


def test_large_and_small_numbers_are_joined() -> None:
    parts = [numbers(pa.array([text])) for text in ("0.5", "999999999.123456789012", "-0.000000000001")]
    assert decimals(joined(parts)).to_pylist() == [
        Decimal("0.5"),
        Decimal("999999999.123456789012"),
        Decimal("-0.000000000001"),
    ]


@pytest.mark.parametrize("more", [[], ["1e-3"]], ids=["ticks", "decimals"])
def test_probabilities_lie_between_0_and_1(more: list[str]) -> None:
    for text, is_one in (("0.0", True), ("1.0", True), ("1.000000000001", False), ("-0.000000000001", False)):
        assert are_probabilities(joined([numbers(pa.array([text, *more]))])) is is_one
