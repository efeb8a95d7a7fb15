"""Scores in standard deviations from the mean of this year's entrants."""

import numpy as np

from leaderboards.aggregates.results import Results
from leaderboards.aggregates.rule import Floats, Rule


def worth(results: Results) -> Floats:
    """Compute Σ_t w_t·(s − mean)/sd/Σ_t w_t, sd over entrants with a score, divided by their number.

    0 on a task where all are equal, NaN for who misses a task.
    """
    scores, there = results.scores, results.present
    count = there.sum(axis=-2, keepdims=True)
    known = np.where(there, scores, 0.0)
    centre = known.sum(axis=-2, keepdims=True) / np.maximum(count, 1)
    away = np.where(there, scores - centre, 0.0)
    spread = np.sqrt((away**2).sum(axis=-2, keepdims=True) / np.maximum(count, 1))
    # equal scores must give no spread at all, not that of a mean's rounding
    differ = np.fmin.reduce(scores, axis=-2, keepdims=True) < np.fmax.reduce(scores, axis=-2, keepdims=True)
    scaled = np.divide(away, spread, out=np.zeros_like(scores), where=differ & (spread > 0))
    mean: Floats = (np.where(there, scaled, np.nan) * results.shares).sum(axis=-1)
    return mean


RULE = Rule(
    name="z_score",
    title="z-score",
    definition="mean over tasks of (score − mean)/standard deviation, both over the entrants",
    source="common practice",
    missing="leaves the entrant without a mean, after everybody who has one",
    worth=worth,
    # an outlier widens the spread: who comes nearer to the field may lend more to a rival than it gains itself
    monotone=False,
)
