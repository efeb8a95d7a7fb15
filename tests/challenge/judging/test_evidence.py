"""Rounds of evaluation are compared, and a difference that the interval does not explain raises a flag."""

from decimal import Decimal

from challenge.judging.evidence import Round, RoundScore, rerun_flag

TITLES = {"topic": "Topics"}


def scored(number: int, score: str, low: str | None = "0.60", high: str | None = "0.80") -> Round:
    bounds = (Decimal(bound) if bound else None for bound in (low, high))
    return Round(number, "scored", True, (RoundScore("topic", Decimal(score), *bounds),))


def test_one_round_is_nothing_to_compare() -> None:
    flag = rerun_flag([scored(1, "0.7")], TITLES)
    assert (flag.sentence, flag.raised) == ("Evaluated once; nothing to compare it with.", False)


def test_equal_rounds_raise_nothing() -> None:
    flag = rerun_flag([scored(1, "0.7"), scored(2, "0.7")], TITLES)
    assert (flag.sentence, flag.raised) == ("Evaluated 2 times with the same score on every task.", False)


def test_a_difference_within_the_interval_is_told_and_not_raised() -> None:
    flag = rerun_flag([scored(1, "0.65"), scored(2, "0.7")], TITLES)
    assert flag.sentence == "Evaluated 2 times; the scores differ, within their intervals."
    assert not flag.raised
    assert flag.details == (
        "Topics: 0.6500 in round 1, 0.7000 in round 2; the earlier lies within the interval of the later.",
    )


def test_a_difference_outside_the_interval_or_without_one_is_a_flag() -> None:
    assert rerun_flag([scored(1, "0.5"), scored(2, "0.7")], TITLES).raised
    assert rerun_flag([scored(1, "0.69"), scored(2, "0.7", None, None)], TITLES).raised


def test_a_round_that_was_not_scored_is_named() -> None:
    flag = rerun_flag([Round(1, "engine_failed", False), scored(2, "0.7")], TITLES)
    assert flag.details == ("Round 1: engine failed.",)
    assert rerun_flag([Round(1, "timed_out", False)], TITLES).raised
