"""The confusion table counts how often each label was given for each true one; many metrics are functions of it.

A metric f of the table's shares p has the influence ψ_i = ∂f/∂p_c − Σ p ∂f/∂p for an item in cell c, which is the
delta method over the multinomial table (Agresti 2013, section 16.1). There are only as many values as cells, so a
million items cost no more than counting them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.influence import Floats, Units, whole_units
from evaluation.tasks import UNANSWERED, Answer, Task


@dataclass(frozen=True, eq=False)
class Confusion:
    """Counts by true and given label, shape (k, k), and the cell of every item, shape (n,), as true·k + given.

    Where items were left UNANSWERED, that is the last of the k: it is given, never true, and no label.
    """

    counts: NDArray[np.int64]
    cells: NDArray[np.int64]
    labels: int
    """How many labels there are: k, or k − 1."""

    @property
    def truths(self) -> NDArray[np.int64]:
        """How often each label is true, shape (k,)."""
        total: NDArray[np.int64] = self.counts.sum(axis=1)
        return total

    @property
    def givens(self) -> NDArray[np.int64]:
        """How often each label was given, shape (k,)."""
        total: NDArray[np.int64] = self.counts.sum(axis=0)
        return total

    @property
    def right(self) -> NDArray[np.int64]:
        """How often each label was given rightly, shape (k,)."""
        diagonal: NDArray[np.int64] = np.diag(self.counts).copy()
        return diagonal


Gradient = Callable[[Confusion], tuple[float, Floats]]
"""Computes a metric and its derivative by each cell's count, times the number of items, shape (k, k)."""


def confusion(truth: Sequence[Answer], prediction: Sequence[Answer], *, labels: Sequence[str]) -> Confusion:
    """Count the table of a task's labels; raises KeyError for an answer that is none of them."""
    codes: dict[Answer, int] = {label: number for number, label in enumerate(labels)}
    size = len(labels)
    if UNANSWERED in prediction:
        codes_given = {**codes, UNANSWERED: size}
        size += 1
    else:
        codes_given = codes
    true = np.fromiter(map(codes.__getitem__, truth), dtype=np.int64, count=len(truth))
    given = np.fromiter(map(codes_given.__getitem__, prediction), dtype=np.int64, count=len(prediction))
    cells = true * size + given
    return Confusion(np.bincount(cells, minlength=size * size).reshape(size, size), cells, len(labels))


def items_of(gradient: Gradient) -> Callable[..., Units]:
    """Return the item values of a metric that is a function of the confusion table."""

    def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
        table = confusion(truth, prediction, labels=task.labels)
        score, slopes = gradient(table)
        centre = float((slopes * table.counts).sum()) / max(len(table.cells), 1)
        return whole_units(score, (slopes - centre).reshape(-1)[table.cells], unit=task.unit)

    return items


def ratio(above: NDArray[np.int64] | Floats, below: NDArray[np.int64] | Floats) -> Floats:
    """Divide, with 0 where there is nothing to divide by."""
    return np.divide(above, below, out=np.zeros(np.shape(above), dtype=np.float64), where=np.asarray(below) != 0)
