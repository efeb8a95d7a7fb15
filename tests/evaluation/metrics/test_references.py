"""Each metric equals the one that scikit-learn or scipy computes, to nine places, also where little can be computed."""

import random
import warnings
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from scipy import stats
from sklearn import metrics as sklearn

from evaluation import METRICS, Kind, Task

UNIT = 10**9
LABELS = ("a", "b", "c", "d")
PLACES = 1e-9
Drawn = tuple[list[str | Decimal], list[str | Decimal]]


def floats(function: Callable[..., object]) -> Callable[..., float]:
    """Return a metric that takes numbers, taking our exact ones."""
    return lambda truth, given: float(function([float(t) for t in truth], [float(p) for p in given]))  # type: ignore[arg-type]


def ten_bins(truth: Sequence[Decimal], given: Sequence[Decimal]) -> float:
    """The calibration error in a loop over bins, with exact numbers; scikit-learn has none."""
    gaps = [Decimal(0)] * 10
    for true, probability in zip(truth, given, strict=True):
        gaps[min(int(probability * 10), 9)] += probability - true
    return float(sum(abs(gap) for gap in gaps) / len(truth))


def clipped_log_loss(truth: Sequence[Decimal], given: Sequence[Decimal]) -> float:
    """scikit-learn's, at our bounds of a probability."""
    clipped = [min(max(float(p), 1e-6), 1 - 1e-6) for p in given]
    return float(sklearn.log_loss([int(t) for t in truth], clipped, labels=[0, 1]))


REFERENCES: dict[str, Callable[..., float]] = {
    "accuracy": sklearn.accuracy_score,
    "balanced_accuracy": sklearn.balanced_accuracy_score,
    "macro_f1": lambda truth, given: sklearn.f1_score(truth, given, average="macro", zero_division=0),
    "micro_f1": lambda truth, given: sklearn.f1_score(truth, given, average="micro"),
    "matthews_correlation": sklearn.matthews_corrcoef,
    "roc_auc": floats(sklearn.roc_auc_score),
    "average_precision": floats(sklearn.average_precision_score),
    "log_loss": clipped_log_loss,
    "brier": floats(sklearn.brier_score_loss),
    "calibration_error": ten_bins,
    "root_mean_squared_error": floats(sklearn.root_mean_squared_error),
    "absolute_error": floats(sklearn.mean_absolute_error),
    "squared_error": floats(sklearn.mean_squared_error),
    "r_squared": floats(sklearn.r2_score),
    "pearson": floats(lambda truth, given: stats.pearsonr(truth, given).statistic),
    "spearman": floats(lambda truth, given: stats.spearmanr(truth, given).statistic),
}


def kind_of(name: str) -> Kind:
    """The kind of task a metric is tried on."""
    kinds = METRICS[name].kinds
    return Kind.REGRESSION if Kind.REGRESSION in kinds else min(kinds)


def task_for(name: str) -> Task:
    """A task in the finest unit, so that nothing is lost to rounding."""
    kind = kind_of(name)
    labels = LABELS if kind is Kind.CLASSIFICATION else ()
    return Task(
        name="t", title="T", kind=kind, metric=name, floor=Decimal(0), ceiling=Decimal(1), labels=labels, unit=UNIT
    )


def draw(kind: Kind, count: int, rng: random.Random, *, ties: bool) -> Drawn:
    """Draw truth and predictions that have something to do with each other; with `ties`, few distinct predictions."""
    places = 1 if ties else 6
    if kind is Kind.CLASSIFICATION:
        truth = rng.choices(LABELS, weights=[6, 3, 2, 1], k=count)
        return [*truth], [label if rng.random() < 0.6 else rng.choice(LABELS) for label in truth]
    if kind is Kind.PROBABILITY:
        chances = [rng.random() for _ in range(count)]
        truth = [Decimal(int(rng.random() < chance)) for chance in chances]
        return [*truth], [Decimal(str(round(chance, places))) for chance in chances]
    numbers = [round(rng.gauss(0, 3), places) for _ in range(count)]
    return [Decimal(str(value)) for value in numbers], [
        Decimal(str(round(value * 0.8 + rng.gauss(0, 2), places))) for value in numbers
    ]


def ours(name: str, drawn: Drawn) -> float:
    """Our score, from whole units."""
    values = METRICS[name].items(*drawn, task=task_for(name))
    return int(values.sum()) / (UNIT * len(values))


def test_every_metric_has_its_reference() -> None:
    assert REFERENCES.keys() == METRICS.keys()


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("ties", [False, True], ids=["all different", "many equal"])
def test_each_metric_equals_its_reference(name: str, ties: bool) -> None:
    rng = random.Random(f"{name} {ties}")
    for count in (2, 3, 10, 300, 301):
        for _ in range(6):
            drawn = draw(kind_of(name), count, rng, ties=ties)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reference = REFERENCES[name](*drawn)
            if reference == reference:  # not a number where the reference gives up; the next test says what we say
                assert ours(name, drawn) == pytest.approx(reference, abs=PLACES)


ALONE: list[tuple[str, Drawn, float]] = [
    ("roc_auc", ([Decimal(1)] * 3, [Decimal("0.2"), Decimal("0.9"), Decimal(1)]), 0.5),
    ("average_precision", ([Decimal(0)] * 3, [Decimal("0.2"), Decimal("0.9"), Decimal(1)]), 0),
    ("r_squared", ([Decimal(2)] * 2, [Decimal(2)] * 2), 1),
    ("r_squared", ([Decimal(2)] * 2, [Decimal(2), Decimal(3)]), 0),
    ("r_squared", ([Decimal(2)], [Decimal(3)]), 0),
    ("pearson", ([Decimal(1), Decimal(2)], [Decimal(5)] * 2), 0),
    ("pearson", ([Decimal(1)] * 2, [Decimal(5), Decimal(4)]), 0),
    ("spearman", ([Decimal(1), Decimal(2)], [Decimal(5)] * 2), 0),
    ("spearman", ([Decimal(7)], [Decimal(5)]), 0),
    ("matthews_correlation", (["a", "b"], ["a", "a"]), 0),
    ("matthews_correlation", (["a", "a"], ["a", "b"]), 0),
    ("macro_f1", (["a", "a"], ["b", "b"]), 0),
    ("balanced_accuracy", (["a", "a"], ["a", "b"]), 0.5),
    ("root_mean_squared_error", ([Decimal(1)] * 2, [Decimal(1)] * 2), 0),
    ("calibration_error", ([Decimal(1)], [Decimal(1)]), 0),
]


@pytest.mark.parametrize(("name", "drawn", "score"), ALONE)
def test_where_nothing_can_be_told_apart_the_score_is_that_of_knowing_nothing(
    name: str, drawn: Drawn, score: float
) -> None:
    assert ours(name, drawn) == score
