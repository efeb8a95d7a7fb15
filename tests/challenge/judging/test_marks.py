"""Half marks: means to two places, judges who are apart, thresholds that no weight lifts."""

import json
from decimal import Decimal

import pytest

from challenge.calls.document import Rules, read_document
from challenge.foundation.canonical import canonical
from challenge.judging.marks import choices, far_apart, marks, mean, thresholds_missed
from tests.stage import DOCUMENT, _plain


def rules(**changes: object) -> Rules:
    return read_document(json.loads(canonical(_plain({**DOCUMENT, **changes}))))


def agreed(*halves: int) -> dict[str, int]:
    return dict(zip(("excellence", "impact", "implementation"), halves, strict=True))


def test_the_scale_runs_in_halves_from_nought_to_five() -> None:
    assert [marks(int(value)) for value, _ in choices()][:3] == ["0.0", "0.5", "1.0"]
    assert choices()[-1] == ("10", "5.0 – excellent")
    assert len(choices()) == 11


@pytest.mark.parametrize(
    ("halves", "expected"),
    [([7], "3.50"), ([6, 7], "3.25"), ([6, 6, 7], "3.17"), ([10, 10, 10], "5.00"), ([0, 1], "0.25")],
)
def test_a_mean_is_exact_to_two_places(halves: list[int], expected: str) -> None:
    assert mean(halves) == Decimal(expected)


def test_nothing_has_no_mean() -> None:
    assert mean([]) is None


def test_judges_are_apart_from_one_and_a_half_marks_on() -> None:
    assert far_apart([6, 9])
    assert not far_apart([6, 8])
    assert not far_apart([9])


def test_thresholds_are_met_exactly_at_the_threshold() -> None:
    assert thresholds_missed(agreed(6, 6, 8), rules()) == ()


def test_each_missed_threshold_is_said() -> None:
    assert thresholds_missed(agreed(5, 9, 5), rules()) == (
        "Excellence is 2.5; the threshold is 3.0.",
        "Implementation is 2.5; the threshold is 3.0.",
        "The total is 9.5; the threshold is 10.0.",
    )


def test_a_weight_lifts_nobody_over_the_total() -> None:
    heavy = [{**criterion, "weight": 3} for criterion in DOCUMENT["criteria"]]
    assert thresholds_missed(agreed(6, 6, 7), rules(criteria=heavy)) == ("The total is 9.5; the threshold is 10.0.",)
