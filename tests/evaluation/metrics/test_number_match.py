"""The last number of a text is what it answers, and is compared as a number."""

from decimal import Decimal

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from evaluation import METRICS, Kind
from evaluation.metrics.number_match import last_number
from tests.evaluation.metrics.drawing import task_of
from tests.evaluation.metrics.text_references import harness_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("16 - 3 - 4 = 9, times 2 is $18.", "18"), ("-10", "-10"), ("= \u221233", "-33"), ("10-5", "5"), ("3.5", "3.5"),
        ("1,450,000", "1450000"), ("2125.0", "2125"), ("18,19", "18"), ("3.5.2", "3.5"), ("none", None), ("", None),
        ("1,2345", "1"), ("#### 7\n", "7"), ("٣", None),
    ],
)  # fmt: skip
def test_the_last_number_is_found(text: str, number: str | None) -> None:
    assert last_number(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("truth", "given", "is_right"),
    [
        ("2,125", "So it is 2125.00 dollars", True), ("-3", "3", False), ("35", "3.5", False), ("3", "3 or 4", False),
        ("18\n20", "20", True), ("7", "", False), ("Tuesday", "tuesday.", True), ("Tuesday", "5", False),
    ],
)  # fmt: skip
def test_numbers_are_compared_as_numbers(truth: str, given: str, is_right: bool) -> None:
    task = task_of(Kind.TEXT, "number_match", unit=10)
    assert METRICS["number_match"].items([truth], [given], task=task).tolist() == [10 * is_right]


@drawn(
    working=st.lists(st.sampled_from(["so", "she has", "12", "3 * 4 =", "eggs.", "$2", "-7"]), max_size=6),
    number=st.integers(-(10**7), 10**7),
    other=st.integers(-20, 20),
    form=st.sampled_from(["{:d}", "{:,d}", "{:,d}.", "${:,d} a day", "#### {:d}"]),
)
def test_we_agree_with_the_harness_on_whole_numbers(working: list[str], number: int, other: int, form: str) -> None:
    text = " ".join([*working, form.format(number).replace("$-", "-$")]).replace("-$", "-")
    task = task_of(Kind.TEXT, "number_match", unit=1)
    for truth in (f"{number:,d}", str(number), str(other)):
        assert METRICS["number_match"].items([truth], [text], task=task).sum() == harness_number(truth, text)
