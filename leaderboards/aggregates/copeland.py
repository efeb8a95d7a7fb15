"""Copeland's rule: how many entrants one beats on most tasks, less those by whom one is beaten."""

import numpy as np

from leaderboards.aggregates.pairs import pairwise_wins
from leaderboards.aggregates.results import Gaps, Results
from leaderboards.aggregates.rule import Floats, Rule
from leaderboards.ranks import SAME


def worth(results: Results) -> Floats:
    """Compute Σ_j sign(tasks won against j − tasks lost to j), tasks counted with their weights."""
    wins = pairwise_wins(results)
    lead = wins - np.swapaxes(wins, -1, -2)
    # weights that cancel do so up to rounding
    score: Floats = np.where(np.abs(lead) > SAME, np.sign(lead), 0.0).sum(axis=-1)
    nowhere = (results.gaps is Gaps.SKIPPED) & ~results.present.any(axis=-1)
    return np.where(nowhere, np.nan, score)


RULE = Rule(
    name="copeland",
    title="Copeland",
    definition="number of entrants beaten on most of the tasks, less the number of those by whom one is beaten so",
    source="Copeland 1951; Condorcet's winner comes first where there is one",
    missing="loses to every score; skipped only if asked",
    worth=worth,
)
