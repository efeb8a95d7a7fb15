"""The joint bootstrap of ranks in our way and in the two ways people write it; alone it prints its peak memory."""

import sys
from functools import cache

import numpy as np
from scipy.stats import bootstrap, rankdata

from leaderboards import Policy, ScoreTable, TaskPolicy
from leaderboards.aggregates import RULES
from leaderboards.resampling import Resampled, resample
from leaderboards.scores import TaskScores
from tests.bench.machine import peak_megabytes

ENTRANTS, TASKS, ITEMS, DRAWS = 200, 40, 1_000, 2_000
SCIPY_TASKS, SCIPY_DRAWS, LOOP_DRAWS = 1, 200, 20
"""What the rivals do of it: one task and a tenth of the draws; all tasks and a hundredth of the draws."""


@cache
def table() -> ScoreTable:
    """Make a board of right and wrong answers, every item its own cluster."""
    rng = np.random.default_rng(1)
    items = tuple(f"i{number:04}" for number in range(ITEMS))
    present = np.ones((ENTRANTS, ITEMS), np.bool_)
    chance = rng.uniform(0.3, 0.9, (ENTRANTS, 1))
    blocks = [
        TaskScores(f"t{number:02}", items, items, (rng.random(present.shape) < chance).astype(np.int32), present)
        for number in range(TASKS)
    ]
    return ScoreTable(tuple(f"e{number:03}" for number in range(ENTRANTS)), tuple(blocks))


def policy() -> Policy:
    """Return a policy for the board, with anchors that no score reaches."""
    return Policy(tuple(TaskPolicy(block.task, 0, 1, unit=1) for block in table().tasks), draws=DRAWS)


def ours() -> Resampled:
    """Draw and rank everything."""
    return resample(table(), policy(), rule=RULES["average_rank"])


def by_scipy() -> float:
    """Let scipy.stats.bootstrap draw the means of all entrants, and rank each draw; return what part that was."""
    for block in table().tasks[:SCIPY_TASKS]:
        found = bootstrap(
            (block.values.astype(np.float64),), np.mean, n_resamples=SCIPY_DRAWS, batch=20, axis=-1,
            method="percentile", paired=False, rng=np.random.default_rng(1),
        )  # fmt: skip
        rankdata(-found.bootstrap_distribution, axis=0)
    return SCIPY_TASKS / TASKS * SCIPY_DRAWS / DRAWS


def by_loop() -> float:
    """Draw items and average them in a plain loop, and rank each draw; return what part that was."""
    rng = np.random.default_rng(1)
    values = [block.values.astype(np.float64) for block in table().tasks]
    for _ in range(LOOP_DRAWS):
        for scores in values:
            rankdata(-scores[:, rng.integers(0, ITEMS, ITEMS)].mean(axis=1))
    return LOOP_DRAWS / DRAWS


if __name__ == "__main__":
    {"ours": ours, "scipy": by_scipy, "loop": by_loop, "nothing": table}[sys.argv[1]]()
    sys.stdout.write(f"{peak_megabytes()}\n")
