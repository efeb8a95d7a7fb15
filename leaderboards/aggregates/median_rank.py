"""The median of an entrant's ranks: one bad task costs nothing, nor does a good one help."""

import numpy as np

from leaderboards.aggregates.results import Results
from leaderboards.aggregates.rule import Floats, Rule
from leaderboards.ranks import mid_ranks


def worth(results: Results) -> Floats:
    """Compute minus the median over tasks of the mid-ranks; NaN for whoever has none."""
    ranks = mid_ranks(results.compared())
    somewhere = np.asarray(~np.isnan(ranks).all(axis=-1))
    middle: Floats = -np.nanmedian(np.where(somewhere[..., None], ranks, 0.0), axis=-1)
    return np.where(somewhere, middle, np.nan)


RULE = Rule(
    name="median_rank",
    title="median rank",
    definition="median over tasks of the rank among the entrants; every task counts the same",
    source="common practice",
    missing="takes the last place; skipped only if asked",
    worth=worth,
    weighted=False,
    smaller_in_print=True,
)
