"""Scores between the worst and the best of this year's entrants."""

import numpy as np

from leaderboards.aggregates.results import Results
from leaderboards.aggregates.rule import Floats, Rule


def worth(results: Results) -> Floats:
    """Compute Σ_t w_t·(s − min)/(max − min)/Σ_t w_t; 0 on a task where all are equal, NaN for who misses a task."""
    scores = results.scores
    # fmin and fmax pass over missing scores, and are NaN where all are missing
    low, high = np.fmin.reduce(scores, axis=-2), np.fmax.reduce(scores, axis=-2)
    span = (high - low)[..., None, :]
    above = scores - low[..., None, :]
    scaled = np.divide(above, span, out=np.where(np.isnan(above), np.nan, 0.0), where=span > 0)
    mean: Floats = (scaled * results.shares).sum(axis=-1)
    return mean


RULE = Rule(
    name="min_max",
    title="min–max",
    definition="mean over tasks of (score − worst)/(best − worst), worst and best among the entrants",
    source="common practice",
    missing="leaves the entrant without a mean, after everybody who has one",
    worth=worth,
)
