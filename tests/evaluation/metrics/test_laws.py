"""Laws that every metric obeys."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import METRICS, Direction, Kind, Metric, Task
from evaluation.tasks import Answer
from tests.evaluation.metrics.drawing import LABELS, draw_of, perfect, task_of

UNIT = 10_000
NAMED = [(metric, kind) for metric in METRICS.values() for kind in sorted(metric.kinds)]
OLD = {Kind.CLASSIFICATION, Kind.PROBABILITY, Kind.REGRESSION}


def task_for(metric: Metric, kind: Kind) -> Task:
    """Make a task scored by a metric."""
    return task_of(kind, metric.name, unit=UNIT)


def draw(kind: Kind, count: int, seed: int) -> tuple[list[Answer], list[Answer]]:
    """Draw truth and predictions of a kind."""
    rng = random.Random(seed)
    if kind not in OLD:
        return draw_of(kind, count, rng)
    if kind is Kind.CLASSIFICATION:
        return [*rng.choices(LABELS, k=count)], [*rng.choices(LABELS, k=count)]
    if kind is Kind.PROBABILITY:
        truth = [Decimal(n % 2) for n in range(count)]
        return [*truth], [Decimal(rng.randrange(10**6 + 1)).scaleb(-6) for _ in range(count)]
    numbers = [[Decimal(rng.randrange(-(10**8), 10**8)).scaleb(-6) for _ in range(count)] for _ in range(2)]
    return [*numbers[0]], [*numbers[1]]


@pytest.mark.parametrize(("metric", "kind"), NAMED)
def test_the_order_of_items_is_irrelevant(metric: Metric, kind: Kind) -> None:
    truth, given_ = draw(kind, 200, 1)
    order = random.Random(2).sample(range(200), 200)
    values = metric.items(truth, given_, task=task_for(metric, kind))
    moved = metric.items([truth[n] for n in order], [given_[n] for n in order], task=task_for(metric, kind))
    assert moved.sum() == values.sum()
    # what rounding leaves over is given to the items that lost most by it; of equals, to the first
    assert abs(moved - values[order]).max() <= 1
    assert sorted(moved.tolist()) == sorted(values.tolist())


@pytest.mark.parametrize(("metric", "kind"), NAMED)
def test_perfect_answers_score_best(metric: Metric, kind: Kind) -> None:
    truth, given_ = draw(kind, 200, 3)
    best = metric.items(truth, [perfect(kind, true) for true in truth], task=task_for(metric, kind)).sum()
    other = metric.items(truth, given_, task=task_for(metric, kind)).sum()
    sign = 1 if metric.direction is Direction.HIGHER else -1
    assert sign * best > sign * other
    assert best == (200 * UNIT if metric.direction is Direction.HIGHER else 0)


@pytest.mark.parametrize(("metric", "kind"), NAMED)
def test_a_score_lies_between_its_bounds(metric: Metric, kind: Kind) -> None:
    for count, seed in ((1, 1), (2, 2), (7, 3), (50, 4)):
        truth, given_ = draw(kind, count, seed)
        score = metric.items(truth, given_, task=task_for(metric, kind)).sum() / UNIT / count
        assert metric.least is None or score >= metric.least
        assert metric.most is None or score <= metric.most


@pytest.mark.parametrize(("metric", "kind"), NAMED)
def test_a_mean_s_items_are_worth_the_same_alone(metric: Metric, kind: Kind) -> None:
    truth, given_ = draw(kind, 60, 5)
    values = metric.items(truth, given_, task=task_for(metric, kind))
    apart = metric.items(truth[:20], given_[:20], task=task_for(metric, kind))
    assert metric.is_mean is (apart.tolist() == values[:20].tolist())


NOT_MONOTONE = {
    "balanced_accuracy", "macro_f1", "matthews_correlation", "calibration_error", "pearson", "spearman", "bleu", "chrf",
}  # fmt: skip
"""A wrong answer may help these: it may move the averages that all other answers are held against."""


@pytest.mark.parametrize(("metric", "kind"), [one for one in NAMED if one[0].name not in NOT_MONOTONE])
@given(seed=st.integers(0, 10_000), place=st.integers(0, 49))
@settings(max_examples=25)
def test_one_more_wrong_answer_never_helps(metric: Metric, kind: Kind, seed: int, place: int) -> None:
    truth, given_ = draw(kind, 50, seed)
    given_[place] = perfect(kind, truth[place])
    before = metric.items(truth, given_, task=task_for(metric, kind)).sum()
    _, others = draw(kind, 50, seed + 1)
    given_[place] = others[place]
    after = metric.items(truth, given_, task=task_for(metric, kind)).sum()
    assert after <= before if metric.direction is Direction.HIGHER else after >= before


@pytest.mark.parametrize(("metric", "kind"), NAMED)
def test_every_item_twice_leaves_the_score_as_it_is(metric: Metric, kind: Kind) -> None:
    truth, given_ = draw(kind, 60, 5)
    once = metric.items(truth, given_, task=task_for(metric, kind)).sum()
    twice = metric.items(truth * 2, given_ * 2, task=task_for(metric, kind)).sum()
    assert abs(twice - 2 * once) <= 1


def test_halves_are_rounded_to_even() -> None:
    task = task_for(METRICS["absolute_error"], Kind.REGRESSION)
    given_ = [Decimal("0.00005"), Decimal("0.00015"), Decimal("0.00025")]
    assert METRICS["absolute_error"].items([Decimal(0)] * 3, given_, task=task).tolist() == [0, 2, 2]


def test_an_error_beyond_all_bounds_is_capped() -> None:
    task = task_for(METRICS["squared_error"], Kind.REGRESSION)
    assert METRICS["squared_error"].items([Decimal(-(10**9))], [Decimal(10**9)], task=task).tolist() == [10**12]


def test_the_log_loss_is_the_logarithm_to_the_last_unit() -> None:
    task = task_for(METRICS["log_loss"], Kind.PROBABILITY)
    cases = [("1", "0.5", 6931), ("0", "1", 138_155), ("1", "0", 138_155), ("0", "0.9", 23_026)]
    for true, given_, units in cases:
        assert METRICS["log_loss"].items([Decimal(true)], [Decimal(given_)], task=task).tolist() == [units]


def test_a_label_given_to_a_numeric_metric_is_refused() -> None:
    task = task_for(METRICS["brier"], Kind.PROBABILITY)
    with pytest.raises(TypeError, match="not the label 'a'"):
        METRICS["brier"].items([Decimal(1)], ["a"], task=task)


def test_a_number_given_to_a_metric_of_texts_is_refused() -> None:
    for name, kind in (("bleu", Kind.TEXT), ("ndcg", Kind.RANKING)):
        with pytest.raises(TypeError, match="not the number 1"):
            METRICS[name].items(["a:1"], [Decimal(1)], task=task_for(METRICS[name], kind))


def test_a_distribution_has_a_number_for_each_label() -> None:
    task = task_for(METRICS["brier"], Kind.DISTRIBUTION)
    with pytest.raises(TypeError, match="each of 4 labels"):
        METRICS["brier"].items(["a"], [(Decimal(1), Decimal(0))], task=task)


@pytest.mark.parametrize("passed", ["-1", "9", "0.5"])
def test_no_more_programs_pass_than_were_written(passed: str) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        METRICS["pass_at_k"].items(["x"], [Decimal(passed)], task=task_for(METRICS["pass_at_k"], Kind.CODE))


def test_no_text_is_more_than_certain() -> None:
    with pytest.raises(ValueError, match="at most 0"):
        task = task_for(METRICS["bits_per_byte"], Kind.LIKELIHOOD)
        METRICS["bits_per_byte"].items([Decimal(8)], [Decimal("0.1")], task=task)


def test_every_metric_says_its_formula_and_is_known_by_its_name() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert len(metric.formula) > 20


@given(st.integers(0, 138_000))
def test_the_log_loss_is_exact_at_the_boundary_between_two_units(unit: int) -> None:
    task = task_for(METRICS["log_loss"], Kind.PROBABILITY)
    probability = (-(Decimal(unit) + Decimal("0.5")) / 10_000).exp().quantize(Decimal("1e-12"))
    exact = int((-probability.ln() * 10_000).to_integral_value())
    assert METRICS["log_loss"].items([Decimal(1)], [probability], task=task).tolist() == [exact]
