"""Each metric equals the one that scikit-learn or scipy computes, to nine places, also where little can be computed."""

import functools
import math
import random
import warnings
from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as sklearn

from evaluation import METRICS, Kind, Task
from evaluation.tasks import UNANSWERED
from tests.evaluation.metrics.drawing import LABELS, SAMPLES, Drawn, K, draw_of, task_of
from tests.evaluation.metrics.instruction_references import each, whole
from tests.evaluation.metrics.text_references import (
    best_mean,
    harness_number,
    sacre_bleu,
    sacre_chrf,
    squad_exact,
    squad_f1,
)

UNIT = 10**9
PLACES = 1e-9


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


Chances = tuple[Decimal, ...]


def graded_gain(truth: Sequence[str], given: Sequence[str]) -> float:
    """scikit-learn's nDCG of each ranking, averaged; it takes a score for each document, and not their order."""
    total = 0.0
    for true, ranking in zip(truth, given, strict=True):
        grades = {name: int(grade) for name, _, grade in (word.rpartition(":") for word in true.split())}
        scores = [-ranking.split().index(name) for name in grades]
        total += float(sklearn.ndcg_score([list(grades.values())], [scores]))
    return total / len(truth)


def chance_of_k(_: Sequence[str], passed: Sequence[Decimal]) -> float:
    """pass@k by the product with which its authors compute it (Chen et al. 2021, figure 3)."""
    chances = []
    for c in map(int, passed):
        early = SAMPLES - c < K
        chances.append(1.0 if early else 1.0 - float(np.prod(1.0 - K / np.arange(SAMPLES - c + 1, SAMPLES + 1))))
    return sum(chances) / len(chances)


def bits(sizes: Sequence[Decimal], chances: Sequence[Decimal]) -> float:
    """Bits per byte as it is defined."""
    return -sum(map(float, chances)) / (math.log(2) * sum(map(float, sizes)))


def distribution_log_loss(truth: Sequence[str], given: Sequence[Chances]) -> float:
    """scikit-learn's, of probabilities of all labels."""
    return float(sklearn.log_loss(list(truth), [[float(p) for p in chances] for chances in given], labels=LABELS))


def distribution_brier(truth: Sequence[str], given: Sequence[Chances]) -> float:
    """scikit-learn's, as the sum over all labels."""
    chances = [[float(p) for p in row] for row in given]
    return float(sklearn.brier_score_loss(list(truth), chances, labels=LABELS, scale_by_half=False))


def top_label_bins(truth: Sequence[str], given: Sequence[Chances]) -> float:
    """The calibration error of the label with the highest probability."""
    tops = [max(range(len(LABELS)), key=lambda place: (row[place], -place)) for row in given]
    right = [Decimal(LABELS[top] == true) for top, true in zip(tops, truth, strict=True)]
    return ten_bins(right, [max(row) for row in given])


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
    "exact_match": best_mean(squad_exact),
    "number_match": best_mean(harness_number),
    "token_f1": best_mean(squad_f1),
    "bleu": sacre_bleu,
    "chrf": sacre_chrf,
    "all_instructions": whole,
    "all_instructions_loose": whole,
    "each_instruction": each,
    "each_instruction_loose": each,
    "ndcg": graded_gain,
    "pass_at_k": chance_of_k,
    "bits_per_byte": bits,
}
OF_DISTRIBUTIONS: dict[str, Callable[..., float]] = {
    "log_loss": distribution_log_loss,
    "brier": distribution_brier,
    "calibration_error": top_label_bins,
}


def kind_of(name: str) -> Kind:
    """The kind of task a metric is tried on."""
    kinds = METRICS[name].kinds
    return Kind.REGRESSION if Kind.REGRESSION in kinds else min(kinds - {Kind.DISTRIBUTION})


CASES = [(name, kind_of(name)) for name in METRICS] + [(name, Kind.DISTRIBUTION) for name in OF_DISTRIBUTIONS]


def task_for(name: str, kind: Kind | None = None) -> Task:
    """A task in the finest unit, so that nothing is lost to rounding."""
    return task_of(kind or kind_of(name), name, unit=UNIT)


def draw(kind: Kind, count: int, rng: random.Random, *, ties: bool) -> Drawn:
    """Draw truth and predictions that have something to do with each other; with `ties`, few distinct predictions."""
    places = 1 if ties else 6
    if kind not in {Kind.CLASSIFICATION, Kind.PROBABILITY, Kind.REGRESSION}:
        return draw_of(kind, count, rng)
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


def ours(name: str, drawn: Drawn, kind: Kind | None = None) -> float:
    """Our score, from whole units."""
    values = METRICS[name].items(*drawn, task=task_for(name, kind))
    return int(values.sum()) / (UNIT * len(values))


def test_every_metric_has_its_reference() -> None:
    assert REFERENCES.keys() == METRICS.keys()
    assert OF_DISTRIBUTIONS.keys() == {name for name in METRICS if Kind.DISTRIBUTION in METRICS[name].kinds}


@pytest.mark.parametrize(("name", "kind"), CASES)
@pytest.mark.parametrize("ties", [False, True], ids=["all different", "many equal"])
def test_each_metric_equals_its_reference(name: str, kind: Kind, ties: bool) -> None:
    rng = random.Random(f"{name} {ties}")
    known = OF_DISTRIBUTIONS[name] if kind is Kind.DISTRIBUTION else REFERENCES[name]
    for count in (2, 3, 10, 300, 301):
        for _ in range(6):
            drawn = draw(kind, count, rng, ties=ties)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reference = known(*drawn)
            if reference == reference:  # not a number where the reference gives up; the next test says what we say
                assert ours(name, drawn, kind) == pytest.approx(reference, abs=PLACES)


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
    ("exact_match", (["The."], ["a"]), 1),
    ("token_f1", (["The."], ["a"]), 1),
    ("token_f1", (["the"], ["cat"]), 0),
    ("bleu", (["the cat sat down"], [""]), 0),
    ("bleu", (["the cat sat"], ["the cat sat"]), 0),  # no four words anywhere
    ("chrf", (["a cat"], [""]), 0),
    ("chrf", (["a"], ["a"]), 1),
    ("ndcg", (["a:0 b:0"], ["a b"]), 0),
    ("ndcg", (["a:1 b:0"], [""]), 0),
    ("ndcg", (["a:1 b:0"], ["x a"]), round(1 / math.log2(3), 9)),
    ("ndcg", (["a:1 b:0"], ["a a b"]), 1),
    ("bits_per_byte", ([Decimal(8)], [Decimal(0)]), 0),
]


@pytest.mark.parametrize(("name", "drawn", "score"), ALONE)
def test_where_nothing_can_be_told_apart_the_score_is_that_of_knowing_nothing(
    name: str, drawn: Drawn, score: float
) -> None:
    assert ours(name, drawn) == score


@pytest.mark.parametrize("name", [name for name in METRICS if Kind.CLASSIFICATION in METRICS[name].kinds])
def test_what_a_model_left_unanswered_is_wrong_and_no_label(name: str) -> None:
    rng = random.Random(name)
    for count in (1, 3, 10, 300):
        truth, given_ = draw(Kind.CLASSIFICATION, count, rng, ties=False)
        given_[::3] = [UNANSWERED] * len(given_[::3])
        known = REFERENCES[name]
        if name == "macro_f1":
            labels = sorted({*truth, *given_} - {UNANSWERED})
            known = functools.partial(sklearn.f1_score, labels=labels, average="macro", zero_division=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert ours(name, (truth, given_)) == pytest.approx(known(truth, given_), abs=PLACES)


_LINES = st.text(max_size=30).map(lambda text: text.replace("\n", " ")).filter(str.strip)
_SENTENCES = st.lists(
    st.sampled_from(
        [
            *[
                "the",
                "cat",
                "sat.",
                "on,",
                "a-b",
                "3.5",
                "5,0",
                "&quot;",
                "&amp;lt;",
                "<skipped>",
                "--",
                "-",
                "x's",
                "",
                "\u3000",
                "ü",
                "(no)",
            ]
        ]
    )
).map(" ".join)
_ANY = st.one_of(_LINES, _SENTENCES.filter(str.strip))


@given(
    st.lists(
        st.tuples(
            st.lists(_ANY, min_size=1, max_size=3), st.one_of(st.text(max_size=30), _SENTENCES, st.just("a-\nb\n"))
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=300)
def test_no_text_is_scored_otherwise_than_by_its_reference(corpus: list[tuple[list[str], str]]) -> None:
    truth, texts = ["\n".join(answers) for answers, _ in corpus], [text for _, text in corpus]
    for name in ("exact_match", "token_f1", "bleu", "chrf"):
        assert ours(name, ([*truth], [*texts])) == pytest.approx(REFERENCES[name](truth, texts), abs=PLACES), name
