"""The mean of the middle half of an entrant's utilities: robust, and blind to who else entered."""

import numpy as np

from leaderboards.aggregates.results import Results
from leaderboards.aggregates.rule import Floats, Rule
from leaderboards.utility import FULL_MARKS

_CUT = 4


def worth(results: Results) -> Floats:
    """Compute the mean of the utilities without the ⌊T/4⌋ lowest and highest, in points from 0 to 100."""
    inside = np.sort(results.utilities(), axis=-1)
    tasks = inside.shape[-1]
    left_out = tasks // _CUT
    mean: Floats = FULL_MARKS * inside[..., left_out : tasks - left_out].mean(axis=-1)
    return mean


RULE = Rule(
    name="interquartile_mean",
    title="interquartile mean",
    definition="mean of the middle half of the utilities, the lowest and the highest quarter of the tasks left out",
    source="Agarwal et al. 2021, rliable, arXiv:2108.13264 (scipy.stats.trim_mean with .25)",
    missing="counts as the task's floor",
    worth=worth,
    independent=True,
    weighted=False,
)
