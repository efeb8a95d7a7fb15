"""Intervals of a task's score, computed from nothing but the values of its items and which of them belong together.

With x_gi the values, n their number, G clusters, d_g = Σ_i (x_gi − x̄) and V = G/(G − 1) · Σ_g d_g²/n² (Liang and Zeger
1986; Miller 2024, arXiv:2411.00640), the interval is t_{G−1}·√V on the scale on which the score's distribution is most
nearly symmetric, turned back: the odds for shares, Fisher's z for correlations, the logarithm for errors. A share of
right answers has Wilson's interval (1927), with the number of items that V is worth in place of n where items are
clustered, and the number of clusters where all are right or all are wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, exp, log, sqrt, tanh

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics import METRICS, Metric, Scale
from evaluation.reports import Report

Values = NDArray[np.int64]
Clusters = Sequence[str] | NDArray[np.object_]


@dataclass(frozen=True)
class Interval:
    """Between which bounds a score lies at the stated confidence; the standard error is on the score's own scale."""

    low: float
    high: float
    error: float


def interval(
    values: Values, clusters: Clusters, *, unit: int, metric: Metric, confidence: float = 0.95
) -> Interval | None:
    """Compute the interval of a score from its items' values in 1/unit, shape (n,), and each item's cluster.

    None where nothing can be said about the spread: with fewer than two clusters, where no item moves the score, unless
    it is a share of right answers, and for a metric that has no interval. Raises ValueError for a confidence that is
    not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, and {confidence} does not")
    size, groups = len(values), len(set(clusters))
    if groups < 2 or not metric.has_interval:
        return None
    # whole numbers: n·x − Σx has no rounding, so equal items in any order give equal sums
    total = int(values.sum())
    apart = (values * size - total) / (size * unit)
    sums = apart if groups == size else _sums_by(clusters, apart)
    variance = float((sums**2).sum()) * groups / (groups - 1) / size**2
    score, error = total / (size * unit), sqrt(variance)
    if not error and metric.scale is not Scale.PROPORTION:
        return None
    from scipy.special import stdtrit  # loaded late: scoring needs none of it, and little memory may be given

    quantile = float(stdtrit(groups - 1, (1 + confidence) / 2))
    low, high = _bounds(score, error, quantile, groups, metric.scale)
    least = float(metric.least) if metric.least is not None else low
    most = float(metric.most) if metric.most is not None else high
    return Interval(max(low, least), min(high, most), error)


def _sums_by(clusters: Clusters, apart: NDArray[np.float64]) -> NDArray[np.float64]:
    place = np.unique(np.asarray(clusters, np.str_), return_inverse=True)[1]
    sums = np.bincount(place, weights=apart)
    return np.asarray(sums, dtype=np.float64)


def intervals_of(report: Report, *, confidence: float = 0.95) -> list[Interval | None]:
    """Compute the interval of every score of a report from its item rows, in the order of the report's tasks."""
    rows = report.items
    names, parts = (np.asarray(rows.column(name).to_pylist(), dtype=object) for name in ("task", "part"))
    values = rows.column("value").to_numpy()
    clusters = np.asarray(rows.column("cluster").to_pylist(), dtype=object)
    found = []
    for task in report.tasks:
        own = (names == task.task) & (parts == task.part.value)
        metric = METRICS[task.metric]
        found.append(interval(values[own], clusters[own], unit=task.unit, metric=metric, confidence=confidence))
    return found


def _bounds(score: float, error: float, quantile: float, groups: int, scale: Scale) -> tuple[float, float]:
    if scale is Scale.PROPORTION:
        return _wilson(score, error, quantile, groups)
    if scale is Scale.SHARE and 0 < score < 1:
        middle, width = log(score / (1 - score)), quantile * error / (score * (1 - score))
        return _logistic(middle - width), _logistic(middle + width)
    if scale is Scale.CORRELATION and -1 < score < 1:
        middle, width = atanh(score), quantile * error / (1 - score**2)
        return tanh(middle - width), tanh(middle + width)
    if scale is Scale.POSITIVE and score > 0:
        factor = exp(min(quantile * error / score, 700.0))
        return score / factor, score * factor
    return score - quantile * error, score + quantile * error


def _wilson(share: float, error: float, quantile: float, groups: int) -> tuple[float, float]:
    """Compute Wilson's interval for as many independent items as the error says there are."""
    worth = share * (1 - share) / error**2 if error and 0 < share < 1 else float(groups)
    square = quantile**2 / worth
    middle = (share + square / 2) / (1 + square)
    width = quantile / (1 + square) * sqrt(share * (1 - share) / worth + square / (4 * worth))
    return middle - width, middle + width


def _logistic(value: float) -> float:
    if value < 0:
        return exp(max(value, -700.0)) / (1 + exp(max(value, -700.0)))
    return 1 / (1 + exp(-min(value, 700.0)))
