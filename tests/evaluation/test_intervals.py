"""Intervals hold what they promise: as often as they say, and never where a score cannot be."""

import random

import numpy as np
import pytest
from scipy import stats

from evaluation import METRICS, Kind
from evaluation.intervals import interval
from tests.evaluation.metrics.test_references import CASES, UNIT, draw, kind_of, task_for

ITEMS, TRIALS, MANY = 300, 1500, 150_000
FEWER = {"chrf": 400, "bleu": 600}
"""Trials of the metrics that take a hundred times as long as the others."""
SLACK = 0.02
"""A confidence of 95 %, met to within 1.5 points, and the noise of so many trials."""


def alone(count: int) -> list[str]:
    """Every item in a cluster of its own."""
    return [str(number) for number in range(count)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), [case for case in CASES if METRICS[case[0]].has_interval])
def test_an_interval_holds_the_truth_as_often_as_it_says(name: str, kind: Kind) -> None:
    rng, metric, task = random.Random(name), METRICS[name], task_for(name, kind)
    drawn = draw(kind, MANY, rng, ties=False)
    truth = metric.items(*drawn, task=task).sum() / (UNIT * MANY)
    held, trials = 0, FEWER.get(name, TRIALS)
    for _ in range(trials):
        values = metric.items(*draw(kind, ITEMS, rng, ties=False), task=task)
        found = interval(values, alone(ITEMS), unit=UNIT, metric=metric)
        assert found is not None
        held += found.low <= truth <= found.high
    assert abs(held / trials - 0.95) <= SLACK, f"{name} held the truth in {held / trials:.1%}"


def test_a_metric_whose_estimate_is_off_by_more_than_it_spreads_has_no_interval() -> None:
    metric, task = METRICS["calibration_error"], task_for("calibration_error", Kind.PROBABILITY)
    values = metric.items(*draw(Kind.PROBABILITY, ITEMS, random.Random(1), ties=False), task=task)
    assert interval(values, alone(ITEMS), unit=UNIT, metric=metric) is None


def test_a_share_has_wilson_s_interval() -> None:
    values = np.array([UNIT] * 37 + [0] * 13)
    found = interval(values, alone(50), unit=UNIT, metric=METRICS["accuracy"])
    assert found is not None
    quantile = float(stats.t.ppf(0.975, 49))
    # Wilson's bounds solve (p̂ − p)² = z² p (1 − p)/n; here n is what the spread is worth, and z is Student's
    for bound in (found.low, found.high):
        assert (0.74 - bound) ** 2 == pytest.approx(quantile**2 * bound * (1 - bound) / 49, rel=1e-9)


@pytest.mark.parametrize(("value", "low", "high"), [(UNIT, 0.8, 1.0), (0, 0.0, 0.2)])
def test_all_right_or_all_wrong_is_not_certainty(value: int, low: float, high: float) -> None:
    found = interval(np.array([value] * 20), alone(20), unit=UNIT, metric=METRICS["accuracy"])
    assert found is not None
    assert found.low >= low
    assert found.high <= high
    assert found.low < found.high


def test_copies_of_an_item_in_its_cluster_make_nobody_surer() -> None:
    rng = random.Random(3)
    values = np.array([rng.choice([0, UNIT]) for _ in range(60)])
    once = interval(values, alone(60), unit=UNIT, metric=METRICS["accuracy"])
    thrice = interval(np.repeat(values, 3), np.repeat(alone(60), 3).tolist(), unit=UNIT, metric=METRICS["accuracy"])
    assert once is not None
    assert thrice is not None
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high), rel=1e-12)


def test_of_one_cluster_nothing_is_known() -> None:
    assert interval(np.array([1, 2, 3]), ["a"] * 3, unit=1, metric=METRICS["accuracy"]) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        interval(np.array([1, 2]), ["a", "b"], unit=1, metric=METRICS["accuracy"], confidence=95)


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("count", [2, 3, 5])
def test_no_interval_leaves_the_bounds_of_its_metric(name: str, count: int) -> None:
    rng, metric = random.Random(count), METRICS[name]
    for _ in range(50):
        values = metric.items(*draw(kind_of(name), count, rng, ties=True), task=task_for(name))
        found = interval(values, alone(count), unit=UNIT, metric=metric)
        if found is None:
            assert len(set(values.tolist())) == 1 or not metric.has_interval
            continue
        score = values.sum() / (UNIT * count)
        assert found.low <= score + 1e-9
        assert found.high >= score - 1e-9
        assert metric.least is None or found.low >= metric.least
        assert metric.most is None or found.high <= metric.most


def test_no_spread_at_all_is_not_certainty() -> None:
    assert interval(np.zeros(20, dtype=np.int64), alone(20), unit=UNIT, metric=METRICS["absolute_error"]) is None
    assert interval(np.full(20, UNIT), alone(20), unit=UNIT, metric=METRICS["roc_auc"]) is None


def test_the_unit_is_no_part_of_the_interval() -> None:
    values = np.array([3, 5, 9, 1, 0, 7])
    fine = interval(values * 1000, alone(6), unit=10_000, metric=METRICS["absolute_error"])
    assert fine == interval(values, alone(6), unit=10, metric=METRICS["absolute_error"])
    assert Kind.REGRESSION in METRICS["absolute_error"].kinds
