"""Which items are public follows from the seed, the task and the items' names, and from nothing else."""

import hashlib
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN

from evaluation.suites.suite import Split


def public_items(items: Iterable[str], *, task: str, split: Split) -> frozenset[str]:
    """Choose the public items: the first round(share · n), half even, by SHA-256 of `seed|task|item`."""
    ordered = sorted(items, key=lambda item: _place(split.seed, task, item))
    count = int((split.public_share * len(ordered)).to_integral_value(ROUND_HALF_EVEN))
    return frozenset(ordered[:count])


def _place(seed: int, task: str, item: str) -> bytes:
    return hashlib.sha256(f"{seed}|{task}|{item}".encode()).digest()
