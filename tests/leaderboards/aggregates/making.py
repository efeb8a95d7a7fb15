"""Draws small results for the laws: few distinct scores, so that ties are common, and gaps where wanted."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leaderboards.aggregates import Gaps, Results

NAN = float("nan")


def results(
    scores: list[list[float]] | np.ndarray, *, weights: list[float] | None = None, gaps: Gaps = Gaps.LAST
) -> Results:
    """Make results by hand from (…, K, T) scores between the anchors 0 and 10."""
    table = np.asarray(scores, dtype=np.float64)
    entrants, tasks = table.shape[-2:]
    return Results(
        entrants=tuple(f"E{number}" for number in range(entrants)),
        tasks=tuple(f"t{number}" for number in range(tasks)),
        scores=table,
        floors=np.zeros(tasks),
        ceilings=np.full(tasks, 10.0),
        weights=np.ones(tasks) if weights is None else np.array(weights),
        gaps=gaps,
    )


def tables(*, gaps: bool, least: int = 2) -> st.SearchStrategy[np.ndarray]:
    """Draw (K, T) scores from −1 to 11, some of them missing if asked for."""
    cells = st.integers(-1, 11).map(float)
    shapes = st.tuples(st.integers(least, 6), st.integers(1, 5))
    return shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=cells | st.just(NAN) if gaps else cells))
