"""How far judges agree: Krippendorff's alpha with a bootstrap interval, and the entries they ought to talk about.

alpha = 1 − D_o/D_e (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"). A unit is one criterion of one
entry; units with a single mark say nothing about agreement. With o_ck the coincidences of marks c and k (each unit of
m marks adds 1/(m−1) for every ordered pair of its marks), n_c = Σ_k o_ck and n = Σ n_c,
D_o = Σ o_ck·δ²_ck/n and D_e = Σ n_c·n_k·δ²_ck/(n(n−1)). The distance δ² is 1 for marks that differ (nominal),
(c − k)² (interval), or (Σ_{g=c..k} n_g − (n_c + n_k)/2)² (ordinal), which is the squared distance of mid-ranks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leaderboards.decimals import from_exact, from_float, spelled
from leaderboards.jury.reviews import Reviews, level
from leaderboards.refusals import ReviewError

DISAGREEMENT = 3  # half marks between the highest and the lowest on one criterion that call for a discussion
_BLOCK = 1_000  # bootstrap draws computed at a time
Units = Sequence[Sequence[int]]
Floats = NDArray[np.float64]


class Scale(StrEnum):
    """What a distance between two marks means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha, 1 for full agreement and 0 for chance, with bounds; None where it is not defined.

    units: how many have two marks or more; left_out: how many marks stand alone; void: how many draws held equal
    marks only, where alpha is not defined, and were left out of the bounds.
    """

    scale: Scale
    alpha: Decimal | None
    low: Decimal | None
    high: Decimal | None
    units: int
    left_out: int
    void: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types in which every real number is a decimal string."""
        return {
            "scale": str(self.scale),
            "alpha": spelled(self.alpha),
            "low": spelled(self.low),
            "high": spelled(self.high),
            "units": self.units,
            "left_out": self.left_out,
            "void": self.void,
        }


@dataclass(frozen=True)
class Disagreement:
    """A criterion of an entry on which marks lie so far apart that the panel should discuss it."""

    entry: str
    criterion: str
    lowest: int
    highest: int


def units_of(reviews: Reviews) -> dict[tuple[str, str], tuple[int, ...]]:
    """Gather the half marks of every criterion of every entry, in order of the judges' names."""
    units: dict[tuple[str, str], list[int]] = {}
    for one in reviews.marks:
        if one.halves is not None:
            units.setdefault((one.entry, one.criterion), []).append(one.halves)
    return {key: tuple(values) for key, values in sorted(units.items())}


def disagreements(reviews: Reviews, *, least: int = DISAGREEMENT) -> tuple[Disagreement, ...]:
    """List the criteria of entries on which the marks span at least so many half marks."""
    spans = ((key, min(values), max(values)) for key, values in units_of(reviews).items())
    return tuple(Disagreement(*key, low, high) for key, low, high in spans if high - low >= least)


def agreement(
    reviews: Reviews,
    *,
    scale: Scale | str = Scale.ORDINAL,
    draws: int = 10_000,
    seed: int = 0,
    confidence: str = "0.95",
) -> Alpha:
    """Compute alpha of a jury's marks; its bounds come from drawing whole entries with replacement.

    All criteria of an entry are drawn together, because marks of one entry go together. Raises ReviewError.
    """
    found = units_of(reviews)
    named = sorted({entry for entry, _ in found})
    clusters = [named.index(entry) for entry, _ in found]
    return alpha_of(list(found.values()), scale=scale, clusters=clusters, draws=draws, seed=seed, confidence=confidence)


def alpha_of(
    units: Units,
    *,
    scale: Scale | str,
    clusters: Sequence[int] | None = None,
    draws: int = 0,
    seed: int = 0,
    confidence: str = "0.95",
) -> Alpha:
    """Compute alpha of units, each the list of its marks, an absent mark being left out.

    clusters: for every unit the number of the cluster that is drawn as one; every unit by itself if not given.
    Without draws there are no bounds. Raises ReviewError for an unknown scale, fewer than 0 draws or a confidence
    outside 0.5 to 1.
    """
    if scale not in tuple(Scale):
        raise ReviewError(f"the scale must be {', '.join(Scale)}, not {scale!r}.")
    if draws < 0:
        raise ReviewError(f"draws must be at least 0, not {draws}.")
    tail = (1 - level(confidence)) / 2
    scale = Scale(scale)
    paired = [number for number, unit in enumerate(units) if len(unit) > 1]
    alone = sum(len(unit) for unit in units if len(unit) == 1)
    marks = sorted({mark for number in paired for mark in units[number]})
    coincidences, unit_scale = _coincidences([units[number] for number in paired], marks)
    point = _exact(coincidences.sum(axis=0), unit_scale, marks, scale) if paired else None
    low = high = None
    void = 0
    if point is not None and draws:
        groups = list(range(len(units))) if clusters is None else list(clusters)
        drawn = _resampled(coincidences, [groups[number] for number in paired], unit_scale, marks, scale, draws, seed)
        known = np.sort(drawn[~np.isnan(drawn)])
        void = draws - len(known)
        if len(known):
            low = from_float(float(known[int(tail * (len(known) - 1))]))
            high = from_float(float(known[len(known) - 1 - int(tail * (len(known) - 1))]))
    alpha = None if point is None else from_exact(point)
    return Alpha(scale, alpha, low, high, len(paired), alone, void)


def _coincidences(units: Units, marks: Sequence[int]) -> tuple[NDArray[np.int64], int]:
    """Count ordered pairs of marks in every unit, (units, marks, marks), times a number that makes 1/(m−1) whole."""
    whole = lcm(*(len(unit) - 1 for unit in units)) if units else 1
    place = {mark: number for number, mark in enumerate(marks)}
    counts = np.zeros((len(units), len(marks)), np.int64)
    for number, unit in enumerate(units):
        for mark in unit:
            counts[number, place[mark]] += 1
    pairs = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(len(marks))
    pairs[:, diagonal, diagonal] -= counts
    weight = np.array([whole // (len(unit) - 1) for unit in units], dtype=np.int64)
    return pairs * weight[:, None, None], whole


def _exact(sums: NDArray[np.int64], whole: int, marks: Sequence[int], scale: Scale) -> Fraction | None:
    observed = [[Fraction(int(cell), whole) for cell in row] for row in sums]
    each = [sum(row, Fraction(0)) for row in observed]
    total = sum(each, Fraction(0))
    ranks: list[Fraction] = []
    below = Fraction(0)
    for count, mark in zip(each, marks, strict=True):
        ranks.append(below + count / 2 if scale is Scale.ORDINAL else Fraction(mark))
        below += count
    places = range(len(marks))
    far = [[Fraction(c != k) if scale is Scale.NOMINAL else (ranks[c] - ranks[k]) ** 2 for k in places] for c in places]
    disagreed = sum((observed[c][k] * far[c][k] for c in places for k in places), Fraction(0))
    expected = sum((each[c] * each[k] * far[c][k] for c in places for k in places), Fraction(0))
    return None if expected == 0 else 1 - (total - 1) * disagreed / expected


def _resampled(
    coincidences: NDArray[np.int64],
    clusters: Sequence[int],
    whole: int,
    marks: Sequence[int],
    scale: Scale,
    draws: int,
    seed: int,
) -> Floats:
    """Draw clusters with replacement and compute alpha each time, NaN where all drawn marks are equal."""
    names, code = np.unique(np.array(clusters), return_inverse=True)
    summed = np.zeros((len(names), len(marks) ** 2))
    np.add.at(summed, code, coincidences.reshape(len(coincidences), -1).astype(np.float64))
    stream = np.random.Generator(np.random.PCG64(seed))
    found = []
    for first in range(0, draws, _BLOCK):
        height = min(_BLOCK, draws - first)
        chosen = stream.integers(0, len(names), size=(height, len(names)))
        counts = np.zeros((height, len(names)))
        np.add.at(counts, (np.arange(height)[:, None], chosen), 1.0)
        # Whole numbers far below 2^53: the product is exact in whatever order a BLAS adds it up.
        observed = (counts @ summed).reshape(height, len(marks), len(marks)) / whole
        found.append(_alphas(observed, np.array(marks, dtype=np.float64), scale))
    return np.concatenate(found)


def _alphas(observed: Floats, marks: Floats, scale: Scale) -> Floats:
    each = observed.sum(axis=2)
    total = each.sum(axis=1)
    ranks = each.cumsum(axis=1) - each / 2 if scale is Scale.ORDINAL else np.broadcast_to(marks, each.shape)
    gaps = ranks[:, :, None] - ranks[:, None, :]
    far = (gaps != 0).astype(np.float64) if scale is Scale.NOMINAL else gaps**2
    disagreed = (observed * far).sum(axis=(1, 2))
    expected = (each[:, :, None] * each[:, None, :] * far).sum(axis=(1, 2))
    ratio = np.divide((total - 1) * disagreed, expected, out=np.full_like(total, np.nan), where=expected > 0)
    alphas: Floats = 1 - ratio
    return alphas
