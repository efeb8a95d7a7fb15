"""The mean of the scores as they are; says something only where all tasks have one scale."""

from leaderboards.aggregates.results import Results
from leaderboards.aggregates.rule import Floats, Rule


def worth(results: Results) -> Floats:
    """Compute Σ_t w_t·s_kt/Σ_t w_t; NaN for whoever misses a task, since a mean over fewer tasks is another mean."""
    mean: Floats = (results.scores * results.shares).sum(axis=-1)
    return mean


RULE = Rule(
    name="raw_mean",
    title="raw mean",
    definition="mean over tasks of the scores themselves",
    source="GLUE, SuperGLUE, Open LLM Leaderboard",
    missing="leaves the entrant without a mean, after everybody who has one",
    worth=worth,
    independent=True,
)
