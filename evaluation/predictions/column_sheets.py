"""Answer sheets filled by columns: rows find their items by one look-up for all, and answers are checked at once."""

from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evaluation.predictions.answer_texts import WORDY, AnswerError, read_answer
from evaluation.predictions.decimals import are_probabilities, decimals, joined, numbers
from evaluation.predictions.joining import LONGEST, Joining
from evaluation.predictions.rows import PredictionLimits
from evaluation.predictions.text_blocks import Unusual
from evaluation.suites import Truth
from evaluation.tasks import Answer, Kind, Task


class ColumnSheet:
    """The answer sheet of one task: rows in any order, and in the end one for every item."""

    def __init__(self, task: Task, truth: Truth, limits: PredictionLimits) -> None:
        """Begin with no answer."""
        self._limits = limits
        self._task = task
        self._items = truth.names
        self._ordered = 0
        self._looked_up: list[pa.Array] = []
        self._answers: list[Any] = []
        self._count = 0

    def add(self, items: pa.Array, predictions: pa.Array) -> None:
        """Take in rows; raises Unusual for an answer that is not to be read, or more rows than items."""
        # Rows are most often in the order of the starter, where there is nothing to look up.
        if not self._looked_up and items.equals(self._items.slice(self._count, len(items))):
            self._ordered += len(items)
        else:
            self._looked_up.append(items)
        self._count += len(items)
        if self._count > len(self._items):
            raise Unusual
        self._answers.append(self._read(predictions))

    def _read(self, predictions: pa.Array) -> Any:
        kind = self._task.kind
        if kind in WORDY:
            return _one_by_one(predictions, self._task, self._limits)
        if longest(predictions) > self._limits.field:
            raise Unusual
        if kind is Kind.CLASSIFICATION:
            return _labels(predictions, self._task)
        return numbers(predictions)

    def answers(self) -> pa.Array | tuple[Answer, ...]:
        """Return the answers in the order of the items, as `Answers` takes them.

        Raises Unusual where items are missing, doubled or unknown.
        """
        size = len(self._items)
        if self._count != size:
            raise Unusual
        if self._task.kind in WORDY:
            given = list(chain.from_iterable(self._answers))
            return tuple(given[row] for row in self._order().tolist()) if self._ordered < size else tuple(given)
        if self._task.kind is Kind.CLASSIFICATION:
            codes = pa.concat_arrays(self._answers)
            if self._ordered < size:
                codes = codes.take(pa.array(self._order()))
            return pa.DictionaryArray.from_arrays(codes, pa.array(self._task.labels, pa.string()))
        found = joined(self._answers)
        if self._task.kind is Kind.PROBABILITY and not are_probabilities(found):
            raise Unusual
        return decimals(found.take(self._order()) if self._ordered < size else found)

    def _order(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Tell for each item in which row its answer is, shape (n,)."""
        if longest(self._items) > LONGEST:
            found = pc.index_in(pa.chunked_array(self._looked_up), value_set=self._items)
            if found.null_count:
                raise Unusual
            found = [found.to_numpy()]
        else:
            joining = Joining(self._items)
            found = [joining.places(items) for items in self._looked_up]
        places = np.concatenate([np.arange(self._ordered), *found])
        order = np.full(len(self._items), -1, dtype=np.int64)
        order[places] = np.arange(len(places))
        if (order < 0).any():  # as many rows as items, and one item is missing: another is there twice
            raise Unusual
        return order


def longest(column: pa.Array) -> int:
    """Return the bytes of a column's longest text, which are at least its characters; 0 for numbers."""
    if pa.types.is_floating(column.type):
        return 0
    texts = column.dictionary if pa.types.is_dictionary(column.type) else column
    return pc.max(pc.binary_length(texts)).as_py() or 0


def _labels(predictions: pa.Array, task: Task) -> pa.Array:
    if pa.types.is_floating(predictions.type):
        raise Unusual  # a label that looks like a number is compared as it would be written
    codes = pc.index_in(predictions, value_set=pa.array(task.labels, pa.string()))
    if codes.null_count:
        raise Unusual
    return codes


def _one_by_one(predictions: pa.Array, task: Task, limits: PredictionLimits) -> list[Answer]:
    if pa.types.is_floating(predictions.type) or (pc.max(pc.utf8_length(predictions)).as_py() or 0) > limits.text:
        raise Unusual
    try:
        return [read_answer(text, task) for text in predictions.to_pylist()]
    except AnswerError as error:
        raise Unusual from error
