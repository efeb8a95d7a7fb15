"""The answers of a prediction file, held compactly and turned into texts and exact numbers when a task is scored."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pyarrow as pa

from evaluation.tasks import Answer


class Answers(Mapping[str, tuple[Answer, ...]]):
    """The answers of each task in the order of its items.

    A task's answers are given as a tuple, or as an Arrow array of dictionary-encoded labels or of decimals, which
    becomes a tuple when it is first asked for.
    """

    def __init__(self, columns: Mapping[str, pa.Array | tuple[Answer, ...]]) -> None:
        """Take the answers by task."""
        self._columns = dict(columns)

    def __getitem__(self, task: str) -> tuple[Answer, ...]:
        """Return the answers of one task; raises KeyError for a task that is not in the suite."""
        column = self._columns[task]
        if not isinstance(column, tuple):
            column = self._columns[task] = _answers(column)
        return column

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the tasks."""
        return iter(self._columns)

    def __len__(self) -> int:
        """Count the tasks."""
        return len(self._columns)


def _answers(column: pa.Array) -> tuple[Answer, ...]:
    if pa.types.is_dictionary(column.type):
        labels = column.dictionary.to_pylist()
        return tuple(map(labels.__getitem__, column.indices.to_numpy().tolist()))
    # by way of texts: Arrow's own conversion to Decimal takes three times as long
    return tuple(map(Decimal, column.cast(pa.string()).to_pylist()))
