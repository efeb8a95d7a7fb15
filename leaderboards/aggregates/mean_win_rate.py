"""HELM's mean win rate: on how many of the others an entrant is better, task by task."""

import numpy as np

from leaderboards.aggregates.results import Gaps, Results
from leaderboards.aggregates.rule import Floats, Rule
from leaderboards.aggregates.within_tasks import mean_over_tasks
from leaderboards.ranks import mid_ranks


def worth(results: Results) -> Floats:
    """Compute mean_t (#{beaten} + ½·#{tied})/(m_t − 1), m_t entrants compared on task t; one with m_t < 2 is left out.

    With gaps skipped this is HELM's own definition; NaN for whoever is compared nowhere.
    """
    ranks = mid_ranks(results.compared())
    met = results.present if results.gaps is Gaps.SKIPPED else np.ones(results.scores.shape, np.bool_)
    others = met.sum(axis=-2, keepdims=True) - 1.0
    beaten = others + 1.0 - ranks
    rates = np.divide(beaten, others, out=np.full(ranks.shape, np.nan), where=others > 0)
    return mean_over_tasks(rates, results.shares)


RULE = Rule(
    name="mean_win_rate",
    title="mean win rate",
    definition="mean over tasks of the share of the other entrants that are beaten, a tie counting one half",
    source="Liang et al. 2023, HELM, arXiv:2211.09110, with ties as mended in stanford-crfm/helm #3001",
    missing="loses to every score; HELM's own way, to skip the task for that entrant, only if asked",
    worth=worth,
)
