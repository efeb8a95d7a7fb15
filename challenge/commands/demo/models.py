"""Trains the demonstration's models, one recipe a team, and writes what they predict."""

import csv
import io
import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from challenge.commands.demo.suites import SOURCES, part
from challenge.commands.demo.weights import as_safetensors, learned

Row = tuple[str, str, str]
COLUMNS = ("task", "item", "prediction")


@dataclass(frozen=True)
class Recipe:
    """How a team builds its models: one that names classes with probabilities, one that predicts numbers."""

    title: str
    classifier: Callable[[], Any]
    regressor: Callable[[], Any]


def _scaled(model: Any) -> Any:
    return make_pipeline(StandardScaler(), model)


RECIPES = {
    "svm": Recipe(
        "Support vector machines",
        lambda: _scaled(SVC(C=5, probability=True, random_state=0)),
        lambda: _scaled(SVR(C=60, epsilon=8)),
    ),
    "forest": Recipe(
        "Random forests",
        lambda: RandomForestClassifier(300, random_state=1),
        lambda: RandomForestRegressor(300, min_samples_leaf=4, random_state=1),
    ),
    "extra": Recipe(
        "Extremely randomised trees",
        lambda: ExtraTreesClassifier(300, random_state=2),
        lambda: ExtraTreesRegressor(300, min_samples_leaf=5, random_state=2),
    ),
    "neighbours": Recipe(
        "Nearest neighbours",
        lambda: _scaled(KNeighborsClassifier(7, weights="distance")),
        lambda: _scaled(KNeighborsRegressor(20)),
    ),
    "linear": Recipe(
        "Linear models", lambda: _scaled(LogisticRegression(C=0.3, max_iter=2000)), lambda: _scaled(Ridge(30))
    ),
    "boosting": Recipe(
        "Gradient boosting",
        lambda: GradientBoostingClassifier(n_estimators=60, random_state=3),
        lambda: GradientBoostingRegressor(n_estimators=60, max_depth=2, random_state=3),
    ),
    "bayes": Recipe("Naive Bayes", GaussianNB, lambda: _scaled(Ridge(300))),
    "tree": Recipe(
        "Single decision trees",
        lambda: DecisionTreeClassifier(max_depth=8, random_state=4),
        lambda: DecisionTreeRegressor(max_depth=3, random_state=4),
    ),
    "network": Recipe(
        "Small neural networks",
        lambda: _scaled(MLPClassifier(hidden_layer_sizes=(64,), max_iter=400, random_state=5)),
        lambda: _scaled(
            MLPRegressor(hidden_layer_sizes=(32,), alpha=5, max_iter=1500, learning_rate_init=0.01, random_state=5)
        ),
    ),
    "baseline": Recipe("The same answer for everything", lambda: DummyClassifier(strategy="prior"), DummyRegressor),
}


@dataclass(frozen=True)
class Trained:
    """What a team has after training: its answers, and its weights."""

    rows: tuple[Row, ...]
    """Task, item, prediction."""
    weights: bytes
    """All arrays the models have learned, as safetensors."""


def train(recipe: str) -> Trained:
    """Train a recipe's models on the training halves and answer every hidden item."""
    rows: list[Row] = []
    arrays: dict[str, Any] = {}
    for source in SOURCES:
        halves = part(source)
        how = RECIPES[recipe]
        model = (how.regressor if source.kind == "regression" else how.classifier)()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            warnings.simplefilter("ignore", FutureWarning)
            model.fit(halves.train_inputs, halves.train_truth)
        arrays |= learned(source.name, model)
        if source.kind == "probability":
            answers = [f"{value:.6f}" for value in model.predict_proba(halves.test_inputs)[:, 1]]
        elif source.kind == "regression":
            answers = [f"{value:.4f}" for value in model.predict(halves.test_inputs)]
        else:
            answers = [str(value) for value in model.predict(halves.test_inputs)]
        rows += [(source.name, item, answer) for item, answer in zip(halves.test_items, answers, strict=True)]
    return Trained(tuple(rows), as_safetensors(arrays))


def as_csv(rows: Sequence[Row]) -> bytes:
    """Write predictions as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode()


def as_jsonl(rows: Sequence[Row]) -> bytes:
    """Write predictions as one JSON object a line."""
    return "".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) + "\n" for row in rows).encode()


def as_parquet(rows: Sequence[Row]) -> bytes:
    """Write predictions as Parquet, all columns texts."""
    columns = zip(COLUMNS, zip(*rows, strict=True), strict=True)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({name: pa.array(column) for name, column in columns}), sink)
    return bytes(sink.getvalue())
