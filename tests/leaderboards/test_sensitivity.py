"""The best n under other rules, without a task, and with other weights: what changes is named, and what does not too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboards import ScoreError
from leaderboards.aggregates import RULES
from leaderboards.canonical import canonical_bytes
from leaderboards.sensitivity import Choice, sensitivity
from tests.leaderboards.aggregates.making import results, tables

ONE_TASK_DECIDES = [[10.0, 4.0, 4.0], [5.0, 5.0, 5.0], [4.0, 6.0, 4.0]]


def test_a_task_that_carries_a_winner_is_named() -> None:
    found = sensitivity(results(ONE_TASK_DECIDES), places=1)
    assert found.best == ("E0",)
    without = {one.name: one for one in found.of(Choice.TASK)}
    assert without["t0"].best == ("E1", "E2")
    assert (without["t0"].joined, without["t0"].gone) == (("E1", "E2"), ("E0",))
    assert not without["t1"].changes


def test_each_weight_is_halved_and_doubled_once() -> None:
    found = sensitivity(results([[10.0, 3.0], [4.0, 8.0]]), places=1)
    changed = {one.name: one.best for one in found.of(Choice.WEIGHT)}
    assert changed == {"t0, half": ("E1",), "t0, double": ("E0",), "t1, half": ("E0",), "t1, double": ("E1",)}


def test_every_rule_is_asked_and_counted() -> None:
    found = sensitivity(results(ONE_TASK_DECIDES), places=1)
    assert [one.name for one in found.of(Choice.RULE)] == list(RULES)
    count, of = found.rules_for("E0")
    assert of == len(RULES)
    assert count == sum("E0" in one.best for one in found.of(Choice.RULE))
    assert 0 < count < of  # the median rank sees it behind on two tasks of three


def test_a_single_task_is_never_left_out() -> None:
    found = sensitivity(results([[3.0], [2.0]]), places=1)
    assert found.of(Choice.TASK) == found.of(Choice.WEIGHT) == ()
    assert found.sweep.sets == ((("E0",), found.sweep.draws),)


def test_whoever_leads_on_every_task_leads_under_all_weights() -> None:
    found = sensitivity(results([[9.0, 8.0, 7.0], [8.0, 7.0, 6.0], [1.0, 1.0, 9.0]]), places=1)
    assert not any(one.changes for one in found.variations if one.choice is Choice.WEIGHT)
    assert found.sweep.among_best == (("E0", found.sweep.draws),)


def test_a_drawn_weight_lies_between_half_and_double() -> None:
    # E1 overtakes once the second task weighs over 4 times the first: the most that half against double can be
    can = sensitivity(results([[8.0, 2.0], [1.0, 4.0]]), places=1, draws=20_000).sweep
    cannot = sensitivity(results([[10.0, 2.0], [1.0, 4.0]]), places=1, draws=20_000).sweep
    assert dict(can.among_best)["E1"] > 0
    assert dict(cannot.among_best) == {"E0": 20_000}


def test_ties_at_the_cut_let_all_of_the_tied_in() -> None:
    found = sensitivity(results([[5.0, 5.0], [5.0, 5.0], [1.0, 1.0]]), places=1)
    assert found.best == ("E0", "E1")
    assert found.sweep.sets == ((("E0", "E1"), found.sweep.draws),)


@settings(max_examples=40)
@given(scores=tables(gaps=True), places=st.integers(1, 3), data=st.data())
def test_order_of_rows_and_counts(scores: np.ndarray, places: int, data: st.DataObject) -> None:
    table = results(scores)
    found = sensitivity(table, places=places, draws=50)
    assert len(found.best) >= min(places, len(scores))
    assert sum(count for _, count in found.sweep.sets) == found.sweep.draws
    for one in found.variations:
        assert set(found.best) - set(one.gone) | set(one.joined) == set(one.best)
    order = data.draw(st.permutations(range(len(scores))))
    shuffled = results(scores[order])
    object.__setattr__(shuffled, "entrants", tuple(table.entrants[number] for number in order))
    again = sensitivity(shuffled, places=places, draws=50)
    assert canonical_bytes(again.to_dict()) == canonical_bytes(found.to_dict())


@pytest.mark.parametrize(("places", "draws", "words"), [(0, 10, "places must be at least 1"), (1, 0, "draws must be")])
def test_what_cannot_be_asked_is_said(places: int, draws: int, words: str) -> None:
    with pytest.raises(ScoreError, match=words):
        sensitivity(results([[1.0], [2.0]]), places=places, draws=draws)


def test_a_stack_of_draws_is_refused() -> None:
    with pytest.raises(ScoreError, match="without draws"):
        sensitivity(results(np.zeros((2, 3, 1))), places=1)
