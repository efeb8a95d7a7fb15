"""Items of one cluster (a passage, a template) stand or fall together: they are drawn, and summed, as one."""

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


def by_cluster(clusters: tuple[str, ...]) -> tuple[Whole, Whole]:
    """Order items by the name of their cluster; the second array says where each cluster starts, and where all end."""
    names = sorted(set(clusters))
    place = {name: number for number, name in enumerate(names)}
    code = np.array([place[name] for name in clusters], dtype=np.int64)
    order = np.argsort(code, kind="stable")
    return order, np.searchsorted(code[order], np.arange(len(names) + 1))


def summed(values: NDArray[np.int32], order: Whole, starts: Whole) -> Whole:
    """Add up values (K, items) over the clusters that `starts` tells within `order`: (K, G)."""
    inside = values[:, order[starts[0] : starts[-1]]]
    if len(starts) - 1 == inside.shape[1]:  # every item is a cluster: there is nothing to add up
        return inside.astype(np.int64)
    sums: Whole = np.add.reduceat(inside, starts[:-1] - starts[0], axis=1, dtype=np.int64)
    return sums
