"""Score tables for tests of resampling, from arrays."""

import numpy as np
import pandas as pd

from leaderboards import ScoreTable


def table(tasks: dict[str, np.ndarray], *, per_cluster: int = 1, seed: int | None = None) -> ScoreTable:
    """Make a table of whole scores (entrants, items) per task, −1 for absent; with a seed, its rows are shuffled."""
    rows = [
        (f"E{entrant:03}", task, f"i{item:05}", f"c{item // per_cluster:05}", int(value))
        for task, values in tasks.items()
        for entrant, line in enumerate(values)
        for item, value in enumerate(line)
        if value >= 0
    ]
    frame = pd.DataFrame(rows, columns=["entrant", "task", "item", "cluster", "value"])
    return ScoreTable.from_frame(frame if seed is None else frame.sample(frac=1, random_state=seed))
