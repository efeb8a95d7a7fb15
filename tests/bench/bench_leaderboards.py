"""Ranks of 200 models on 40 tasks of 1,000 items: 2,000 joint draws, the covariance form, rank intervals; one thread.

What a rival would take for everything is scaled from the part of it that it did here.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

from leaderboards import rank, rank_intervals
from leaderboards.aggregates import RULES, Results
from leaderboards.uncertainty import Uncertainty, measure
from leaderboards.utility import utilities
from tests.bench import joint_ranks
from tests.bench.figures import Figure
from tests.bench.joint_ranks import DRAWS, ITEMS, policy, table

ROUNDS = 3
SCIPY, LOOP = "scipy.stats.bootstrap, from 1/400", "a loop in numpy, from 1/100"
LEVEL = Fraction(95, 100)


def figures() -> Iterator[Figure]:
    """Yield CPU times and peak memory, ours and the rivals' in turn."""
    table()
    yield from _draws()
    yield from _peaks()
    found = utilities(table(), policy())
    known = measure(table(), policy(), found=found)
    points = RULES["fixed_anchor"](Results.of(table(), policy()))
    yield _paired(
        "covariance form, points of 200",
        lambda: measure(table(), policy(), found=found),
        _plain_covariance,
        "numpy.cov of each task",
    )
    yield _paired(
        f"simultaneous rank intervals, {DRAWS:,} draws",
        lambda: _intervals(points, known),
        lambda: _plain_intervals(points, known),
        "every pair of every draw, in numpy",
    )
    yield Figure("the whole board: points, intervals, ranks", _rounds(lambda: rank(table(), policy())), "CPU-s")


def _draws() -> Iterator[Figure]:
    spent: dict[str, list[float]] = {"ours": [], "scipy": [], "loop": [], "said": []}
    for _ in range(ROUNDS):
        spent["ours"].append(_seconds(joint_ranks.ours))
        spent["scipy"].append(_scaled(joint_ranks.by_scipy))
        spent["loop"].append(_scaled(joint_ranks.by_loop))
        drawn = joint_ranks.ours()
        spent["said"].append(_seconds(lambda drawn=drawn: (drawn.ahead(), drawn.top(4), drawn.winner_sets(4))))
    what = f"{DRAWS:,} joint draws: weights, scores, ranks"
    yield Figure(what, spent["ours"], "CPU-s", spent["scipy"], SCIPY)
    yield Figure("  the same", spent["ours"], "CPU-s", spent["loop"], LOOP)
    yield Figure("  who is ahead, in the top 4, winner sets", spent["said"], "CPU-s")


def _peaks() -> Iterator[Figure]:
    ours, scipy, loop, nothing = ([_peak(name)] for name in ("ours", "scipy", "loop", "nothing"))
    yield Figure("  peak memory, the board included", ours, "MB", scipy, "scipy, one task and 200 draws")
    yield Figure("  the same", ours, "MB", loop, "the loop, 20 draws")
    yield Figure("  the same", ours, "MB", nothing, "the board alone")


def _peak(name: str) -> float:
    """Run one of them in a process of its own and read the most memory it has held."""
    asked = [sys.executable, "-m", "tests.bench.joint_ranks", name]
    return float(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def _intervals(points: np.ndarray, known: Uncertainty) -> None:
    rank_intervals(
        points, known.covariance, confidence=LEVEL, draws=DRAWS, seed=1, variance=known.variance, freedom=known.freedom
    )


def _plain_covariance() -> np.ndarray:
    return sum(np.cov(block.values) / ITEMS for block in table().tasks)


def _plain_intervals(points: np.ndarray, known: Uncertainty) -> np.ndarray:
    """The same procedure as its authors write it down: the maximum over all pairs in doubt, anew in every round."""
    drawn = np.random.default_rng(1).multivariate_normal(np.zeros(len(points)), known.covariance, DRAWS)
    deviation = np.sqrt(known.variance)
    np.fill_diagonal(deviation, np.inf)
    leads, doubt = np.subtract.outer(points, points) / deviation, ~np.eye(len(points), dtype=bool)
    while True:
        largest = [np.where(doubt, np.subtract.outer(line, line) / deviation, -np.inf).max() for line in drawn]
        new = doubt & (leads > np.quantile(largest, float(LEVEL)))
        if not new.any():
            return ~doubt
        doubt &= ~new


def _paired(what: str, ours: Callable[[], object], rival: Callable[[], object], against: str) -> Figure:
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        spent[0].append(_seconds(ours))
        spent[1].append(_seconds(rival))
    return Figure(what, spent[0], "CPU-s", spent[1], against)


def _rounds(deed: Callable[[], object]) -> list[float]:
    return [_seconds(deed) for _ in range(ROUNDS)]


def _scaled(deed: Callable[[], float]) -> float:
    """Return the CPU time that the whole would take, from a deed that tells what part of it it did."""
    began = time.process_time()
    part = deed()
    return (time.process_time() - began) / part


def _seconds(deed: Callable[[], object]) -> float:
    began = time.process_time()
    deed()
    return time.process_time() - began
