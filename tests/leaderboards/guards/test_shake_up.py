"""Public against private: the same order is no shake-up, luck is told from learning, and whoever is missing is named."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from leaderboards import Policy, ScoreTable, TaskPolicy, Unranked
from leaderboards.canonical import canonical_bytes
from leaderboards.guards import shake_up
from leaderboards.refusals import GuardError

POLICY = Policy((TaskPolicy("qa", 0, 1, unit=1),))


def part(name: str, lines: Mapping[str, list[int]]) -> ScoreTable:
    rows = [(entrant, "qa", f"{name}{n}", value) for entrant, line in lines.items() for n, value in enumerate(line)]
    return ScoreTable.from_frame(pd.DataFrame(rows, columns=["entrant", "task", "item", "value"]))


def test_the_same_results_are_no_shake_up() -> None:
    lines = {"a": [1, 1, 1, 0], "b": [1, 1, 0, 0], "c": [1, 0, 0, 0]}
    found = shake_up(part("x", lines), part("y", lines), POLICY)
    assert found.tau == 1
    assert found.largest(5) == ()
    assert found.optimism.points == 0
    assert [(move.entrant, move.public_rank, move.private_rank) for move in found.moves] == [
        ("a", 1, 1), ("b", 2, 2), ("c", 3, 3),
    ]  # fmt: skip


def test_moves_optimism_and_the_missing() -> None:
    public = part("x", {"a": [1, 1, 1, 1], "b": [1, 1, 1, 0], "c": [1, 1, 0, 0], "d": [1, 0, 0, 0], "e": [1, 1, 1, 1]})
    private = part("y", {"a": [0, 0, 0, 0], "b": [1, 1, 1, 0], "c": [1, 1, 0, 0], "d": [1, 0, 0, 0], "f": [1, 1, 1, 1]})
    found = shake_up(public, private.with_status([Unranked("d", "withdrawn")]), POLICY)
    assert [(move.entrant, move.down) for move in found.largest(5)] == [("a", 2), ("b", -1), ("c", -1)]
    assert str(found.tau) == "-0.333333"
    (first,) = [move for move in found.moves if move.entrant == "a"]
    assert (first.optimism.points, first.optimism.low, first.optimism.high) == (100, 100, 100)
    assert float(found.optimism.points) == pytest.approx(100 / 3, abs=1e-6)
    assert [(one.entrant, one.reason) for one in found.left_out] == [
        ("d", "withdrawn"), ("e", "not on the private board"), ("f", "not on the public board"),
    ]  # fmt: skip
    assert b'"left_out":[{"entrant":"d"' in canonical_bytes(found.to_dict())


def test_an_incomplete_part_is_left_out_with_its_gap() -> None:
    found = shake_up(part("x", {"a": [1, 0], "b": [1, 1]}), part("y", {"a": [1, 0], "b": [1]}), POLICY)
    assert [(one.entrant, one.reason) for one in found.left_out] == [
        ("b", "no score for 1 of 2 items of task qa of the private part")
    ]
    assert found.tau is None


def test_an_interval_without_learning_holds_nothing_nineteen_times_in_twenty() -> None:
    rng, runs, held, mean_held = np.random.default_rng(3), 300, 0, 0
    for _ in range(runs):
        skill = rng.random(60) < 0.5  # some items are easy for both
        lines = [
            {
                name: (rng.random(30) < np.where(skill[part_ * 30 :][:30], 0.9, 0.4)).astype(int).tolist()
                for name in "ab"
            }
            for part_ in (0, 1)
        ]
        found = shake_up(part("x", lines[0]), part("y", lines[1]), POLICY)
        one = found.moves[0].optimism
        held += bool(one.low <= 0 <= one.high)
        mean_held += bool(found.optimism.low <= 0 <= found.optimism.high)
    assert 0.91 <= held / runs <= 0.99
    assert 0.91 <= mean_held / runs <= 0.99


def test_one_cluster_leaves_the_spread_unknown() -> None:
    found = shake_up(part("x", {"a": [1], "b": [0]}), part("y", {"a": [1], "b": [0]}), POLICY)
    assert (found.optimism.points, found.optimism.low, found.moves[0].optimism.high) == (0, None, None)


def test_parts_must_be_parts() -> None:
    lines = {"a": [1, 0]}
    with pytest.raises(GuardError, match="task qa: item 'x0' is in both parts; an item belongs to one"):
        shake_up(part("x", lines), part("x", lines), POLICY)
    with pytest.raises(GuardError, match="nobody has a complete result on both parts"):
        shake_up(part("x", lines), part("y", {"b": [1, 0]}), POLICY)
