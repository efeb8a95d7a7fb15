"""Holm's adjustment, on a known example and by its laws."""

from fractions import Fraction as F

from hypothesis import given
from hypothesis import strategies as st

from leaderboards.comparisons import holm

CHANCES = st.lists(st.fractions(0, 1, max_denominator=1_000), max_size=12)


def test_the_example_of_r() -> None:
    """p.adjust(c(.01, .04, .03, .005), "holm") in R gives .03, .06, .06, .02."""
    assert holm([F(1, 100), F(4, 100), F(3, 100), F(5, 1000)]) == [F(3, 100), F(6, 100), F(6, 100), F(2, 100)]
    assert holm([]) == []


@given(CHANCES)
def test_the_definition_word_for_word(values: list[F]) -> None:
    order = sorted(range(len(values)), key=values.__getitem__)
    for turn, place in enumerate(order):
        steps = [min(F(1), (len(values) - j) * values[order[j]]) for j in range(turn + 1)]
        assert holm(values)[place] == max(steps)


@given(CHANCES)
def test_between_the_value_itself_and_bonferroni(values: list[F]) -> None:
    for before, after in zip(values, holm(values), strict=True):
        assert before <= after <= 1
    if values:
        assert min(holm(values)) == min(F(1), len(values) * min(values))
