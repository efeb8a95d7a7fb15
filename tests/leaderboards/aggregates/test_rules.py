"""Each rule gives the numbers that its definition gives by hand; gaps and places are what they say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata, trim_mean

from leaderboards import Policy, ScoreError, ScoreTable, TaskPolicy, Unranked
from leaderboards.aggregates import RULES, Gaps, Results, among_best, places
from leaderboards.aggregates.bradley_terry import PHANTOM
from leaderboards.ranks import mid_ranks
from leaderboards.utility import total, utilities
from tests.leaderboards.aggregates.making import NAN, results, tables

SCORES = [[9.0, 2.0, 4.0], [5.0, 2.0, 6.0], [1.0, 8.0, 12.0]]
TWO = (TaskPolicy("qa", 0.2, 0.8, weight=3), TaskPolicy("mt", 50, 0, higher_is_better=False, weight=0.5))


def worths(name: str, scores: list[list[float]] = SCORES, **given_: object) -> list[float]:
    return RULES[name](results(scores, **given_)).tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fixed_anchor", [50, 130 / 3, 190 / 3]),
        ("raw_mean", [5, 13 / 3, 7]),
        ("min_max", [1 / 3, (0.5 + 0.25) / 3, 2 / 3]),
        ("average_rank", [-(1 + 2.5 + 3) / 3, -(2 + 2.5 + 2) / 3, -(3 + 1 + 1) / 3]),
        ("mean_win_rate", [(1 + 0.25 + 0) / 3, (0.5 + 0.25 + 0.5) / 3, 2 / 3]),
        # the first two are equal to each other: one task each, one tied; both lose two tasks of three to the third
        ("copeland", [-1, -1, 2]),
        ("median_rank", [-2.5, -2, -1]),
        ("interquartile_mean", [50, 130 / 3, 190 / 3]),
    ],
)
def test_by_hand(name: str, expected: list[float]) -> None:
    assert worths(name) == pytest.approx(expected)


def test_z_scores_by_hand() -> None:
    columns = np.array(SCORES)
    expected = ((columns - columns.mean(axis=0)) / columns.std(axis=0)).mean(axis=1)
    assert worths("z_score") == pytest.approx(expected.tolist())
    assert worths("z_score", [[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]])[1] == 0.0


def test_the_middle_half_is_that_of_rliable() -> None:
    scores = np.random.default_rng(3).uniform(0, 10, (4, 11))
    expected = 100 * trim_mean(scores / 10, 0.25, axis=1)
    assert worths("interquartile_mean", scores.tolist()) == pytest.approx(expected.tolist())


def test_two_entrants_of_bradley_and_terry_by_hand() -> None:
    # a leads on 3 of 4 tasks: with the phantom's games, σ(λ − (−λ)) + PHANTOM·(σ(λ) − ½) = ¾
    logs = worths("bradley_terry", [[1.0, 1, 1, 0], [0.0, 0, 0, 1]])
    assert logs[0] == pytest.approx(-logs[1])
    chance = 1 / (1 + np.exp(-2 * logs[0]))
    assert chance + PHANTOM * (1 / (1 + np.exp(-logs[0])) - 0.5) == pytest.approx(0.75)
    assert logs[0] == pytest.approx(np.log(3) / 2, rel=0.02)


@pytest.mark.parametrize("better", [1, 3, 6])
def test_who_wins_everything_is_strong_and_not_infinite(better: int) -> None:
    logs = worths("bradley_terry", [[float(row + (row >= 3) * better)] * 4 for row in range(6)])
    assert np.isfinite(logs).all()
    assert (np.diff(logs) > 0).all()
    assert max(logs) < 15


@settings(max_examples=30)
@given(tables(gaps=True))
def test_with_equal_schedules_strengths_order_as_wins_do(scores: np.ndarray) -> None:
    strengths, rates = (RULES[name](results(scores)) for name in ("bradley_terry", "mean_win_rate"))
    assert (places(strengths) == places(rates)).all()


def test_gaps_come_last_or_are_skipped() -> None:
    scores = [[9.0, NAN, 4.0], [5.0, 2.0, 6.0], [1.0, 8.0, NAN]]
    assert worths("fixed_anchor", scores)[0] == pytest.approx(130 / 3)
    assert np.isnan(worths("raw_mean", scores)).tolist() == [True, False, True]
    assert np.isnan(worths("min_max", scores)).tolist() == [True, False, True]
    assert np.isnan(worths("z_score", scores)).tolist() == [True, False, True]
    assert worths("average_rank", scores) == pytest.approx([-2, -5 / 3, -7 / 3])
    assert worths("mean_win_rate", scores) == pytest.approx([0.5, 2 / 3, 1 / 3])
    skipped = {"gaps": Gaps.SKIPPED}
    assert worths("average_rank", scores, **skipped) == pytest.approx([-1.5, -5 / 3, -2])
    assert worths("mean_win_rate", scores, **skipped) == pytest.approx([0.5, 0.5, 0.5])
    assert worths("median_rank", scores, **skipped) == pytest.approx([-1.5, -2, -2])
    # without gaps skipped, a missing score may be worth more than a low one: that is why it is not the default
    low = [[9.0, 0.0, 4.0], *scores[1:]]
    assert worths("mean_win_rate", low, **skipped)[0] < worths("mean_win_rate", scores, **skipped)[0]


@pytest.mark.parametrize("name", ["average_rank", "mean_win_rate", "bradley_terry", "copeland", "median_rank"])
def test_who_was_compared_nowhere_has_no_worth(name: str) -> None:
    found = worths(name, [[1.0, 2.0], [NAN, NAN], [3.0, 4.0]], gaps=Gaps.SKIPPED)
    assert np.isnan(found).tolist() == [False, True, False]
    assert places(np.array(found)).tolist() == [2, 3, 1]


def test_places_are_shared_and_the_unknown_come_last() -> None:
    given_ = np.array([[3.0, NAN, 3.0 + 1e-12, 5.0, NAN], [1.0, 1.0, 1.0, 1.0, 1.0]])
    assert places(given_).tolist() == [[2, 4, 2, 1, 4], [1, 1, 1, 1, 1]]
    assert among_best(given_, 2).tolist() == [[True, False, True, True, False], [True] * 5]
    assert not among_best(np.array([NAN, NAN]), 1).any()


@settings(max_examples=50)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_places_are_those_of_scipy(line: list[int]) -> None:
    assert (places(np.array(line, dtype=float)) == rankdata([-value for value in line], method="min")).all()


@settings(max_examples=50)
@given(tables(gaps=True))
def test_mid_ranks_are_those_of_scipy(scores: np.ndarray) -> None:
    np.testing.assert_array_equal(mid_ranks(scores), rankdata(-scores, axis=0, nan_policy="omit"))


def table(missing: bool = False) -> ScoreTable:
    rng = np.random.default_rng(8)
    rows = [
        (entrant, task, f"i{item}", int(rng.integers(0, high)))
        for entrant in ("A", "B", "C")
        for task, high in (("qa", 10_001), ("mt", 600_001))
        for item in range(7)
        if not (missing and entrant == "B" and task == "mt")
    ]
    return ScoreTable.from_frame(pd.DataFrame(rows, columns=["entrant", "task", "item", "value"]))


@pytest.mark.parametrize("missing", [False, True])
def test_the_primary_rule_gives_the_points_of_the_board(missing: bool) -> None:
    policy = Policy(TWO, missing="floor")
    exact = [float(total(tasks)) for tasks in utilities(table(missing), policy)]
    assert RULES["fixed_anchor"](Results.of(table(missing), policy)).tolist() == pytest.approx(exact, abs=1e-10)


def test_results_hold_those_who_are_ranked_and_turn_lower_into_larger() -> None:
    listed = table(missing=True).with_status((Unranked("A", "withdrawn"),))
    found = Results.of(listed, Policy(TWO))
    assert (found.entrants, found.tasks) == (("C",), ("qa", "mt"))
    assert found.scores[0, 0] > 0 > found.scores[0, 1]
    assert found.floors.tolist() == [0.2, -50]
    assert found.ceilings.tolist() == [0.8, 0]
    forgiven = Results.of(listed, Policy(TWO, missing="floor"))
    assert forgiven.entrants == ("B", "C")
    assert np.isnan(forgiven.scores).tolist() == [[False, True], [False, False]]


def test_parts_of_results_are_results() -> None:
    whole = results(SCORES, weights=[1.0, 2.0, 3.0])
    part = whole.without_tasks({"t1"}).without_entrants({"E0"})
    assert (part.entrants, part.tasks) == (("E1", "E2"), ("t0", "t2"))
    assert part.scores.tolist() == [[5, 6], [1, 12]]
    assert part.shares.tolist() == [0.25, 0.75]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ({"scores": np.ones((2, 3))}, r"have the shape \(2, 3\); for 3 entrants and 3 tasks"),
        ({"scores": np.full((3, 3), np.inf)}, "a score is infinite"),
        ({"weights": np.ones(2)}, "weights must hold one number for each of the 3 tasks"),
        ({"weights": np.array([1.0, 0.0, 1.0])}, "task t1: the weight must be above 0"),
        ({"ceilings": np.array([10.0, 10.0, 0.0])}, "task t2: the ceiling must lie above the floor"),
        ({"floors": np.array([np.nan, 0.0, 0.0])}, "task t0: the ceiling must lie above the floor"),
    ],
)
def test_what_makes_no_results_is_refused(damage: dict[str, np.ndarray], said: str) -> None:
    whole = results(SCORES)
    fields = {name: getattr(whole, name) for name in ("scores", "floors", "ceilings", "weights")} | damage
    with pytest.raises(ScoreError, match=said):
        Results(whole.entrants, whole.tasks, **fields)


def test_every_rule_says_what_it_is() -> None:
    for name, rule in RULES.items():
        assert rule.name == name
        assert all((rule.definition, rule.source, rule.missing))
    ranks = RULES["average_rank"]
    assert ranks.printed(ranks(results(SCORES))).tolist() == pytest.approx([6.5 / 3, 6.5 / 3, 5 / 3])
