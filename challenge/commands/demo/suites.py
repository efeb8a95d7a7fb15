"""Makes the demonstration's suite from the real data sets that ship with scikit-learn.

Half of each data set is for training, as everybody has it; the other half is the hidden truth of a task.
Items are named by their place in the data set, so that anybody can find the inputs at home.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine

SEED = 20260302
"""Fixed before any model was trained; decides the halves, and within the hidden one what is public."""


@dataclass(frozen=True)
class Source:
    """One data set and the task made of it."""

    name: str
    title: str
    loader: Any
    kind: str
    metric: str
    floor: str
    ceiling: str
    description: str


SOURCES = (
    Source(
        "digits", "Handwritten digits", load_digits, "classification", "accuracy", "0.1", "1",
        "Name the digit on an image of 8 by 8 pixels. The floor is guessing.",
    ),
    Source(
        "wine", "Cultivars of wine", load_wine, "classification", "accuracy", "0.4", "1",
        "Name the cultivar from 13 chemical measurements. The floor is always naming the most frequent one.",
    ),
    Source(
        "diabetes", "Progression of diabetes", load_diabetes, "regression", "absolute_error", "66", "36",
        "Predict the disease's progression after one year. The floor is predicting the mean for everybody.",
    ),
    Source(
        "tumours", "Benign or malignant", load_breast_cancer, "probability", "brier", "0.24", "0",
        "Give the probability that a tumour is benign. The floor is the same probability for everybody.",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Halves:
    """A data set parted in two: arrays of shape (items, features) and (items,)."""

    source: Source
    train_inputs: np.ndarray[Any, Any]
    train_truth: np.ndarray[Any, Any]
    test_inputs: np.ndarray[Any, Any]
    test_truth: np.ndarray[Any, Any]
    test_items: tuple[str, ...]


def part(source: Source) -> Halves:
    """Part a data set into its training half and its hidden half, by the seed."""
    data = source.loader()
    order = np.random.default_rng(SEED).permutation(len(data.target))
    train, test = np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])
    items = tuple(f"{source.name}-{place:04d}" for place in test)
    return Halves(source, data.data[train], data.target[train], data.data[test], data.target[test], items)


def write_suite(folder: Path) -> None:
    """Write the suite with its hidden labels into `folder`."""
    (folder / "items").mkdir(parents=True, exist_ok=True)
    tasks: list[dict[str, object]] = []
    for source in SOURCES:
        halves = part(source)
        task: dict[str, object] = {
            "name": source.name,
            "title": source.title,
            "kind": source.kind,
            "metric": source.metric,
            "floor": source.floor,
            "ceiling": source.ceiling,
            "description": source.description,
            "source": f"sklearn.datasets.{source.loader.__name__}",
            "licence": "BSD-3-Clause (scikit-learn); data from the UCI repository",
        }
        if source.kind == "classification":
            task["labels"] = [str(label) for label in np.unique(halves.test_truth)]
        tasks.append(task)
        rows = [f"{item},{label_text(label)}" for item, label in zip(halves.test_items, halves.test_truth, strict=True)]
        (folder / "items" / f"{source.name}.csv").write_text("\n".join(["item,label", *rows]) + "\n")
    manifest = {
        "name": "tabular",
        "version": "1",
        "title": "Four classics",
        "split": {"seed": SEED, "public_share": "0.4"},
        "tasks": tasks,
    }
    text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)
    (folder / "suite.yaml").write_text(text, encoding="utf-8")


def label_text(value: Any) -> str:
    """Write a label or a number the way prediction files do."""
    return str(int(value)) if float(value).is_integer() else f"{float(value):.6f}"
