"""How often each cluster of a task occurs in each draw: whole numbers, seeded, the same everywhere."""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.uint16]
BLOCK = 1_000
"""Draws made at a time. It is part of the definition of the draws: block b of G clusters comes from (seed, b, 0, G)."""
CELLS = 4_000_000
"""Counts handled at a time, so that memory stays bounded; part of the definition too."""


def counts(groups: int, *, seed: int, block: int) -> Counts:
    """Draw `groups` clusters with replacement and count them, BLOCK times: (BLOCK, groups), each row adds up to groups.

    The counts are not divided by anything: as whole numbers they make every sum of products with whole scores exact,
    in whatever order it is added up. A count beyond 65,535 has no chance to occur.
    """
    stream = _stream(seed, block, 0, groups)
    found = np.empty((BLOCK, groups), np.uint16)
    for rows in slabs(groups):
        height = rows.stop - rows.start
        chosen = stream.integers(0, groups, size=(height, groups), dtype=np.int64)
        chosen += np.arange(height)[:, None] * groups
        found[rows] = np.bincount(chosen.ravel(), minlength=height * groups).reshape(height, groups)
    return found


def slabs(groups: int) -> list[slice]:
    """Cut a block's rows into slabs of at most CELLS counts."""
    height = min(max(CELLS // groups, 1), BLOCK)
    return [slice(first, min(first + height, BLOCK)) for first in range(0, BLOCK, height)]


def order_of_draws(task: int, *, seed: int, block: int) -> NDArray[np.int64]:
    """Shuffle the draws of a block for the task of this number.

    Tasks with as many clusters share their counts. Taking them in another order for each task makes tasks move
    independently within a draw, at a fraction of the cost of new counts.
    """
    return _stream(seed, block, 1, task).permutation(BLOCK)


def _stream(seed: int, *key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
