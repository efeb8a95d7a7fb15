"""The primary rule: points between anchors that were fixed beforehand."""

from leaderboards.aggregates.results import Results
from leaderboards.aggregates.rule import Floats, Rule
from leaderboards.utility import FULL_MARKS


def worth(results: Results) -> Floats:
    """Compute 100 · Σ_t w_t · clip((s − f_t)/(c_t − f_t), 0, 1)/Σ_t w_t, the points of the board in float64."""
    points: Floats = FULL_MARKS * (results.utilities() * results.shares).sum(axis=-1)
    return points


RULE = Rule(
    name="fixed_anchor",
    title="points of the call",
    definition="mean over tasks of the utility between floor and ceiling, both fixed beforehand; 0 to 100 points",
    source="the policy of the call",
    missing="counts as the task's floor",
    worth=worth,
    independent=True,
)
