"""Bradley and Terry's strengths from who beats whom on how many tasks."""

import numpy as np

from leaderboards.aggregates.pairs import pairwise_wins
from leaderboards.aggregates.results import Gaps, Results
from leaderboards.aggregates.rule import Floats, Rule
from leaderboards.aggregates.strengths import penalised_strengths

PHANTOM = 0.01
"""Games against a phantom of strength 0, one half won and one half lost, as a part of one full round of tasks.

Without it, whoever leads on every task would be infinitely strong, and entrants without a chain of wins between them
could not be compared. It moves strengths a little towards 0.
"""


def worth(results: Results) -> Floats:
    """Compute log-strengths, a task of weight w being a game of weight w and a tie half a win for each."""
    logs = penalised_strengths(pairwise_wins(results), phantom=PHANTOM)
    nowhere = (results.gaps is Gaps.SKIPPED) & ~results.present.any(axis=-1)
    return np.where(nowhere, np.nan, logs)


RULE = Rule(
    name="bradley_terry",
    title="Bradley–Terry",
    definition="log-strength: the log-odds of being ahead on a task are the difference of two strengths",
    source="Bradley and Terry 1952, Biometrika 39:324-345; a phantom opponent keeps strengths finite",
    missing="loses to every score; skipped only if asked",
    worth=worth,
)
