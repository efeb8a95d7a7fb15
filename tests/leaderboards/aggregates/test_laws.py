"""Laws that every rule in the list obeys, or says of itself that it does not; a new rule is tested by being listed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboards import Policy, ScoreTable, TaskPolicy
from leaderboards.aggregates import PRIMARY, RULES, Gaps, Results, Rule, places
from tests.leaderboards.aggregates.making import NAN, results, tables

EVERY = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
few = settings(max_examples=30)


@EVERY
@few
@given(scores=tables(gaps=True), data=st.data())
def test_the_order_of_entrants_leaves_no_trace(rule: Rule, scores: np.ndarray, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(scores))))
    assert (places(rule(results(scores[order]))) == places(rule(results(scores)))[order]).all()


@EVERY
@few
@given(scores=tables(gaps=True))
def test_names_of_entrants_and_tasks_do_not_count(rule: Rule, scores: np.ndarray) -> None:
    given_names = results(scores)
    renamed = Results(
        given_names.entrants[::-1], given_names.tasks[::-1], scores, given_names.floors, given_names.ceilings,
        given_names.weights,
    )  # fmt: skip
    np.testing.assert_array_equal(rule(renamed), rule(given_names))


@EVERY
@few
@given(scores=tables(gaps=True), data=st.data())
def test_the_order_of_tasks_leaves_no_trace(rule: Rule, scores: np.ndarray, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(scores.shape[1])))
    assert (places(rule(results(scores[:, order]))) == places(rule(results(scores)))).all()


@EVERY
@few
@given(scores=tables(gaps=False), data=st.data())
def test_a_better_score_never_costs_a_place(rule: Rule, scores: np.ndarray, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(scores) - 1))
    column = data.draw(st.integers(0, scores.shape[1] - 1))
    better = scores.copy()
    better[row, column] += data.draw(st.integers(1, 8))
    if rule.monotone:
        assert places(rule(results(better)))[row] <= places(rule(results(scores)))[row]


def test_a_better_score_can_cost_a_place_where_the_rule_says_so() -> None:
    before, after = [[3, 2], [1, 7], [8, 0]], [[3, 2], [1, 7], [10, 0]]
    falls = {name for name, rule in RULES.items() if places(rule(results(after)))[2] > places(rule(results(before)))[2]}
    assert falls == {name for name, rule in RULES.items() if not rule.monotone} == {"z_score"}


@EVERY
@few
@given(scores=tables(gaps=True), data=st.data())
def test_no_missing_score_outranks_a_number(rule: Rule, scores: np.ndarray, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(scores) - 1))
    column = data.draw(st.integers(0, scores.shape[1] - 1))
    withheld = scores.copy()
    withheld[row, column] = NAN
    if rule.monotone:
        assert places(rule(results(withheld)))[row] >= places(rule(results(scores)))[row]
    withheld[row] = NAN
    # whoever shows nothing at all is ahead of nobody
    assert (places(rule(results(withheld)))[row] >= places(rule(results(withheld)))).all()


@EVERY
@few
@given(scores=tables(gaps=True), newcomer=st.lists(st.integers(-1, 11) | st.just(NAN), min_size=5, max_size=5))
def test_who_else_entered_does_not_count_where_the_rule_says_so(
    rule: Rule, scores: np.ndarray, newcomer: list[float]
) -> None:
    larger = np.vstack([scores, newcomer[: scores.shape[1]]])
    if rule.independent:
        np.testing.assert_array_equal(rule(results(larger))[:-1], rule(results(scores)))


# In each the order of the first two turns round when the others enter.
TURNED = {
    "min_max": [[0, 5, 8], [1, 1, 9], [5, 8, 1]],
    "z_score": [[3, 0, 7], [5, 3, 2], [9, 7, 5]],
    "average_rank": [[4, 6, 6], [9, 2, 5], [5, 1, 1], [5, 9, 6]],
    "mean_win_rate": [[7, 0, 1], [1, 4, 4], [5, 7, 0], [7, 5, 8]],
    "bradley_terry": [[9, 5, 0], [2, 8, 6], [7, 10, 9], [3, 10, 7]],
    "copeland": [[8, 4, 8], [9, 8, 0], [4, 9, 0], [5, 9, 6]],
    "median_rank": [[10, 3, 3], [7, 6, 0], [2, 2, 3], [6, 10, 5]],
}


def test_every_rule_that_depends_on_others_shows_it() -> None:
    assert set(TURNED) == {name for name, rule in RULES.items() if not rule.independent}
    for name, scores in TURNED.items():
        alone, among = (places(RULES[name](results(field)))[:2] for field in (scores[:2], scores))
        assert (alone[0] - alone[1]) * (among[0] - among[1]) < 0, name


@few
@given(scores=tables(gaps=False), data=st.data())
def test_a_worse_entrant_never_changes_the_order_of_the_others(scores: np.ndarray, data: st.DataObject) -> None:
    worst = scores.min(axis=0) - data.draw(st.integers(0, 3))
    before, after = (places(PRIMARY(results(field))) for field in (scores, np.vstack([scores, worst])))
    assert (after[:-1] == before).all()


@EVERY
@few
@given(scores=tables(gaps=True), doubled=st.integers(0, 4))
def test_a_task_of_twice_the_weight_counts_like_two(rule: Rule, scores: np.ndarray, doubled: int) -> None:
    column = doubled % scores.shape[1]
    weights = [2.0 if number == column else 1.0 for number in range(scores.shape[1])]
    heavy = rule(results(scores, weights=weights))
    twice = np.hstack([scores, scores[:, [column]]])
    expected = rule(results(twice)) if rule.weighted else rule(results(scores))
    np.testing.assert_allclose(heavy, expected, atol=1e-9)


@EVERY
@few
@given(values=st.lists(st.lists(st.integers(0, 10), min_size=6, max_size=6), min_size=2, max_size=4))
def test_items_that_occur_twice_change_nothing(rule: Rule, values: list[list[int]]) -> None:
    def found(copies: int) -> np.ndarray:
        rows = [
            (f"E{entrant}", f"t{number % 2}", f"i{number}.{copy}", value)
            for entrant, line in enumerate(values)
            for number, value in enumerate(line)
            for copy in range(copies)
        ]
        table = ScoreTable.from_frame(pd.DataFrame(rows, columns=["entrant", "task", "item", "value"]))
        return rule(Results.of(table, Policy((TaskPolicy("t0", 0, 1, unit=10), TaskPolicy("t1", 0, 1, unit=10)))))

    np.testing.assert_allclose(found(3), found(1), atol=1e-9)


@EVERY
@pytest.mark.parametrize("gaps", Gaps)
@few
@given(scores=tables(gaps=True), data=st.data())
def test_a_stack_of_draws_is_what_its_draws_are(
    rule: Rule, gaps: Gaps, scores: np.ndarray, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(scores))))
    stack = np.stack([scores, scores[order], scores[::-1]])
    together = rule(results(stack, gaps=gaps))
    for worths, layer in zip(together, stack, strict=True):
        np.testing.assert_allclose(worths, rule(results(layer, gaps=gaps)), atol=1e-9)


@EVERY
@few
@given(scores=tables(gaps=False))
def test_who_leads_on_every_task_comes_first(rule: Rule, scores: np.ndarray) -> None:
    best = scores.max(axis=0) + 1
    worths = rule(results(np.vstack([scores, best])))
    assert np.isfinite(worths).all()
    assert places(worths)[-1] == 1
