"""Instructions followed: the share of items of which all are, and the share of all instructions (Zhou et al. 2023).

Each strictly, and loosely, where first line, last line and stars may be left out. The share of all instructions is a
function of two sums over the items, of those followed and those given, as items have more of them or fewer.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np

from evaluation.instructions import followed, read_instructions
from evaluation.metrics.sums import units_of_sums
from evaluation.metrics.texts import texts
from evaluation.metrics.units import Direction, Metric, Scale, Units
from evaluation.tasks import Answer, Kind, Task


def _found(truth: Sequence[Answer], prediction: Sequence[Answer], *, loosely: bool) -> list[tuple[bool, ...]]:
    pairs = zip(texts(truth), texts(prediction), strict=True)
    return [followed(read_instructions(true), given, loosely=loosely) for true, given in pairs]


def _whole(*, loosely: bool) -> Callable[..., Units]:
    def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
        """Give one whole unit to each item of which every instruction is followed, and nothing to the others."""
        return np.array([all(one) for one in _found(truth, prediction, loosely=loosely)], dtype=np.int64) * task.unit

    return items


def _each(*, loosely: bool) -> Callable[..., Units]:
    def items(truth: Sequence[Answer], prediction: Sequence[Answer], *, task: Task) -> Units:
        """Compute the share of all instructions that are followed, and each item's influence on it."""
        found = _found(truth, prediction, loosely=loosely)
        statistics = np.array([(sum(one), len(one)) for one in found], dtype=np.int64)
        right, given = (int(total) for total in statistics.sum(axis=0))
        # the slopes of right/given in its two sums
        return units_of_sums(right / given, [1 / given, -right / given**2], statistics, unit=task.unit)

    return items


def _metric(name: str, formula: str, items: Callable[..., Units], *, scale: Scale, is_mean: bool) -> Metric:
    return Metric(
        name=name, kinds=frozenset({Kind.INSTRUCTIONS}), direction=Direction.HIGHER, formula=formula, items=items,
        most=Decimal(1), scale=scale, is_mean=is_mean,
    )  # fmt: skip


def _two(suffix: str, how: str, *, loosely: bool) -> tuple[Metric, Metric]:
    every = f"mean of [every instruction of the item is followed], {how}"
    each = f"instructions followed/instructions given over all items, {how}"
    return (
        _metric(f"all_instructions{suffix}", every, _whole(loosely=loosely), scale=Scale.PROPORTION, is_mean=True),
        _metric(f"each_instruction{suffix}", each, _each(loosely=loosely), scale=Scale.SHARE, is_mean=False),
    )


ALL_INSTRUCTIONS, EACH_INSTRUCTION = _two("", "read strictly", loosely=False)
ALL_INSTRUCTIONS_LOOSE, EACH_INSTRUCTION_LOOSE = _two("_loose", "read loosely", loosely=True)
READ_LOOSELY = frozenset({ALL_INSTRUCTIONS_LOOSE.name, EACH_INSTRUCTION_LOOSE.name})
"""The names of those metrics by which texts are read loosely."""
