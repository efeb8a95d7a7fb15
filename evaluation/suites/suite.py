"""A suite is a versioned set of tasks with their hidden truth; its version is the digest of its content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pyarrow as pa

from evaluation.tasks import Answer, Part, Task

Field = str | int | float | list[str]
Inputs = Mapping[str, Mapping[str, Field]]
"""What each item of a task asks, by the names of its fields."""


class SuiteError(ValueError):
    """A suite cannot be used; the message names the file and the line or key, and says what to do."""


@dataclass(frozen=True)
class Split:
    """How the items are divided: by this seed, and with this share of them public."""

    seed: int
    public_share: Decimal


@dataclass(frozen=True)
class Truth:
    """The items of one task in the order of its file, with label, cluster and part of each.

    A label is None where a starter suite withholds it.
    """

    items: tuple[str, ...]
    labels: tuple[Answer | None, ...]
    clusters: tuple[str, ...]
    parts: tuple[Part, ...]

    @cached_property
    def names(self) -> pa.Array:
        """The items once more, as a column of texts; put together when first asked for."""
        return pa.array(self.items, pa.string())


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A loaded suite; `starter_of` is the digest of the full suite where this is a team's starter, else empty."""

    name: str
    version: str
    title: str
    tasks: tuple[Task, ...]
    split: Split
    truths: Mapping[str, Truth]
    digest: str
    starter_of: str = ""
    inputs: Mapping[str, Inputs] = field(default_factory=dict)
    """What the items ask, by task and item, where a model is run; a starter may hold those of the public part only."""
    references: Mapping[str, bytes] = field(default_factory=dict)
    """Prediction files of two known entries, `worse` and `better`, for the dry run; a starter holds none."""

    @property
    def size(self) -> int:
        """Count the items of all tasks."""
        return sum(len(truth.items) for truth in self.truths.values())
