"""Which items are public follows from the seed, the task and the items' names, and from nothing else.

Parallel items are drawn together: an item that is public in one language would give its answer away in the others.
"""

import hashlib
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN

from evaluation.suites.suite import Split


def public_items(items: Iterable[str], *, task: str, split: Split) -> frozenset[str]:
    """Choose the public items: the first round(share · n), half even, by SHA-256 of `seed|task|item`."""
    ordered = sorted(items, key=lambda item: _place(split.seed, task, item))
    count = int((split.public_share * len(ordered)).to_integral_value(ROUND_HALF_EVEN))
    return frozenset(ordered[:count])


def public_parallel(items: Iterable[str], *, task: str, split: Split) -> frozenset[str]:
    """Choose the public items of a parallel task: the same draw over what items of all languages share."""
    named = list(items)
    public = public_items({shared_name(item) for item in named}, task=task, split=split)
    return frozenset(item for item in named if shared_name(item) in public)


def shared_name(item: str) -> str:
    """Return what the names of a parallel item share in all languages: `capital-01` of `de/capital-01`."""
    return item.partition("/")[2]


def language_of(item: str) -> str:
    """Return the language of a parallel item: `de` of `de/capital-01`."""
    return item.partition("/")[0]


def _place(seed: int, task: str, item: str) -> bytes:
    return hashlib.sha256(f"{seed}|{task}|{item}".encode()).digest()
