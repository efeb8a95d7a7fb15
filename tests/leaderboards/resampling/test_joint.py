"""A draw is whole numbers: what is counted is what comparing one by one gives, and spread is what theory says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leaderboards import Policy, ScoreError, TaskPolicy
from leaderboards.aggregates import PRIMARY, RULES, Results
from leaderboards.ranks import places
from leaderboards.resampling import Resampled, resample
from leaderboards.resampling.beaten import doubled_wins
from leaderboards.resampling.counts import BLOCK, CELLS, counts, order_of_draws
from leaderboards.resampling.sums import ClusterSums
from leaderboards.scores import TaskScores
from leaderboards.uncertainty import measure
from leaderboards.utility import utilities
from tests.leaderboards.resampling.making import table

TASKS = (TaskPolicy("qa", 0, 1, unit=100, weight=2), TaskPolicy("mt", 50, 0, higher_is_better=False, unit=1))
POLICY = Policy(TASKS, draws=1_500, seed=3, missing="floor")


def two_tasks(rng: np.random.Generator, *, missing: bool = False) -> dict[str, np.ndarray]:
    found = {"qa": rng.integers(0, 101, (7, 24)), "mt": rng.integers(0, 5, (7, 40))}
    found["qa"][3] = found["qa"][2]
    if missing:
        found["mt"][[1, 4]] = -1
    return found


@pytest.mark.parametrize("groups", [1, 7, 1_000, CELLS // 300])
def test_counts_are_those_of_drawing_with_replacement(groups: int) -> None:
    found = counts(groups, seed=4, block=2)
    assert (found.sum(axis=1) == groups).all()
    assert found.shape == (BLOCK, groups)
    assert found.mean() == 1
    # the variance of a count is 1 − 1/G; over a thousand draws its estimate wavers by about .05 where G is small
    assert found.var() == pytest.approx(1 - 1 / groups, abs=0.06)
    assert (found == counts(groups, seed=4, block=2)).all()
    if groups > 1:
        assert (found != counts(groups, seed=4, block=3)).any()
        assert (found != counts(groups, seed=5, block=2)).any()


def test_tasks_take_the_draws_in_orders_of_their_own() -> None:
    first, second = (order_of_draws(task, seed=1, block=0) for task in (0, 1))
    assert sorted(first) == sorted(second) == list(range(BLOCK))
    assert (first == second).mean() < 0.01


@settings(max_examples=60)
@given(
    arrays(np.int64, st.tuples(st.integers(1, 4), st.integers(1, 7)), elements=st.integers(-3, 3)),
    st.sampled_from([1, 5_000]),
    st.data(),
)
def test_wins_are_those_of_comparing_one_by_one(drawn: np.ndarray, wide: int, data: st.DataObject) -> None:
    size = drawn.shape[1]
    present = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    scores = np.where(present, drawn * wide, -np.inf)
    expected = [
        [sum(2 * (mine > other) + (mine == other) for other in line) - 1 for mine in line] for line in scores.tolist()
    ]
    assert doubled_wins((drawn * wide).astype(np.float64), present).tolist() == expected


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("name", ["average_rank", "mean_win_rate"])
def test_counted_ranks_are_those_of_the_rule(name: str, missing: bool) -> None:
    scores = table(two_tasks(np.random.default_rng(1), missing=missing), per_cluster=4)
    rule = RULES[name]
    quick = resample(scores, POLICY, rule=rule)
    # under another name it takes the long way, over the scores of every draw
    slow = resample(scores, POLICY, rule=replace(rule, name="the long way"))
    assert quick.worths.shape == (1_500, 7)
    np.testing.assert_allclose(quick.worths, slow.worths, atol=1e-12)
    assert (quick.worths[:, 2] != quick.worths[:, 0]).any()
    if missing:
        assert quick.worths[:, 1].max() < quick.worths.max()


def test_a_task_that_nobody_has_ties_all() -> None:
    scores = {"qa": two_tasks(np.random.default_rng(1))["qa"]}
    found = resample(table(scores), POLICY, rule=RULES["average_rank"], draws=50)
    alone = resample(table(scores), replace(POLICY, tasks=TASKS[:1]), rule=RULES["average_rank"], draws=50)
    np.testing.assert_allclose(found.worths, (2 * alone.worths - 4) / 3)


def test_the_mean_of_the_draws_and_their_spread_are_those_of_theory() -> None:
    rng = np.random.default_rng(6)
    ability = np.linspace(-0.5, 0.5, 5)[:, None]
    shared = rng.normal(size=60).repeat(5)
    right = {
        task: 100 * (ability + shared + rng.normal(size=(5, 300)) > level) for task, level in (("qa", 0.0), ("mt", 0.5))
    }
    policy = Policy(tuple(TaskPolicy(task, 0, 1, unit=100) for task in right), draws=4_000, seed=2)
    scores = table(right, per_cluster=5)
    found = resample(scores, policy, rule=PRIMARY)
    exact = measure(scores, policy, found=utilities(scores, policy))
    points = PRIMARY(Results.of(scores, policy))
    # the bootstrap divides by G where the estimate divides by G − 1
    shrunk = np.sqrt(59 / 60)
    errors = np.sqrt(np.diag(exact.covariance))
    assert np.abs(found.worths.mean(axis=0) - points).max() < 4 * errors.max() / np.sqrt(4_000)
    # the standard deviation of 4,000 draws is known to 1/√8000 = 1.1 %
    np.testing.assert_allclose(found.worths.std(axis=0) / errors, shrunk, rtol=0.045)
    difference = (found.worths[:, 0] - found.worths[:, 4]).std() / np.sqrt(exact.variance[0, 4])
    assert difference == pytest.approx(shrunk, rel=0.045)
    # paired: what all entrants share leaves the difference
    assert exact.variance[0, 4] < 0.7 * (exact.covariance[0, 0] + exact.covariance[4, 4])


def test_more_draws_begin_with_the_same_ones() -> None:
    scores = table(two_tasks(np.random.default_rng(2)))
    few, many = (resample(scores, POLICY, rule=RULES["average_rank"], draws=draws) for draws in (700, 2_100))
    assert (many.worths[:700] == few.worths).all()
    assert (many.worths[1_000:1_700] != few.worths).any()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_can_be_drawn(rule: object) -> None:
    found = resample(table(two_tasks(np.random.default_rng(3))), POLICY, rule=rule, draws=120)  # type: ignore[arg-type]
    assert np.isfinite(found.worths).all()
    assert found.worths.std(axis=0).max() > 0
    assert (found.worths[:, 2] - found.worths[:, 3]).std() > 0  # equal on one task only


def test_clones_have_the_same_worth_in_every_draw() -> None:
    values = two_tasks(np.random.default_rng(4))
    values["mt"][3] = values["mt"][2]
    found = resample(table(values, per_cluster=4), POLICY, rule=RULES["average_rank"])
    assert (found.worths[:, 2] == found.worths[:, 3]).all()
    assert found.ahead()[2, 3] == 0.5


@settings(max_examples=30)
@given(st.integers(1, 10**9), st.integers(1, 12), st.booleans())
def test_drawn_sums_are_exact(largest: int, per_cluster: int, higher: bool) -> None:
    rng = np.random.default_rng(largest)
    values = rng.integers(0, largest + 1, (3, 30))
    task = TaskPolicy("qa", *((0, 1) if higher else (1, 0)), higher_is_better=higher)
    block = table({"qa": values}, per_cluster=per_cluster).task("qa")
    assert block is not None
    sums = ClusterSums.of(block, task)
    drawn = counts(sums.groups, seed=1, block=0)[:20]
    found = sums.drawn(drawn)
    for row, line in enumerate(drawn.tolist()):
        for entrant in range(3):
            by_cluster = [
                sum(values[entrant, group * per_cluster : (group + 1) * per_cluster].tolist())
                for group in range(sums.groups)
            ]
            exact = sum(count * value for count, value in zip(line, by_cluster, strict=True))
            assert int(found[row, entrant]) * sums.step == (exact if higher else -exact)


def test_sums_beyond_exactness_are_refused_and_small_ones_take_half_the_memory() -> None:
    single = ClusterSums.of(_block(np.array([[0, 10_000, 10_000], [0, 0, 10_000]])), TASKS[0])
    assert (single.sums.dtype, single.step) == (np.float32, 10_000)
    double = ClusterSums.of(_block(np.array([[3, 10_000_001, 9_999_999], [7, 0, 2]])), TASKS[0])
    assert (double.sums.dtype, double.step) == (np.float64, 1)
    # one cluster of 5,000 items beside 2,000 single ones: were it drawn every time, the sum would be 10^16
    names = tuple(str(number) for number in range(7_000))
    values = np.full((1, 7_000), 10**9, np.int32)
    values[0, 0] -= 1
    lumped = TaskScores("qa", names, ("a",) * 5_000 + names[5_000:], values, np.ones(values.shape, np.bool_))
    with pytest.raises(ScoreError, match=r"task qa: the sums of its values lie beyond 2\^53"):
        ClusterSums.of(lumped, TASKS[0])


def _block(values: np.ndarray) -> TaskScores:
    block = table({"qa": values}).task("qa")
    assert block is not None
    return block


def outcome(worths: list[list[float]]) -> Resampled:
    return Resampled("a rule", ("A", "B", "C"), np.array(worths))


def test_what_is_said_of_draws_by_hand() -> None:
    found = outcome([[3, 2, 1], [3, 2, 1], [1, 2, 2], [2, 2, 2 + 1e-12]])
    assert found.places.tolist() == [[1, 2, 3], [1, 2, 3], [3, 1, 1], [1, 1, 1]]
    assert found.ahead().tolist() == [[0.5, 0.625, 0.625], [0.375, 0.5, 0.75], [0.375, 0.25, 0.5]]
    assert found.top(1).tolist() == [0.75, 0.5, 0.5]
    assert found.top(2).tolist() == [0.75, 1, 0.5]
    sets = [(one.entrants, one.probability) for one in found.winner_sets(2)]
    assert sets == [(("A", "B"), 0.5), (("A", "B", "C"), 0.25), (("B", "C"), 0.25)]
    assert sum(one.probability for one in found.winner_sets(1)) == 1


def test_who_has_no_worth_is_nowhere_among_the_best() -> None:
    found = outcome([[1, np.nan, 2], [1, np.nan, np.nan]])
    assert found.top(3).tolist() == [1, 0, 0.5]
    assert found.ahead()[0].tolist() == [0.5, 1, 0.5]


def test_a_digest_holds_the_rule_the_names_and_the_worths() -> None:
    one = outcome([[3, 2, 1]])
    others = (outcome([[3, 2, 1.5]]), replace(one, rule="another"), replace(one, entrants=("A", "B", "D")))
    assert len({one.digest(), *(other.digest() for other in others)}) == 4
    assert outcome([[3, 2, 1]]).digest() == one.digest()


def test_probabilities_add_up() -> None:
    found = resample(table(two_tasks(np.random.default_rng(9))), POLICY, rule=RULES["mean_win_rate"])
    ahead = found.ahead()
    np.testing.assert_allclose(ahead + ahead.T, 1, atol=1e-12)
    assert sum(one.probability for one in found.winner_sets(3)) == pytest.approx(1)
    expected = (places(found.worths) <= 3).mean(axis=0)
    assert found.top(3).tolist() == expected.tolist()
