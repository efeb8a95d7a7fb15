"""A thousand entrants on five hundred items fit into one machine's memory and patience."""

import numpy as np
import pandas as pd

from leaderboards import Policy, ScoreTable, TaskPolicy, rank


def test_a_thousand_entrants_are_ranked() -> None:
    entrants, items = 1_000, 500
    rng = np.random.default_rng(1)
    right = rng.random((entrants, items)) < rng.uniform(0.3, 0.9, entrants)[:, None]
    frame = pd.DataFrame(
        {
            "entrant": np.repeat([f"e{n:04}" for n in range(entrants)], items),
            "task": "qa",
            "item": np.tile([f"i{n:03}" for n in range(items)], entrants),
            "value": 10_000 * right.ravel(),
        }
    )
    ranking = rank(ScoreTable.from_frame(frame), Policy((TaskPolicy("qa", 0, 1),), draws=200))
    assert len(ranking.entries) == entrants
    assert ranking.entries[0].rank == 1
    assert ranking.entries[-1].rank_low > 500
    assert all(entry.rank_low <= entry.rank <= entry.rank_high for entry in ranking.entries)
