"""A tie at the cut may be declared by interval; then nobody is placed ahead of one who is significantly better."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from leaderboards import (
    Candidate,
    Criterion,
    CriterionScore,
    Gate,
    Policy,
    ScoreTable,
    SelectionError,
    SelectionRules,
    Spread,
    TaskPolicy,
    choose_winners,
    composite_spread,
)
from leaderboards.fields import Fields
from leaderboards.jury import Mark, Reviews
from leaderboards.spread import totals_of

RULES = SelectionRules(
    (Criterion("impact", 0),), 0, 2, "0", ("0", "100"), (0, 10), ("criterion:impact", "new_country"), tie="interval"
)


def candidate(name: str, halves: int, *, points: str = "50", low: int = 1, country: str = "FI") -> Candidate:
    return Candidate(name, (Gate("g", True, "e"),), points, low, 9, (CriterionScore("impact", halves),), country)


def even(names: str, half: str) -> Spread:
    return Spread({(a, b): Decimal(half) for a in names for b in names if a < b})


def test_inside_the_interval_the_declared_steps_decide() -> None:
    # Composites .9, .7, .6, .2; differences below .15 are ties: B and C contend for the second place.
    field = [candidate("A", 9), candidate("B", 7, low=3), candidate("C", 6, low=2), candidate("D", 2)]
    rules = replace(RULES, tie_break=("board_group",))
    chosen = choose_winners(field, rules, spread=even("ABCD", "0.15"))
    assert chosen.winners == ("A", "C")
    assert chosen.reserve == ("B", "D")
    assert (
        "B, C are tied for 1 place: nobody is significantly better than any of them at confidence 0.95 "
        "(B and C differ by 0.100000 ± 0.15)." in chosen.log
    )
    assert any(step.startswith("Tie of B, C compared on board_group") for step in chosen.log)
    assert choose_winners(field, replace(rules, tie="equal")).winners == ("A", "B")


def test_a_difference_beyond_the_interval_is_no_tie() -> None:
    field = [candidate("A", 9), candidate("B", 7, low=3), candidate("C", 6, low=2)]
    chosen = choose_winners(field, RULES, spread=even("ABC", "0.05"))
    assert chosen.winners == ("A", "B")
    assert not any("are tied" in sentence for sentence in chosen.log)


def test_a_tie_within_the_winners_changes_nothing() -> None:
    field = [candidate("A", 9, low=2), candidate("B", 8, low=1), candidate("C", 2)]
    assert choose_winners(field, RULES, spread=even("ABC", "0.5")).winners == ("A", "B")


def test_an_open_tie_waits_for_the_panel() -> None:
    field = [candidate("A", 9), candidate("B", 7), candidate("C", 6)]
    chosen = choose_winners(field, replace(RULES, tie_break=("panel_vote",)), spread=even("ABC", "0.15"))
    assert (chosen.winners, chosen.undecided) == (("A",), ("B", "C"))
    voted = replace(RULES, tie_break=("panel_vote",), panel_votes={"B": 1, "C": 4})
    assert choose_winners(field, voted, spread=even("ABC", "0.15")).winners == ("A", "C")


def test_where_nothing_is_known_nobody_is_told_apart() -> None:
    field = [candidate("A", 9), candidate("B", 7), candidate("C", 6)]
    chosen = choose_winners(field, replace(RULES, tie_break=()), spread=Spread({}))
    assert (chosen.winners, chosen.undecided) == ((), ("A", "B", "C"))
    assert any("nothing is known about their spread" in sentence for sentence in chosen.log)


@given(
    st.lists(st.tuples(st.integers(0, 10), st.integers(1, 5), st.sampled_from("FDI")), max_size=7),
    st.lists(st.integers(0, 400_000), min_size=21, max_size=21),
    st.integers(1, 4),
)
def test_nobody_is_ahead_of_one_who_is_significantly_better(
    rows: list[tuple[int, int, str]], halves: list[int], places: int
) -> None:
    field = [candidate(f"E{n}", mark, low=low, country=country) for n, (mark, low, country) in enumerate(rows)]
    names = [one.entrant for one in field]
    pairs = [(a, b) for a in names for b in names if a < b]
    spread = Spread({pair: Decimal(half).scaleb(-6) for pair, half in zip(pairs, halves, strict=False)})
    rules = replace(RULES, max_winners=places, tie_break=("board_group", "new_country"))
    chosen = choose_winners(field, rules, spread=spread)
    assert sorted(place.entrant for place in chosen.places) == names
    assert len(chosen.winners) <= places
    composite = {place.entrant: Fraction(place.composite) for place in chosen.places}
    for winner in chosen.winners:
        for other in (*chosen.undecided, *chosen.reserve):
            half = spread.half_width(winner, other)
            assert half is not None
            assert composite[other] - composite[winner] <= Fraction(half)
    # With no width at all the outcome is that of equal composites.
    none = Spread(dict.fromkeys(pairs, Decimal(0)))
    strict = choose_winners(field, replace(rules, tie="equal"))
    exact = choose_winners(field, rules, spread=none)
    assert (exact.winners, exact.undecided) == (strict.winners, strict.undecided)
    assert sorted(exact.reserve) == sorted(strict.reserve)


def test_the_half_width_follows_from_its_formula() -> None:
    rng = np.random.default_rng(2)
    values = rng.integers(0, 10_001, (2, 40))
    rows = [(name, "qa", f"i{n}", int(v)) for name, line in zip("AB", values, strict=True) for n, v in enumerate(line)]
    scores = ScoreTable.from_frame(pd.DataFrame(rows, columns=["entrant", "task", "item", "value"]))
    marks = {"A": (8, 6, 7), "B": (5, 6, 3)}
    reviews = Reviews.of(
        Mark(name, judge, "impact", mark) for name, row in marks.items() for judge, mark in zip("xyz", row, strict=True)
    )
    rules = replace(RULES, board_weight="0.4", board_anchor=("20", "70"), tie_confidence="0.9")
    found = composite_spread(scores, Policy((TaskPolicy("qa", 0, 1),)), reviews, rules).half_width("B", "A")
    # In differences: the points' variance is that of a mean of 40, the jury's that of a mean of 3 paired differences.
    board = (100 * (values[0] - values[1]) / 10_000).var(ddof=1) / 40 * (0.4 / 50) ** 2
    jury = np.array([3, 0, 4]).var(ddof=1) / 3 * (0.6 / 10) ** 2
    freedom = (board + jury) ** 2 / (board**2 / 39 + jury**2 / 2)
    assert found is not None
    assert float(found) == pytest.approx(stdtrit(freedom, 0.95) * np.sqrt(board + jury), abs=1e-6)


def test_a_review_that_lacks_a_criterion_is_no_total() -> None:
    rules = replace(RULES, criteria=(Criterion("impact", 0, "3"), Criterion("quality")), tie_break=())
    reviews = Reviews.of(
        [
            Mark("A", "x", "impact", 8),
            Mark("A", "x", "quality", 4),
            Mark("A", "y", "impact", 9),
            Mark("A", "y", "style", 9),
        ]
    )
    assert totals_of(reviews, rules) == {"A": {"x": Fraction(2 * (3 * 8 + 4), 4)}}


def test_one_judge_or_one_cluster_says_nothing() -> None:
    rows = [(name, "qa", "i", 5_000) for name in "AB"]
    scores = ScoreTable.from_frame(pd.DataFrame(rows, columns=["entrant", "task", "item", "value"]))
    policy = Policy((TaskPolicy("qa", 0, 1),))
    two = Reviews.of(Mark(name, judge, "impact", 5) for name in "AB" for judge in "xy")
    assert composite_spread(scores, policy, two, replace(RULES, board_weight="0.5")).half_width("A", "B") is None
    assert composite_spread(scores, policy, two, RULES).half_width("A", "B") == 0
    assert composite_spread(scores, policy, two.without(judges={"y"}), RULES).half_width("A", "B") is None


def test_the_rules_keep_their_bytes_without_the_option_and_survive_with_it() -> None:
    assert "tie" not in replace(RULES, tie="equal").to_dict()
    for rules in (RULES, replace(RULES, tie="equal")):
        assert SelectionRules.from_fields(Fields(rules.to_dict(), path="", error=SelectionError)) == rules
    with pytest.raises(SelectionError, match="tie must be 'equal' or 'interval', not 'lot'"):
        replace(RULES, tie="lot")
    with pytest.raises(SelectionError, match=r"tie_confidence must be at least 0\.5"):
        replace(RULES, tie_confidence="0.4")
