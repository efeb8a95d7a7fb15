"""From items to intervals: what is said to hold in 95 of 100 boards is simulated on boards whose truth is known."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import t as student

from leaderboards import Policy, ScoreTable, TaskPolicy, rank_intervals
from leaderboards.aggregates import PRIMARY, Results
from leaderboards.scores import TaskScores
from leaderboards.uncertainty import Uncertainty, measure
from leaderboards.utility import utilities

LEVEL = Fraction(95, 100)
POLICY = Policy((TaskPolicy("qa", 0, 1, unit=1),), few_clusters="signs")


def board(right: np.ndarray, *, per_cluster: int) -> tuple[np.ndarray, Uncertainty]:
    """Compute points and uncertainty of answers that are right (1) or wrong (0): (entrants, items)."""
    entrants, count = right.shape
    items = tuple(f"i{item:05}" for item in range(count))
    clusters = tuple(f"c{item // per_cluster:05}" for item in range(count))
    values = right.astype(np.int32)
    table = ScoreTable(
        tuple(f"E{entrant:04}" for entrant in range(entrants)),
        (TaskScores("qa", items, clusters, values, np.ones(values.shape, np.bool_)),),
    )
    points = PRIMARY(Results.of(table, POLICY))
    return points, measure(table, POLICY, found=utilities(table, POLICY))


def false_alarms(clusters: int, *, per_cluster_known: bool = True) -> float:
    """Simulate 4,000 pairs of equals, answers correlated .5 within clusters of 10, and count differences at 5 %."""
    rng = np.random.default_rng(clusters)
    wrong = []
    for _ in range(20):
        chance = rng.beta(0.5, 0.5, (400, clusters)).repeat(10, axis=1)  # correlation 1/(½ + ½ + 1)
        points, known = board(rng.random(chance.shape) < chance, per_cluster=10 if per_cluster_known else 1)
        first, second = np.arange(0, 400, 2), np.arange(1, 400, 2)
        deviation = np.sqrt(known.variance[first, second])
        critical = student.ppf(0.975, known.freedom[first, second])
        wrong.append((np.abs(points[first] - points[second]) > critical * deviation).mean())
    return float(np.mean(wrong))


# 4,000 pairs: a standard error of .0034
@pytest.mark.parametrize("clusters", [50, 12])
def test_the_clustered_test_is_wrong_as_often_as_it_says(clusters: int) -> None:
    assert false_alarms(clusters) == pytest.approx(0.05, abs=0.01)


def test_the_same_test_without_clusters_would_cry_wolf() -> None:
    assert false_alarms(50, per_cluster_known=False) > 0.35


SIX_EQUAL = np.array([0.7] * 6 + [0.6, 0.55, 0.5, 0.45, 0.4, 0.35])
SPREAD = np.linspace(0.35, 0.8, 12)
ALL_EQUAL = np.full(12, 0.5)


def joint_coverage(truth: np.ndarray, *, clusters: int, runs: int) -> float:
    """Count how often all true ranks lie in their intervals; equals may take any of the places they share."""
    rng = np.random.default_rng(clusters)
    best = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    worst = len(truth) - (truth[None, :] < truth[:, None]).sum(axis=1)
    held = 0
    for run in range(runs):
        # items of a cluster are hard together for all, and each entrant has clusters that suit it
        shared = rng.normal(0, 0.1, clusters) + rng.normal(0, 0.1, (len(truth), clusters))
        chance = np.clip(truth[:, None] + shared, 0.0, 1.0).repeat(5, axis=1)
        points, known = board(rng.random(chance.shape) < chance, per_cluster=5)
        found = rank_intervals(
            points, known.covariance, confidence=LEVEL, draws=400, seed=run, variance=known.variance,
            freedom=known.freedom, few=known.few,
        )  # fmt: skip
        held += bool(((found.rank_low <= best) & (found.rank_high >= worst)).all())
    return held / runs


RUNS = 400
LOWEST = 0.95 - 3 * np.sqrt(0.95 * 0.05 / RUNS)  # three standard errors below what is said


@pytest.mark.parametrize("clusters", [60, 12, 6])
@pytest.mark.parametrize(
    "truth", [SIX_EQUAL, SPREAD, ALL_EQUAL], ids=["six equal leaders", "a spread field", "all equal"]
)
def test_all_ranks_are_covered_at_once(truth: np.ndarray, clusters: int) -> None:
    assert joint_coverage(truth, clusters=clusters, runs=RUNS) >= LOWEST


@pytest.mark.parametrize(
    "clusters", [(12, 12), (8, 100), (12,) * 10], ids=["two tasks of 12", "one of 8 beside one of 100", "ten of 12"]
)
def test_equals_that_are_good_at_different_tasks_are_covered_too(clusters: tuple[int, ...]) -> None:
    tasks = "abcdefghij"[: len(clusters)]
    policy = Policy(tuple(TaskPolicy(name, 0, 1, unit=1) for name in tasks), few_clusters="signs")
    lean = np.linspace(-0.2, 0.2, 12)
    rng = np.random.default_rng(sum(clusters))
    held = 0
    for run in range(RUNS):
        blocks = []
        for number, (name, groups) in enumerate(zip(tasks, clusters, strict=True)):
            chance = (
                0.5 + (-1) ** number * lean[:, None] + rng.normal(0, 0.1, groups) + rng.normal(0, 0.1, (12, groups))
            )
            right = rng.random((12, groups * 5)) < chance.repeat(5, axis=1)
            items = tuple(f"{name}{item:04}" for item in range(groups * 5))
            names = tuple(f"c{item // 5:04}" for item in range(groups * 5))
            blocks.append(TaskScores(name, items, names, right.astype(np.int32), np.ones(right.shape, np.bool_)))
        table = ScoreTable(tuple(f"E{entrant:04}" for entrant in range(12)), tuple(blocks))
        points, known = PRIMARY(Results.of(table, policy)), measure(table, policy, found=utilities(table, policy))
        found = rank_intervals(
            points, known.covariance, confidence=LEVEL, draws=400, seed=run, variance=known.variance,
            freedom=known.freedom, few=known.few,
        )  # fmt: skip
        held += bool((found.rank_low == 1).all() and (found.rank_high == 12).all())
    assert held / RUNS >= LOWEST
