"""What it takes to score a million items with an interval, beside scikit-learn with resampling for one."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import numpy as np
from sklearn import metrics as sklearn

from evaluation import METRICS, Kind, Task, interval
from evaluation.tasks import Answer
from tests.bench.figures import Figure
from tests.bench.reading import reading_figures
from tests.evaluation.metrics.drawing import draw_of, task_of
from tests.evaluation.metrics.text_references import sacre_bleu, sacre_chrf

ITEMS, TEXTS, ROUNDS, DRAWS, MEASURED = 1_000_000, 20_000, 3, 2_000, 4
"""Of the rival's resamplings only some are run, and their time is taken so many times over."""
LABELS = ("art", "law", "sport", "trade")
RIVAL = f"scikit-learn, {DRAWS:,} resamplings ({MEASURED} of them run)"
ONCE = "scikit-learn, the score alone"
NAMES = ("accuracy", "macro_f1", "roc_auc", "log_loss")


@dataclass(frozen=True)
class Answers:
    """A million answers as we hold them, texts and exact numbers, and as scikit-learn likes them best."""

    name: str
    truth: list[Answer]
    given: list[Answer]
    plain_truth: np.ndarray
    plain_given: np.ndarray
    clusters: list[str] = field(default_factory=lambda: [str(number) for number in range(ITEMS)])

    def score_and_bound(self) -> None:
        """Score and bound, as the engine and the platform do."""
        metric = METRICS[self.name]
        values = metric.items(self.truth, self.given, task=task_for(self.name))
        interval(values, self.clusters, unit=10_000, metric=metric)

    def score_once(self) -> None:
        """Have scikit-learn score."""
        REFERENCES[self.name](self.plain_truth, self.plain_given)

    def resample(self) -> None:
        """Have scikit-learn score some resamplings of the items."""
        rng = np.random.default_rng(1)
        for _ in range(MEASURED):
            chosen = rng.integers(0, ITEMS, ITEMS)
            REFERENCES[self.name](self.plain_truth[chosen], self.plain_given[chosen])


def figures() -> Iterator[Figure]:
    """Yield the CPU time of a score with its interval, beside one with resampling and beside the bare score."""
    yield from reading_figures(seconds)
    yield from _texts()
    for name in NAMES:
        answers = drawn(name)
        ours, rival, once = [], [], []
        for _ in range(ROUNDS):
            ours.append(seconds(answers.score_and_bound))
            once.append(seconds(answers.score_once))
            rival.append(seconds(answers.resample) * DRAWS / MEASURED)
        yield Figure(f"{name} of {ITEMS:,} items with its interval", ours, "CPU-s", rival, RIVAL)
        yield Figure("  the same", ours, "CPU-s", once, ONCE)


def _texts() -> Iterator[Figure]:
    """Yield the CPU time of scores of texts, with every item's influence, beside sacrebleu's score alone."""
    truth, given = draw_of(Kind.TEXT, TEXTS, random.Random(7))
    for name, rival in (("bleu", sacre_bleu), ("chrf", sacre_chrf)):
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(seconds(partial(METRICS[name].items, truth, given, task=task_of(Kind.TEXT, name, unit=10_000))))
            theirs.append(seconds(partial(rival, truth, given)))
        yield Figure(
            f"{name} of {TEXTS:,} sentences, item by item", ours, "CPU-s", theirs, "sacrebleu, the score alone"
        )


REFERENCES: dict[str, Callable[..., float]] = {
    "accuracy": sklearn.accuracy_score,
    "macro_f1": lambda truth, given: sklearn.f1_score(truth, given, average="macro"),
    "roc_auc": sklearn.roc_auc_score,
    "log_loss": lambda truth, given: sklearn.log_loss(truth, given, labels=[0, 1]),
}


def task_for(name: str) -> Task:
    """A task scored by that metric."""
    kind = Kind.CLASSIFICATION if Kind.CLASSIFICATION in METRICS[name].kinds else Kind.PROBABILITY
    labels = LABELS if kind is Kind.CLASSIFICATION else ()
    return Task(name="t", title="T", kind=kind, metric=name, floor=Decimal(0), ceiling=Decimal(1), labels=labels)


def drawn(name: str) -> Answers:
    """Draw answers for a metric, about half of them right."""
    rng = random.Random(7)
    if Kind.CLASSIFICATION in METRICS[name].kinds:
        codes = np.array([[rng.randrange(4), rng.randrange(4)] for _ in range(ITEMS)])
        codes[::2, 1] = codes[::2, 0]
        truth, given = ([LABELS[code] for code in codes[:, place]] for place in (0, 1))
        return Answers(name, truth, given, codes[:, 0], codes[:, 1])
    chances = np.array([round(rng.random(), 6) for _ in range(ITEMS)])
    happened = (np.random.default_rng(7).random(ITEMS) < chances).astype(int)
    exact = [Decimal(f"{chance:.6f}") for chance in chances]
    clipped = np.clip(chances, 1e-6, 1 - 1e-6)
    return Answers(name, [Decimal(int(label)) for label in happened], exact, happened, clipped)


def seconds(deed: Callable[[], object]) -> float:
    """Return the CPU time of a deed."""
    began = time.process_time()
    deed()
    return time.process_time() - began
