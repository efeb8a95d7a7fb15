"""Few clusters: signs are drawn for whole clusters, because a covariance of a dozen of them is not to be leant on.

Wild cluster bootstrap with the null imposed (Wu 1986; Cameron, Gelbach and Miller 2008, doi:10.1162/rest.90.3.414) and
Rademacher's signs (Davidson and Flachaire 2008). With Y_tg the part of cluster g of task t in the points, so that
Σ_tg Y_tg are the points P up to a constant, the restricted residuals are

    e_tg = Y_tg − Ȳ_t + s_t·P/G_t,   s_t the share of task t in the variance of all points,  Σ s_t = 1,

a draw is Z = Σ_tg v_tg·e_tg with v = ±1, and a pair is compared by (P_i − P_j)/d_ij with d_ij² = Σ_tg (e_i − e_j)²:
the draw in which all signs are plus. For one task this is a strictly rising function of the t statistic, so every draw
is studentised anew. Were all entrants equal and clusters symmetric about that, signs would leave the joint
distribution as it is, and the maximum over pairs would hold its level exactly, however few clusters there are (Canay,
Romano and Shaikh 2017, doi:10.3982/ECTA13081). Tasks with more than FEW clusters enter as normal draws. Many tasks make
up for few clusters in each: signs are drawn only where 1/Σ s_t²/G_t, which for one task is G, is FEW at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leaderboards.draws import BLOCK, Draws

Floats = NDArray[np.float64]
FEW = 64
"""Clusters up to which signs are drawn; with more, normal draws cover what they say."""
_STEPS = 2.0**30  # residuals are cut to a grid, so that every sum of them is exact in whatever order it is added up


@dataclass(frozen=True, eq=False)
class Part:
    """A task in the points: its number of clusters and the sum of its variances.

    centred: (G, K), its parts of the points less their means, where it has no more than FEW clusters.
    """

    groups: int
    variance: float
    centred: Floats | None


@dataclass(frozen=True, eq=False)
class Restricted:
    """What signs are drawn for: residuals (G, K) in points, on a grid; deviation (K, K) of the pairs.

    total: (K,), the points less their mean, as the residuals add up to them; rest: (K, K), the covariance of all tasks
    with many clusters, None where there is none.
    """

    residuals: Floats
    total: Floats
    deviation: Floats
    rest: Floats | None


def restricted(points: Floats, parts: Sequence[Part], *, variance: Floats, rest: Floats) -> Restricted | None:
    """Impose the null on the parts of points (K,); None where there are many clusters.

    variance: (K, K), Σ_t (G_t − 1)/G_t·V_t of the differences over all tasks, 0 where nothing is random; rest: (K, K),
    the same of the covariance over the tasks with many clusters.
    """
    if not len(points) or all(part.centred is None for part in parts):
        return None
    centre = points - points.mean()
    whole = sum(part.variance for part in parts)
    shares = [part.variance / whole if whole > 0 else 1 / len(parts) for part in parts]
    imposed = sum(share**2 / part.groups for share, part in zip(shares, parts, strict=True))
    if imposed * FEW < 1:
        return None
    many = [share**2 / part.groups for share, part in zip(shares, parts, strict=True) if part.centred is None]
    residuals = np.concatenate(
        [
            part.centred + share * centre / part.groups
            for share, part in zip(shares, parts, strict=True)
            if part.centred is not None
        ]
    )
    scale = float(np.abs(residuals).max(initial=0.0))
    if scale > 0:
        step = 2.0 ** np.ceil(np.log2(scale)) / _STEPS
        residuals = np.rint(residuals / step) * step
    return Restricted(
        residuals,
        centre if many else residuals.sum(axis=0),
        np.sqrt(variance + imposed * np.subtract.outer(centre, centre) ** 2),
        rest + sum(many) * np.outer(centre, centre) if many else None,
    )


class SignDraws:
    """Seeded draws Σ v·e, handed out in blocks like those of a normal distribution."""

    def __init__(self, given: Restricted, *, count: int, seed: int) -> None:
        """Prepare `count` draws."""
        self.count, self.seed = count, seed
        self._residuals = given.residuals
        self._rest = None if given.rest is None else Draws(given.rest, count=count, seed=seed)

    def blocks(self) -> int:
        """Count the blocks of BLOCK draws; the last may be shorter."""
        return -(-self.count // BLOCK)

    def rows(self, number: int, wanted: NDArray[np.int64]) -> Floats:
        """Draw the `wanted` rows of block `number` anew: shape (wanted, K)."""
        stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=(number, 1))))
        groups = len(self._residuals)
        signs = stream.integers(0, 2, (BLOCK, groups), dtype=np.int8)[wanted].astype(np.float64)
        drawn: Floats = (2 * signs - 1) @ self._residuals
        return drawn if self._rest is None else drawn + self._rest.rows(number, wanted)
