"""Two finalists side by side agree with the board, and whoever cannot be compared is named."""

from fractions import Fraction as F

import numpy as np
import pytest

from leaderboards import TaskPolicy, Unranked, rank
from leaderboards.canonical import canonical_bytes
from leaderboards.comparisons import compare
from leaderboards.refusals import ComparisonError
from leaderboards.uncertainty import measure
from leaderboards.utility import utilities
from tests.leaderboards.comparisons.tables import policy, table

RNG = np.random.default_rng(4)
TASKS = ("qa", "mt", "err")
VALUES = {
    entrant: {task: RNG.binomial(10, chance, 24).tolist() for task in TASKS}
    for entrant, chance in {"a": 0.7, "b": 0.6, "c": 0.65}.items()
}
SCORES = table(VALUES, per_cluster=3)
POLICY = policy(
    TaskPolicy("qa", 0.1, 1, 2.0, unit=10),
    TaskPolicy("mt", 0, 0.65, unit=10),  # the clip bites for a, whose mean is above
    TaskPolicy("err", 1, 0, 1.0, False, unit=10),
)


def test_the_difference_and_its_error_are_those_of_the_board() -> None:
    found = compare(SCORES, POLICY, "a", "b", rope=F(1))
    board = rank(SCORES, POLICY)
    one, other = board.entry("a"), board.entry("b")
    assert one is not None
    assert other is not None
    assert abs(found.gap.points - (one.points - other.points)) <= 2e-6
    uncertainty = measure(SCORES, POLICY, found=utilities(SCORES, POLICY))
    assert float(found.gap.se) == pytest.approx(uncertainty.variance[0, 1] ** 0.5, abs=1e-6)
    assert one.tasks[1].utility == 1
    assert [task for task, _ in found.tasks] == list(TASKS)
    assert abs(sum(gap.points for _, gap in found.tasks) - found.gap.points) <= 3e-6


def test_the_other_way_round_is_the_opposite() -> None:
    one, other = compare(SCORES, POLICY, "a", "b", rope=F(1)), compare(SCORES, POLICY, "b", "a", rope=F(1))
    assert one.gap.points == -other.gap.points
    assert (one.gap.low, one.gap.high) == (-other.gap.high, -other.gap.low)
    assert one.permutation.p == other.permutation.p
    assert one.signed_rank.probabilities() == other.signed_rank.probabilities()[::-1]


def test_what_is_kept_has_one_spelling_and_any_order_of_rows_the_same() -> None:
    turned = table({name: VALUES[name] for name in reversed(VALUES)}, per_cluster=3)
    kept = [canonical_bytes(compare(one, POLICY, "a", "c", rope=F(1, 2)).to_dict()) for one in (SCORES, turned)]
    assert kept[0] == kept[1]
    assert b'"rope":"0.500000"' in kept[0]


def test_others_change_nothing() -> None:
    alone = compare(SCORES.without({"c"}), POLICY, "a", "b", rope=F(1))
    crowd = compare(SCORES, POLICY, "a", "b", rope=F(1))
    assert (alone.gap, alone.permutation.p, alone.sign) == (crowd.gap, crowd.permutation.p, crowd.sign)


def test_with_one_cluster_no_spread_is_known() -> None:
    found = compare(table(VALUES, per_cluster=24), POLICY, "a", "b", rope=F(1))
    assert (found.gap.se, found.gap.low, found.gap.high) == (None, None, None)


def test_whoever_cannot_be_compared_is_named() -> None:
    with pytest.raises(ComparisonError, match="'a' is named twice; name two entrants"):
        compare(SCORES, POLICY, "a", "a", rope=F(1))
    with pytest.raises(ComparisonError, match="the table has no entrant 'z'; it has 'a', 'b', 'c'"):
        compare(SCORES, POLICY, "a", "z", rope=F(1))
    with pytest.raises(ComparisonError, match=r"b is left out \(crashed\), so it cannot be compared"):
        compare(SCORES.with_status([Unranked("b", "crashed")]), POLICY, "a", "b", rope=F(1))
    gone = {**VALUES, "b": {task: line for task, line in VALUES["b"].items() if task != "mt"}}
    with pytest.raises(ComparisonError, match="b has no score for 24 of 24 items of task mt; a comparison needs every"):
        compare(table(gone), POLICY, "a", "b", rope=F(1))
    assert compare(table(gone), POLICY, "a", "c", rope=F(1)).first == "a"
