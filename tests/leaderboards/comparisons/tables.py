"""Small tables of scores for the comparisons."""

from collections.abc import Mapping, Sequence

import pandas as pd

from leaderboards import Policy, ScoreTable, TaskPolicy


def table(values: Mapping[str, Mapping[str, Sequence[int]]], *, per_cluster: int = 1) -> ScoreTable:
    """Make a table of values by entrant and task; items in turn, `per_cluster` of them in a cluster."""
    rows = [
        (entrant, task, f"i{n:05}", f"c{n // per_cluster:05}", value)
        for entrant, tasks in values.items()
        for task, line in tasks.items()
        for n, value in enumerate(line)
    ]
    return ScoreTable.from_frame(pd.DataFrame(rows, columns=["entrant", "task", "item", "cluster", "value"]))


def policy(*tasks: TaskPolicy, draws: int = 1_000, seed: int = 7) -> Policy:
    return Policy(tasks or (TaskPolicy("qa", 0, 1, unit=10),), draws=draws, seed=seed)
