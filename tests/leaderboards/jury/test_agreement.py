"""Alpha agrees with the published examples and with its definition, pair by pair."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboards.jury import Disagreement, Mark, Reviews, Scale, agreement, alpha_of, disagreements
from leaderboards.refusals import ReviewError


def columns(*rows: str) -> list[list[int]]:
    """Turn the published matrices, a row for an observer and a dot for an absent value, into units."""
    return [[ord(mark) for mark in unit if mark != "."] for unit in zip(*(row.split() for row in rows), strict=True)]


# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", parts A, B and C (D).
BINARY = columns("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
NOMINAL = columns("a a b b d c c c e d d a", "b a b b b c c c e d d d")
FOUR = columns(
    "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."
)


@pytest.mark.parametrize(
    ("units", "scale", "published"),
    [
        (BINARY, "nominal", 0.095),
        (NOMINAL, "nominal", 0.692),
        (FOUR, "nominal", 0.743),
        (FOUR, "ordinal", 0.815),
        (FOUR, "interval", 0.849),
    ],
)
def test_published_examples(units: list[list[int]], scale: str, published: float) -> None:
    found = alpha_of(units, scale=scale)
    assert found.alpha is not None
    assert float(found.alpha) == pytest.approx(published, abs=0.0005)


def test_units_with_one_mark_are_counted_and_left_out() -> None:
    found = alpha_of(FOUR, scale="nominal")
    assert (found.units, found.left_out) == (11, 1)


def by_definition(units: Sequence[Sequence[int]], scale: str) -> Fraction | None:
    """Compute alpha pair by pair, with the ordinal distance summed category by category."""
    paired = [unit for unit in units if len(unit) > 1]
    values = [mark for unit in paired for mark in unit]
    count = {mark: values.count(mark) for mark in set(values)}

    def far(one: int, other: int) -> Fraction:
        if scale == "nominal":
            return Fraction(one != other)
        if scale == "interval":
            return Fraction(one - other) ** 2
        low, high = min(one, other), max(one, other)
        between = sum(count[mark] for mark in count if low <= mark <= high)
        return (between - Fraction(count[low] + count[high], 2)) ** 2

    observed = sum(
        (Fraction(far(a, b), len(unit) - 1) for unit in paired for a, b in permutations(unit, 2)), Fraction(0)
    )
    expected = sum((far(a, b) for a, b in permutations(values, 2)), Fraction(0))
    if not expected:
        return None
    return 1 - observed * (len(values) - 1) / expected


@given(st.lists(st.lists(st.integers(0, 10), max_size=5), max_size=8), st.sampled_from(list(Scale)))
def test_alpha_is_its_definition(units: list[list[int]], scale: Scale) -> None:
    found, defined = alpha_of(units, scale=scale).alpha, by_definition(units, scale)
    if defined is None:
        assert found is None
    else:
        assert found is not None
        assert abs(Fraction(found) - defined) <= Fraction(1, 2_000_000)


def marks(table: dict[str, tuple[int | None, ...]]) -> Reviews:
    return Reviews.of(
        Mark(entry, judge, "impact", halves)
        for entry, row in table.items()
        for judge, halves in zip(("Ada", "Ben", "Cyd"), row, strict=True)
    )


def test_full_agreement_is_one_and_equal_marks_say_nothing() -> None:
    full = agreement(marks({"A": (3, 3, 3), "B": (8, 8, None)}), draws=500)
    assert full.alpha == full.low == full.high == 1
    assert full.void > 0  # some draws hold one entry only
    assert agreement(marks({"A": (5, 5, 5), "B": (5, 5, 5)})).alpha is None
    assert agreement(Reviews(())).alpha is None


def test_bounds_come_from_the_seed_and_enclose_alpha() -> None:
    table = {f"E{n}": (n % 9, (n + n % 3) % 10, (n + n % 4) % 11) for n in range(30)}
    first = agreement(marks(table), draws=2_000, seed=1)
    assert first == agreement(marks(dict(reversed(table.items()))), draws=2_000, seed=1)
    assert first != agreement(marks(table), draws=2_000, seed=2)
    assert first.alpha is not None
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.alpha < first.high


def test_criteria_of_an_entry_are_drawn_together() -> None:
    # Two criteria with the same marks add no knowledge: the bounds stay as wide as with one.
    one = marks({f"E{n}": (n % 9, (n + n % 3) % 10, (n + n % 4) % 11) for n in range(12)})
    twice = Reviews.of([*one.marks, *(Mark(m.entry, m.judge, "quality", m.halves) for m in one.marks)])
    first, second = (agreement(each, scale="interval", draws=4_000, seed=3) for each in (one, twice))
    assert first.low is not None
    assert second.low is not None
    assert abs(first.low - second.low) < 0.02


def test_marks_a_point_and_a_half_apart_call_for_a_discussion() -> None:
    reviews = marks({"A": (5, 8, None), "B": (5, 7, 6), "C": (2, None, None)})
    assert disagreements(reviews) == (Disagreement("A", "impact", 5, 8),)
    assert len(disagreements(reviews, least=2)) == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"scale": "ratio"}, "the scale must be nominal, ordinal, interval, not 'ratio'"),
        ({"scale": "ordinal", "draws": -1}, "draws must be at least 0"),
        ({"scale": "ordinal", "confidence": "1"}, "the confidence must be at least"),
    ],
)
def test_impossible_wishes_are_refused(options: dict[str, object], sentence: str) -> None:
    with pytest.raises(ReviewError, match=sentence):
        alpha_of(FOUR, **options)  # type: ignore[arg-type]
