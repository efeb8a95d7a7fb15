"""Gaussian draws with a given covariance, the same bits for one thread and two, singular covariances included.

The correlation matrix is factorised without pivots and without jitter: an entrant that is a combination of earlier
ones simply adds no direction of its own. Factor and normal deviates are then cut to 30 and 16 binary places, which
makes every product and sum below exact in float64, in whatever order it is added up.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# The size of a block is part of the definition of the draws: block b comes from the stream (seed, b).
BLOCK = 256
_FACTOR_STEP = 2.0**-30
_NORMAL_STEP = 2.0**-16
# Below this share of a variance the rest is rounding noise of the factorisation, not a direction.
_NOISE = 1e-11


class Draws:
    """Seeded draws from N(0, covariance), handed out in blocks so that memory stays bounded."""

    def __init__(self, covariance: Floats, *, count: int, seed: int) -> None:
        """Prepare `count` draws for a symmetric (K, K) covariance."""
        self.count, self.seed = count, seed
        self.size = len(covariance)
        self.deviations = np.sqrt(np.maximum(np.diag(covariance), 0.0))
        self._factor = np.rint(_triangle(_correlation(covariance, self.deviations)) / _FACTOR_STEP) * _FACTOR_STEP

    def blocks(self) -> int:
        """Count the blocks of BLOCK draws; the last may be shorter."""
        return -(-self.count // BLOCK)

    def block(self, number: int) -> Floats:
        """Draw block `number` anew: shape (draws in the block, K)."""
        return self.rows(number, np.arange(min(BLOCK, self.count - number * BLOCK)))

    def rows(self, number: int, wanted: NDArray[np.int64]) -> Floats:
        """Draw the `wanted` rows of block `number` anew: shape (wanted, K)."""
        stream = np.random.SeedSequence(self.seed, spawn_key=(number,))
        normal = np.random.Generator(np.random.PCG64(stream)).standard_normal((BLOCK, self.size))
        cut = np.rint(normal[wanted] / _NORMAL_STEP) * _NORMAL_STEP
        drawn: Floats = (cut @ self._factor.T) * self.deviations
        return drawn


def _correlation(covariance: Floats, deviations: Floats) -> Floats:
    scale = np.divide(1.0, deviations, out=np.zeros_like(deviations), where=deviations > 0)
    correlation: Floats = covariance * scale[:, None] * scale[None, :]
    return correlation


def _triangle(correlation: Floats) -> Floats:
    """Factorise a positive semi-definite matrix as L·Lᵀ, L lower triangular with zero columns where the rank fails."""
    size = len(correlation)
    factor = np.zeros((size, size))
    for column in range(size):
        rest = correlation[column:, column] - factor[column:, :column] @ factor[column, :column]
        if rest[0] > _NOISE:
            factor[column:, column] = rest / np.sqrt(rest[0])
    return factor
