"""Other rules of comparison and other tasks are asked for their opinion of an entry, from the published ranking alone."""

import json
from decimal import Decimal

from challenge.foundation.canonical import canonical
from challenge.judging.operations_opinions import second_opinions
from tests.cast import Cast
from tests.challenge.judging.bench import stage_bench


def board(scores: dict[str, tuple[str | None, str]]) -> tuple[str, str]:
    """Write a ranking and a policy of two tasks; on the second, less is better."""
    entries = [
        {
            "entrant": name, "points": "50", "se": None, "low": "0", "high": "100", "rank": 1, "rank_low": 1,
            "rank_high": len(scores), "inseparable_from": [],
            "tasks": [
                {"task": task, "score": score, "utility": "0", "points": "0", "low": None, "high": None, "items": 6}
                for task, score in zip(("right", "error"), found, strict=True)
            ],
        }
        for name, found in scores.items()
    ]  # fmt: skip
    plain = {"entries": entries, "unranked": [], "policy_digest": "", "scores_digest": "", "versions": {}}
    tasks = [
        {"name": "right", "floor": "0", "ceiling": "1", "weight": "1", "higher_is_better": True},
        {"name": "error", "floor": "10", "ceiling": "0", "weight": "1", "higher_is_better": False},
    ]
    return canonical(plain).decode(), json.dumps({"tasks": tasks, "confidence": "0.95"})


def test_whoever_is_better_on_every_task_is_first_under_every_rule() -> None:
    found = second_opinions(*board({"A": ("0.9", "1"), "B": ("0.8", "2"), "C": ("0.1", "9")}), winners=1)
    assert found["A"].sentence(1) == "In the top 1 under 9 of 9 other rules of comparison."
    assert found["C"].count == 0
    assert {rule.place for rule in found["A"].rules} == {1}
    assert "points of the call" not in {rule.name for rule in found["A"].rules}, (
        "the board's own rule is no second opinion"
    )


def test_a_missing_score_never_helps() -> None:
    found = second_opinions(*board({"A": (None, "9"), "B": ("0.2", "9"), "C": ("0.1", "9.5")}), winners=1)
    assert found["A"].count == 0


def test_other_tasks_widen_the_interval_of_who_is_good_at_one_only() -> None:
    found = second_opinions(*board({"A": ("0.5", "5"), "B": ("1", "10")}), winners=1)
    assert (found["A"].low, found["A"].high) == (Decimal("50"), Decimal("50"))
    assert (found["B"].low, found["B"].high) == (Decimal("0"), Decimal("100"))


def test_an_empty_board_has_no_opinions() -> None:
    assert second_opinions(*board({}), winners=4) == {}


def test_the_page_counts_the_rules_and_lists_them(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6, "Birch": 1})
    bench.declare("Jonas", "Alder")
    address = f"/judging/{bench.field.call.key}/{bench.entry('Alder').reference}"
    page = cast.browser(bench.judges["Jonas"]).get(address).get_data(as_text=True)
    assert "In the top 4 under 9 of 9 other rules of comparison." in page
    assert "mean win rate" in page
    assert "Were the tasks drawn" not in page, "one task says nothing about others"
