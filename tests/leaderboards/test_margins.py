"""Where nothing varied, or the clip bites, an interval still says that other items might have come out otherwise."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboards.entries import Entry
from leaderboards.policy import Policy, PolicyError, TaskPolicy
from leaderboards.ranking import rank
from tests.leaderboards.resampling.making import table

RIGHT = TaskPolicy("t", 0.25, 1, unit=1, least=0, most=1)
SHARE = 1 - 0.05 ** (1 / 60)


def entries(values: list[list[int]], *tasks: TaskPolicy) -> list[Entry]:
    """Rank lines of values, each an entrant's on every task, and return the entries by name."""
    scores = table({task.name: np.array(values) for task in tasks})
    found = rank(scores, Policy(tasks, draws=200, unvaried="bounds")).entries
    return sorted(found, key=lambda entry: entry.entrant)


def test_who_has_every_item_right_may_not_have_others() -> None:
    sure, other = entries([[1] * 60, [1, 0] * 30], RIGHT)
    assert (sure.points, sure.high, sure.se) == (100, 100, 0)
    assert float(sure.low) == pytest.approx(100 * (1 - SHARE / 0.75), abs=1e-5)
    (task,) = sure.tasks
    assert (task.high, float(task.low or 0)) == (1, pytest.approx(1 - SHARE, abs=1e-6))
    assert other.low < other.points < other.high


def test_who_has_every_item_wrong_may_have_others() -> None:
    wrong, _ = entries([[0] * 60, [1, 0] * 30], TaskPolicy("t", 0, 1, unit=1, least=0, most=1))
    assert (wrong.points, wrong.low) == (0, 0)
    assert float(wrong.high) == pytest.approx(100 * SHARE, abs=1e-5)


def test_the_same_middling_score_on_every_cluster_moves_both_ways() -> None:
    same, _ = entries([[5] * 60, [10, 0] * 30], TaskPolicy("t", 0, 1, unit=10, least=0, most=1))
    assert float(same.low) == pytest.approx(50 - 50 * SHARE, abs=1e-5)
    assert float(same.high) == pytest.approx(50 + 50 * SHARE, abs=1e-5)


def test_beyond_the_ceiling_the_interval_reaches_as_far_as_the_score_s_does() -> None:
    line = [1] * 54 + [0] * 6  # .9, where .85 is enough for all points
    best, _ = entries([line, [1, 0] * 30], TaskPolicy("t", 0, 0.85, unit=1, least=0, most=1))
    (task,) = best.tasks
    assert task.low is not None
    assert (best.points, best.high) == (100, 100)
    assert task.low < Decimal("0.85")
    assert float(best.low) == pytest.approx(float(task.low) / 0.85 * 100, abs=1e-4)
    far, _ = entries([line, [1, 0] * 30], TaskPolicy("t", 0, 0.5, unit=1, least=0, most=1))
    assert (far.low, far.high) == (100, 100), "no item would bring it below"


def test_without_bounds_nothing_is_known_of_what_did_not_vary() -> None:
    same, _ = entries([[3] * 60, [1, 0] * 30], TaskPolicy("t", 10, 0, unit=1, higher_is_better=False))
    assert same.low == same.points == same.high


def test_where_lower_is_better_the_ends_change_places() -> None:
    same, _ = entries([[0] * 60, [1, 0] * 30], TaskPolicy("t", 1, 0, unit=1, higher_is_better=False, least=0, most=1))
    assert (same.points, same.high) == (100, 100)
    assert float(same.low) == pytest.approx(100 - 100 * SHARE, abs=1e-5)


def test_what_did_not_vary_on_one_task_joins_the_spread_of_another() -> None:
    two = (TaskPolicy("t", 0, 1, unit=1, least=0, most=1), TaskPolicy("u", 0, 1, unit=1, least=0, most=1))
    values = {"t": np.array([[1] * 60, [1, 0] * 30]), "u": np.array([[1, 0] * 30, [1, 0] * 30])}
    sure, other = rank(table(values), Policy(two, draws=200, unvaried="bounds")).entries
    alone, _ = entries([[1, 0] * 30, [1, 0] * 30], two[1])
    half = float(alone.points - alone.low) / 2
    assert float(sure.points - sure.low) == pytest.approx(np.hypot(half, 50 * SHARE), abs=1e-4)
    assert float(sure.high - sure.points) == pytest.approx(half, abs=1e-4), "no score lies beyond the bound"
    assert other.points < sure.points


@given(st.integers(2, 40), st.integers(0, 10), st.floats(-0.5, 0.5), st.floats(0.6, 1.5), st.integers(0, 2**32 - 1))
def test_an_interval_holds_its_points_and_stays_on_the_scale(
    clusters: int, right: int, floor: float, ceiling: float, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    values = (chance.random((2, clusters)) < right / 10).astype(int).tolist()
    for entry in entries(values, TaskPolicy("t", floor, ceiling, unit=1, least=0, most=1)):
        assert 0 <= entry.low <= entry.points <= entry.high <= 100


@pytest.mark.parametrize("truth", [0.95, 0.98, 0.99, 0.995])
@pytest.mark.parametrize("clusters", [30, 100])
def test_nearly_perfect_entrants_are_covered(truth: float, clusters: int) -> None:
    chance = np.random.default_rng(2026)
    lines = (chance.random((600, clusters)) < truth).astype(int).tolist()
    found = entries(lines, TaskPolicy("t", 0, 1, unit=1, least=0, most=1))
    covered = np.mean([float(entry.low) <= 100 * truth <= float(entry.high) for entry in found])
    unvaried = np.mean([sum(line) == clusters for line in lines])
    assert covered >= 0.94 or truth == 0.95, (covered, unvaried)
    # without the rule of three, every line without a wrong item would miss
    assert covered > 1 - unvaried or unvaried < 0.01


def test_a_policy_that_does_not_ask_for_it_ranks_as_before() -> None:
    scores, older = table({"t": np.array([[1] * 60, [1, 0] * 30])}), Policy((RIGHT,), draws=200)
    sure, _ = rank(scores, older).entries
    assert (sure.low, sure.points, sure.high) == (100, 100, 100)
    assert "unvaried" not in Policy.from_dict(older.to_dict()).to_dict()
    newer = Policy.from_dict(older.to_dict() | {"unvaried": "bounds"})
    assert newer.to_dict()["unvaried"] == "bounds"
    assert newer.digest() != older.digest()
    assert rank(scores, newer).entries[0].low < 100
    with pytest.raises(PolicyError, match="unvaried must be 'spread' or 'bounds', not 'lots'"):
        Policy.from_dict(older.to_dict() | {"unvaried": "lots"})
