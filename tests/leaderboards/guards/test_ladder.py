"""The Ladder step by step, by its laws, and under the attack that it is there against."""

from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboards import Policy, TaskPolicy
from leaderboards.guards import Rung, climb, public_scores, step
from leaderboards.refusals import ComparisonError, GuardError
from tests.leaderboards.comparisons.tables import table

LOSSES = st.integers(2, 9).flatmap(
    lambda items: st.lists(st.lists(st.integers(0, 1), min_size=items, max_size=items), min_size=1, max_size=8)
)


def word_for_word(losses: list[list[int]]) -> list[float]:
    """Write the algorithm of the paper down again, in floats: what the board shows as an error rate."""
    shown, best, told = np.inf, np.zeros(len(losses[0])), []
    for mine in map(np.array, losses):
        count = len(mine)
        deviation = np.std(mine - best, ddof=1)
        if mine.mean() < shown - deviation / np.sqrt(count) - 1e-12:
            shown, best = np.rint(mine.mean() * count) / count, mine
        told.append(float(shown))
    return told


@given(LOSSES)
def test_it_is_the_algorithm_of_the_paper(losses: list[list[int]]) -> None:
    rungs = climb(np.array(losses, np.int64))
    assert [-float(one.shown) for one in rungs] == pytest.approx(word_for_word(losses))


@given(LOSSES)
def test_it_never_falls_and_later_submissions_change_nothing_before(losses: list[list[int]]) -> None:
    rungs = climb(np.array(losses, np.int64))
    assert list(rungs) == sorted(rungs, key=lambda one: one.shown)
    assert climb(np.array(losses[:-1] or losses, np.int64)) == rungs[: max(len(losses) - 1, 1)]
    twice = climb(np.array([*losses, losses[int(rungs[-1].best)]], np.int64))
    assert twice[-1] == rungs[-1]


def test_graded_losses_are_rounded_to_one_item() -> None:
    rungs = climb(np.array([[7, 8, 9, 7], [0, 1, 2, 0]], np.int64), unit=10)
    assert [one.shown for one in rungs] == [F(-3, 4), F(0)]  # .775 and .075, to quarters
    assert [one.best for one in rungs] == ["0", "1"]


def test_a_step_must_be_larger_than_its_error() -> None:
    first = Rung(F(1, 2), "a")
    grain = F(1, 100)
    assert step(first, name="b", score=F(6, 10), variance=F(1, 100), grain=grain) == first
    assert step(first, name="b", score=F(61, 100), variance=F(1, 100), grain=grain) == Rung(F(61, 100), "b")
    assert step(first, name="b", score=F(9, 10), variance=None, grain=grain) == first
    assert step(None, name="b", score=F(617, 1000), variance=None, grain=grain) == Rung(F(62, 100), "b")


def test_where_a_team_stands_is_a_plain_value() -> None:
    rung = Rung(F(-17, 40), "entry-3")
    assert rung.to_dict() == {"shown": "-17/40", "best": "entry-3"}
    assert Rung.from_dict(rung.to_dict()) == rung
    with pytest.raises(GuardError, match="shown must be a ratio of two whole numbers such as 3/4, not 'x'"):
        Rung.from_dict({"shown": "x", "best": "a"})
    with pytest.raises(GuardError, match="shown is missing; add it"):
        Rung.from_dict({"best": "a"})


def test_the_board_of_a_policy_is_the_ladder_of_its_items() -> None:
    """One task from 0 to 1 is the paper's case: the same steps, as points in place of losses."""
    rng = np.random.default_rng(1)
    right = (rng.random((12, 40)) < np.linspace(0.4, 0.9, 12)[:, None]).astype(np.int64)
    names = [f"s{n:02}" for n in range(12)]
    scores = table({name: {"qa": (100 * line).tolist()} for name, line in zip(names, right, strict=True)})
    found = public_scores(scores, Policy((TaskPolicy("qa", 0, 1, unit=100),)), names)
    expected = climb(1 - right, names=names)
    assert [(one.shown, one.best) for one in found] == [(100 * (1 + one.shown), one.best) for one in expected]
    assert len({one.best for one in found}) > 2


def test_items_of_one_cluster_are_one_piece_of_evidence() -> None:
    lines = {"a": {"qa": [0] * 40}, "b": {"qa": [100] * 10 + [0] * 30}}
    policy = Policy((TaskPolicy("qa", 0, 1, unit=100),))
    assert public_scores(table(lines), policy, ["a", "b"])[-1].best == "b"
    assert public_scores(table(lines, per_cluster=10), policy, ["a", "b"])[-1].best == "a"
    # One cluster says nothing about a spread, so nothing new is shown.
    assert public_scores(table(lines, per_cluster=40), policy, ["a", "b"])[-1].best == "a"


def test_an_incomplete_submission_never_comes_to_the_board() -> None:
    scores = table({"a": {"qa": [1, 1]}, "b": {"qa": [1]}})
    with pytest.raises(ComparisonError, match="b has no score for 1 of 2 items of task qa"):
        public_scores(scores, Policy((TaskPolicy("qa", 0, 1),)), ["a", "b"])
    with pytest.raises(GuardError, match="at least two items"):
        climb(np.zeros((3, 1), np.int64))
