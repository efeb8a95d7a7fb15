"""Comparison tools: second looks at a board, never the decision; each says what it takes to be random."""

from leaderboards.comparisons.completeness import complete
from leaderboards.comparisons.finalists import Finalists, Gap, compare
from leaderboards.comparisons.friedman import Friedman, friedman, friedman_of, friedman_of_ranks, mid_ranks
from leaderboards.comparisons.holm import holm
from leaderboards.comparisons.nemenyi import critical_difference, groups, told_apart
from leaderboards.comparisons.paired import Paired, PairedTask, TaskDifference, paired
from leaderboards.comparisons.permutation import PermutationTest, permutation_tests
from leaderboards.comparisons.practical import Practical, sign_test, signed_rank_test

__all__ = [
    "Finalists",
    "Friedman",
    "Gap",
    "Paired",
    "PairedTask",
    "PermutationTest",
    "Practical",
    "TaskDifference",
    "compare",
    "complete",
    "critical_difference",
    "friedman",
    "friedman_of",
    "friedman_of_ranks",
    "groups",
    "holm",
    "mid_ranks",
    "paired",
    "permutation_tests",
    "sign_test",
    "signed_rank_test",
    "told_apart",
]
