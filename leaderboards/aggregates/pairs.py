"""Who beats whom: for every two entrants, on what part of the tasks each is ahead of the other."""

import numpy as np
from numpy.typing import NDArray

from leaderboards.aggregates.results import Results

Floats = NDArray[np.float64]


def pairwise_wins(results: Results) -> Floats:
    """Compute wins[…, i, j]: the weight of the tasks on which i is ahead of j, half of it where they tie.

    All weights add up to 1, so wins[i, j] + wins[j, i] is 1 where nothing is skipped. The diagonal is 0.
    """
    scores = results.compared()
    size = scores.shape[-2]
    wins = np.zeros((*scores.shape[:-1], size))
    for place, share in enumerate(results.shares.tolist()):
        mine, theirs = scores[..., :, None, place], scores[..., None, :, place]
        wins += share * (mine > theirs)
        wins += share / 2 * (mine == theirs)
    wins[..., np.arange(size), np.arange(size)] = 0.0
    return wins
