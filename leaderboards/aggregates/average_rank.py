"""The mean of an entrant's ranks: Borda's count in another unit."""

from leaderboards.aggregates.results import Results
from leaderboards.aggregates.rule import Floats, Rule
from leaderboards.aggregates.within_tasks import mean_over_tasks
from leaderboards.ranks import mid_ranks


def worth(results: Results) -> Floats:
    """Compute −Σ_t w_t·rank_kt/Σ_t w_t with mid-ranks."""
    return -mean_over_tasks(mid_ranks(results.compared()), results.shares)


RULE = Rule(
    name="average_rank",
    title="average rank",
    definition="mean over tasks of the rank among the entrants, ties sharing the mean of their places",
    source="Friedman 1937; Demšar 2006, JMLR 7:1-30",
    missing="takes the last place, as in challengeR (Wiesenfarth et al. 2021); skipped only if asked",
    worth=worth,
    smaller_in_print=True,
)
