"""A board is exact, indifferent to the order of rows and to who else entered, and honest about what is missing."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboards import Policy, Ranking, ScoreError, ScoreTable, TaskPolicy, Unranked, rank, shared_ranks
from leaderboards.decimals import as_written

ONE = Policy((TaskPolicy("qa", 0, 1),), draws=200)
TWO = Policy((TaskPolicy("qa", 0.2, 0.8, weight=3), TaskPolicy("mt", 50, 0, higher_is_better=False)), draws=200)
grids = st.integers(2, 5).flatmap(
    lambda items: st.lists(st.lists(st.integers(0, 10_000), min_size=items, max_size=items), min_size=2, max_size=5)
)


def frame(values: dict[str, dict[str, list[int]]], clusters: int | None = None) -> pd.DataFrame:
    rows = [
        (entrant, task, f"i{n}", f"c{n // clusters}" if clusters else f"i{n}", value)
        for entrant, tasks in values.items()
        for task, line in tasks.items()
        for n, value in enumerate(line)
    ]
    return pd.DataFrame(rows, columns=["entrant", "task", "item", "cluster", "value"])


def board(values: dict[str, dict[str, list[int]]], policy: Policy = ONE, clusters: int | None = None) -> Ranking:
    return rank(ScoreTable.from_frame(frame(values, clusters)), policy)


def one_task(grid: list[list[int]]) -> dict[str, dict[str, list[int]]]:
    return {f"E{n}": {"qa": line} for n, line in enumerate(grid)}


def test_points_follow_the_formula_and_the_parts_add_up() -> None:
    entry = board({"A": {"qa": [5_000, 7_000], "mt": [100_000, 200_000]}}, TWO).entries[0]
    # qa: (0.6 − 0.2)/0.6 = 2/3 of 75 points; mt: (15 − 50)/(0 − 50) = 0.7 of 25 points.
    assert entry.points == Decimal("67.500000")
    assert [task.points for task in entry.tasks] == [Decimal("50.000000"), Decimal("17.500000")]
    assert [task.score for task in entry.tasks] == [Decimal("0.600000"), Decimal("15.000000")]
    assert entry.tasks[0].utility == Decimal("0.666667")


@pytest.mark.parametrize("line", [[10_000] * 9 + [5_000], [0] * 9 + [5_000]])
def test_an_interval_holds_no_score_that_cannot_be(line: list[int]) -> None:
    (free,) = board({"A": {"qa": line}}).entries[0].tasks
    (bound,) = (
        board({"A": {"qa": line}}, Policy((TaskPolicy("qa", 0, 1, least=0, most=1),), draws=200)).entries[0].tasks
    )
    assert free.low is not None
    assert free.high is not None
    assert free.low < 0 or free.high > 1
    assert (bound.low, bound.high) == (max(free.low, Decimal(0)), min(free.high, Decimal(1)))


def test_the_clip_caps_a_task_and_stills_its_influence() -> None:
    policy = Policy((TaskPolicy("qa", 0.2, 0.8),), draws=200)
    above, below, inside = (
        board({"A": {"qa": line}}, policy).entries[0] for line in ([10_000, 8_000], [0, 1_000], [2_000, 8_000])
    )
    assert (above.points, above.se) == (Decimal(100), Decimal(0))
    assert (below.points, below.se) == (Decimal(0), Decimal(0))
    assert inside.se is not None
    assert inside.se > 0


def test_standard_error_of_independent_items_is_the_textbook_one() -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(0, 10_001, 40)
    entry = board({"A": {"qa": values.tolist()}}).entries[0]
    assert entry.se is not None
    assert float(entry.se) == pytest.approx(values.std(ddof=1) / np.sqrt(40) / 100, abs=1e-6)


def test_clusters_widen_the_error_when_their_items_agree() -> None:
    line = [10_000] * 10 + [0] * 10 + [10_000] * 10 + [0] * 10
    alone, grouped = (board({"A": {"qa": line}}, clusters=size).entries[0].se for size in (1, 10))
    assert alone is not None
    assert grouped is not None
    # Four clusters with means 1, 0, 1, 0: sd .577 over 2, against sd .506 over √40.
    assert float(grouped) == pytest.approx(100 * np.sqrt(1 / 3) / 2, abs=1e-6)
    assert float(alone) == pytest.approx(100 * np.sqrt(10 / 39) / np.sqrt(40), abs=1e-6)


def test_equal_declared_points_share_a_rank_and_the_next_stays_empty() -> None:
    points = [as_written(value) for value in (71.234, 71.2311, 80.0, 12.0)]
    assert shared_ranks(points, decimals=2) == [2, 2, 1, 4]
    assert shared_ranks(points, decimals=3) == [2, 3, 1, 4]


@settings(max_examples=25)
@given(grids, st.randoms(use_true_random=False))
def test_the_order_of_rows_leaves_no_trace(grid: list[list[int]], random: object) -> None:
    rows = frame(one_task(grid))
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = ScoreTable.from_frame(rows.iloc[order])
    assert rank(shuffled, ONE).digest() == rank(ScoreTable.from_frame(rows), ONE).digest()


@settings(max_examples=25)
@given(grids)
def test_a_worse_entrant_changes_nobodys_points_or_order(grid: list[list[int]]) -> None:
    before = board(one_task(grid))
    worst = [0] * len(grid[0])
    after = board(one_task(grid) | {"Z": {"qa": worst}})
    kept = [entry for entry in after.entries if entry.entrant != "Z"]
    assert [(one.entrant, one.points, one.se, one.rank) for one in kept] == [
        (one.entrant, one.points, one.se, one.rank) for one in before.entries
    ]


@settings(max_examples=25)
@given(grids, st.data())
def test_no_entrant_whatever_changes_the_points_or_the_order_of_the_others(
    grid: list[list[int]], data: st.DataObject
) -> None:
    before = board(one_task(grid))
    line = data.draw(st.lists(st.integers(0, 10_000), min_size=len(grid[0]), max_size=len(grid[0])))
    after = board(one_task(grid) | {"Z": {"qa": line}})
    kept = [entry for entry in after.entries if entry.entrant != "Z"]
    assert [(one.entrant, one.points, one.se) for one in kept] == [
        (one.entrant, one.points, one.se) for one in before.entries
    ]
    # ranks move by those who came in ahead and by nothing else, so ties stay ties
    newcomer = after.entry("Z")
    assert newcomer is not None
    for old, new in zip(before.entries, kept, strict=True):
        assert new.rank - old.rank == (newcomer.rank < new.rank)


@pytest.mark.parametrize("policy", [ONE, Policy((TaskPolicy("qa", 2, 0, higher_is_better=False),), draws=200)])
def test_of_two_that_are_equal_the_wider_bar_wins_nothing(policy: Policy) -> None:
    ranking = board({"A": {"qa": [5_000] * 4}, "B": {"qa": [0, 10_000, 0, 10_000]}, "C": {"qa": [4_999] * 4}}, policy)
    steady, wavering = ranking.entry("A"), ranking.entry("B")
    assert steady is not None
    assert wavering is not None
    assert wavering.high - wavering.low > steady.high - steady.low
    assert steady.points == wavering.points
    assert steady.rank == wavering.rank


@settings(max_examples=25)
@given(grids, st.data())
def test_a_better_score_never_lowers_a_rank(grid: list[list[int]], data: st.DataObject) -> None:
    item = data.draw(st.integers(0, len(grid[0]) - 1))
    better = [[*grid[0][:item], data.draw(st.integers(grid[0][item], 10_000)), *grid[0][item + 1 :]], *grid[1:]]
    before, after = board(one_task(grid)).entry("E0"), board(one_task(better)).entry("E0")
    assert before is not None
    assert after is not None
    assert after.rank <= before.rank
    assert after.points >= before.points


@settings(max_examples=60)
@given(grids)
def test_every_interval_holds_its_rank(grid: list[list[int]]) -> None:
    ranking = board(one_task(grid))
    names = {entry.entrant for entry in ranking.entries}
    for entry in ranking.entries:
        assert 1 <= entry.rank_low <= entry.rank <= entry.rank_high <= len(names)
        assert entry.low <= entry.points <= entry.high
        for other in entry.inseparable_from:
            twin = ranking.entry(other)
            assert twin is not None
            assert entry.entrant in twin.inseparable_from


@given(st.integers(1, 4))
@settings(max_examples=8)
def test_missing_never_outranks_a_number(missing: int) -> None:
    values = {"A": {"qa": [0] * 5}, "B": {"qa": [10_000] * (5 - missing)}}
    ranking = board(values)
    assert [entry.entrant for entry in ranking.entries] == ["A"]
    assert ranking.unranked == (Unranked("B", f"no score for {missing} of 5 items of task qa"),)


def test_a_missing_task_counts_as_its_floor_only_if_the_policy_says_so() -> None:
    values = {"A": {"qa": [6_000, 8_000], "mt": [0, 0]}, "B": {"qa": [8_000, 8_000]}, "C": {"mt": [0, 0], "qa": [1]}}
    strict = board(values, TWO)
    assert [entry.entrant for entry in strict.entries] == ["A"]
    assert strict.unranked[0] == Unranked("B", "no score for 2 of 2 items of task mt")
    mild = board(values, Policy(TWO.tasks, draws=200, missing="floor"))
    found = mild.entry("B")
    assert found is not None
    assert found.points == Decimal(75)
    assert found.tasks[1].score is None
    assert found.tasks[1].items == 0
    assert mild.unranked == (Unranked("C", "no score for 1 of 2 items of task qa"),)


def test_a_task_that_nobody_has_leaves_nobody_ranked() -> None:
    ranking = board({"A": {"qa": [1, 2]}}, TWO)
    assert ranking.entries == ()
    assert ranking.unranked == (Unranked("A", "no score for any item of task mt"),)


def test_a_listed_entrant_is_unranked_with_its_reason_and_asks_nothing_of_others() -> None:
    table = ScoreTable.from_frame(frame({"A": {"qa": [1, 2]}, "B": {"qa": [1, 2, 3]}}))
    ranking = rank(table.with_status((Unranked("B", "withdrawn"), Unranked("C", "the run timed out"))), ONE)
    assert [(one.entrant, one.tasks[0].items) for one in ranking.entries] == [("A", 2)]
    assert ranking.unranked == (Unranked("B", "withdrawn"), Unranked("C", "the run timed out"))
    with pytest.raises(ScoreError, match="names 'B' twice"):
        table.with_status((Unranked("B", "late"), Unranked("B", "later")))


def test_one_entrant_and_none_are_boards_too() -> None:
    alone = board({"A": {"qa": [1, 2]}})
    assert [(one.rank, one.rank_low, one.rank_high) for one in alone.entries] == [(1, 1, 1)]
    empty = rank(ScoreTable.from_frame(frame({})), ONE)
    assert empty.entries == empty.unranked == ()


def test_one_cluster_says_nothing_about_spread() -> None:
    ranking = board({"A": {"qa": [10_000, 9_000]}, "B": {"qa": [0, 10]}}, clusters=2)
    for entry in ranking.entries:
        assert entry.se is None
        assert (entry.low, entry.high) == (Decimal(0), Decimal(100))
        assert (entry.rank_low, entry.rank_high) == (1, 2)
        assert entry.tasks[0].low is None
    assert [entry.rank for entry in ranking.entries] == [1, 2]


def test_a_task_outside_the_policy_is_refused() -> None:
    with pytest.raises(ScoreError, match="scores for the task 'mt', which the policy does not name"):
        board({"A": {"mt": [1, 2]}})


def test_a_ranking_survives_the_round_trip() -> None:
    ranking = board({"A": {"qa": [6_000, 8_000]}, "B": {"qa": [8_000, 8_000]}, "C": {"qa": [1]}})
    assert Ranking.from_dict(ranking.to_dict()) == ranking
    assert ranking.could_be_top(1) == ("B", "A")
