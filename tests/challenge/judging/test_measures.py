"""An entry's tasks are laid out between the anchors of the policy, and its place is said in words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from challenge.judging.measures import AS_FLOOR, task_measures, top_sentence
from challenge.standings.policy import SuiteTask
from challenge.standings.ranking import Entry, TaskScore, write_results

ANCHORS = {"floor": "0.5", "ceiling": "1", "weight": "1"}
TOPIC = SuiteTask("topic", "Topics", "accuracy", "0.5", "1", "1", True, 10_000, None, None, {"public": 6, "private": 6})


def entry(*tasks: TaskScore, low: int = 2, high: int = 5) -> Entry:
    return Entry("trial-0001", "50", "1", "40", "60", 3, low, high, write_results(tasks), "", ("trial-0001",))


def only(task: TaskScore, **anchors: str) -> object:
    policy = {"tasks": [{"name": task.task, **ANCHORS, **anchors}]}
    (measure,) = task_measures(entry(task), policy, {"topic": TOPIC})
    return measure


def test_a_score_half_way_between_its_anchors_has_half_the_points() -> None:
    found = only(TaskScore("topic", "0.75", "0.5", "50", "0.65", "0.85", 6))
    assert (found.way.low, found.way.middle, found.way.high) == (Decimal("0.3"), Decimal("0.5"), Decimal("0.7"))
    assert (found.utility_low, found.utility_high, found.most) == (Decimal("0.3"), Decimal("0.7"), Decimal(100))
    assert (found.title, found.reason) == ("Topics", "")


def test_where_less_is_better_the_bounds_change_places() -> None:
    found = only(TaskScore("topic", "40", "0.75", "75", "20", "60", 6), floor="100", ceiling="20")
    assert (found.way.low, found.way.middle, found.way.high) == (Decimal("0.5"), Decimal("0.75"), Decimal(1))


def test_an_interval_below_the_floor_is_drawn_there_and_counts_nothing() -> None:
    found = only(TaskScore("topic", "0.45", "0", "0", "0.40", "0.55", 6))
    assert found.way.low == Decimal("-0.2")
    assert (found.utility_low, found.utility_high) == (Decimal(0), Decimal("0.1"))


def test_a_task_without_result_says_so() -> None:
    found = only(TaskScore("topic", None, "0", "0", None, None, 0))
    assert (found.way, found.reason) == (None, AS_FLOOR)


def test_the_points_of_a_task_are_bounded_by_its_weight() -> None:
    tasks = [TaskScore(name, "1", "1", "25", "1", "1", 6) for name in ("topic", "other")]
    policy = {"tasks": [{"name": "topic", **ANCHORS}, {"name": "other", **ANCHORS, "weight": "3"}]}
    assert [one.most for one in task_measures(entry(*tasks), policy, {})] == [Decimal(25), Decimal(75)]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1, 4, "it is one of the best 4: even its worst possible rank is 4."),
        (4, 9, "It is in the 95% top-4 set"),
        (5, 9, "It is not in the 95% top-4 set: its best possible rank is 5"),
    ],
)
def test_the_top_set_is_said_in_words(low: int, high: int, words: str) -> None:
    assert words in top_sentence(replace(entry(), rank_low=low, rank_high=high), winners=4, sure="95%")
