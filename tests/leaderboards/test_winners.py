"""Winners follow from gates, thresholds, composite and the declared steps, and from nothing else."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest

from leaderboards import (
    Candidate,
    Criterion,
    CriterionScore,
    Gate,
    Selection,
    SelectionError,
    SelectionRules,
    choose_winners,
    shared_ranks,
)

RULES = SelectionRules(
    criteria=(Criterion("excellence", 6), Criterion("impact", 6), Criterion("quality", 6)),
    total_threshold_halves=20,
    max_winners=2,
    board_weight="0.5",
    board_anchor=("60", "90"),
    jury_anchor=(20, 30),
    tie_break=("board_group", "criterion:excellence", "criterion:impact", "new_country", "panel_vote"),
)


def candidate(
    entrant: str,
    points: str | None = "75",
    marks: tuple[int, int, int] = (8, 8, 8),
    *,
    low: int | None = 1,
    country: str = "FI",
    passed: bool = True,
) -> Candidate:
    scores = tuple(CriterionScore(one.name, mark) for one, mark in zip(RULES.criteria, marks, strict=True))
    return Candidate(entrant, (Gate("licence", passed, "page 3"),), points, low, 9, scores, country)


def test_the_composite_decides_exactly() -> None:
    selection = choose_winners(
        [candidate("A", "75.0", (8, 8, 8)), candidate("B", "90", (7, 7, 7)), candidate("C", "60", (10, 10, 10))], RULES
    )
    assert selection.winners == ("B", "C")
    assert selection.reserve == ("A",)
    assert [place.composite for place in selection.places] == ["0.550000", "0.500000", "0.450000"]
    assert (
        "A passes all gates and thresholds: composite 0.450000 = 0.5·0.500000 (board) + 0.5·0.400000 (jury)."
        in selection.log
    )


def test_a_third_and_two_thirds_are_exact() -> None:
    rules = replace(RULES, board_weight="1/3", tie_break=())
    # 1/3·1 + 2/3·0.1 = 1/3·0.2 + 2/3·0.5 = 0.4: equal as rationals, not as floats.
    selection = choose_winners(
        [candidate("A", "90", (7, 7, 7)), candidate("B", "66", (9, 8, 8)), candidate("C", "60", (7, 7, 7))],
        replace(rules, max_winners=1),
    )
    assert selection.undecided == ("A", "B")
    assert selection.reserve == ("C",)


def test_a_gate_is_never_compensated() -> None:
    selection = choose_winners([candidate("A", "100", (10, 10, 10), passed=False), candidate("B")], RULES)
    assert selection.winners == ("B",)
    assert selection.out[0].reasons == ("gate licence not passed (page 3)",)
    assert "A is out: gate licence not passed (page 3)." in selection.log


def test_a_weight_lifts_nobody_over_a_threshold() -> None:
    heavy = replace(RULES, criteria=(Criterion("excellence", 6, "10"), *RULES.criteria[1:]))
    selection = choose_winners([candidate("A", "90", (10, 5, 10)), candidate("B", "90", (7, 6, 6))], heavy)
    assert selection.winners == ()
    assert [one.reasons for one in selection.out] == [
        ("impact: 5 half marks, the threshold is 6",),
        ("total: 19 half marks, the threshold is 20",),
    ]


def test_weights_turn_the_order_of_those_over_the_thresholds() -> None:
    heavy = replace(RULES, criteria=(Criterion("excellence", 6, "1.5"), *RULES.criteria[1:]), max_winners=1)
    selection = choose_winners([candidate("A", marks=(8, 10, 8)), candidate("B", marks=(10, 8, 8))], heavy)
    assert selection.winners == ("B",)
    # 3·(1.5·10 + 8 + 8)/3.5 = 26.571 half marks.
    assert selection.places[0].jury == "0.657143"


def test_an_unranked_entrant_cannot_win_where_the_board_counts() -> None:
    given = [candidate("A", None, (10, 10, 10), low=None), candidate("B")]
    assert choose_winners(given, RULES).winners == ("B",)
    assert choose_winners(given, replace(RULES, board_weight="0")).winners == ("A", "B")


@pytest.mark.parametrize(
    ("first", "second", "step"),
    [
        (candidate("B"), candidate("A", low=2), "board_group: A best possible rank 2, B best possible rank 1; B ahead"),
        (
            candidate("B", marks=(9, 8, 7)),
            candidate("A"),
            "criterion:excellence: A 8 half marks, B 9 half marks; B ahead",
        ),
    ],
)
def test_a_tie_at_the_cut_is_broken_in_the_declared_order(first: Candidate, second: Candidate, step: str) -> None:
    selection = choose_winners([second, first], replace(RULES, max_winners=1))
    assert selection.winners == ("B",)
    assert selection.reserve == ("A",)
    assert any(f"compared on {step}" in sentence for sentence in selection.log)


def test_a_new_country_is_new_only_until_it_has_won() -> None:
    given = [candidate("A", country="FR"), candidate("B", country="FR"), candidate("C", country="DE")]
    votes = replace(RULES, panel_votes={"A": 3, "B": 2, "C": 1})
    selection = choose_winners(given, votes)
    assert selection.winners == ("A", "C")
    assert selection.reserve == ("B",)


def test_an_open_tie_at_the_cut_makes_nobody_a_winner_until_the_panel_votes() -> None:
    given = [candidate("A", "90"), candidate("C"), candidate("B"), candidate("D", "60")]
    selection = choose_winners(given, RULES)
    assert selection.winners == ("A",)
    assert selection.undecided == ("B", "C")
    assert selection.reserve == ("D",)
    assert [place.position for place in selection.places] == [1, 2, 2, 4]
    assert "B, C stay tied for 1 place: none of them wins until the panel votes." in selection.log
    assert any("the panel has not voted on B, C" in sentence for sentence in selection.log)
    half = choose_winners(given, replace(RULES, panel_votes={"B": 4}))
    assert half.undecided == ("B", "C")
    voted = choose_winners(given, replace(RULES, panel_votes={"B": 4, "C": 5}))
    assert (voted.winners, voted.undecided, voted.reserve) == (("A", "C"), (), ("B", "D"))


def test_a_tie_away_from_the_cut_shares_its_place() -> None:
    selection = choose_winners([candidate("A"), candidate("B"), candidate("C", "60"), candidate("D", "60")], RULES)
    assert selection.winners == ("A", "B")
    assert selection.reserve == ("C", "D")
    assert [place.position for place in selection.places] == [1, 1, 3, 3]


def test_places_are_shared_as_ranks_are() -> None:
    rules = replace(RULES, tie_break=(), max_winners=3)
    given = [candidate("A", "90"), candidate("B"), candidate("C"), candidate("D", "60")]
    selection = choose_winners(given, rules)
    assert [place.position for place in selection.places] == [1, 2, 2, 4]
    composites = [Fraction(place.composite) for place in selection.places]
    assert [place.position for place in selection.places] == shared_ranks(composites, decimals=6)


def test_a_candidate_that_does_not_win_changes_nothing_for_those_who_do() -> None:
    field = [candidate("A", "80"), candidate("B", "78"), candidate("C", "76")]
    before = choose_winners(field, RULES)
    for number, newcomer in enumerate(
        (
            candidate("Z", "60"),
            candidate("Z", "77", (6, 7, 7)),
            candidate("Z", "100", passed=False),
            candidate("Z", None),
        )
    ):
        after = choose_winners([*field, newcomer], RULES)
        assert after.winners == before.winners, number
        kept = [(one.entrant, one.board, one.jury, one.composite) for one in after.places if one.entrant != "Z"]
        assert kept == [(one.entrant, one.board, one.jury, one.composite) for one in before.places]


def test_nobody_may_win() -> None:
    selection = choose_winners([candidate("A", marks=(6, 6, 6))], RULES)
    assert (selection.winners, selection.reserve) == ((), ())
    assert selection.effective_weights is None
    assert choose_winners([], RULES).winners == ()


def test_effective_weights_follow_the_spreads() -> None:
    # Board 0 and 1 (variance 1/4), jury 0.4 and 0.6 (variance 1/100): 25/26 and 1/26.
    selection = choose_winners([candidate("A", "60", (8, 8, 8)), candidate("B", "90", (10, 8, 8))], RULES)
    assert selection.effective_weights == ("0.961538", "0.038462")


def test_the_order_of_candidates_leaves_no_trace() -> None:
    given = [candidate("A", "90"), candidate("B"), candidate("C", country="DE"), candidate("D", "60", passed=False)]
    assert len({choose_winners(order, RULES).digest() for order in permutations(given)}) == 1


def test_a_selection_survives_the_round_trip() -> None:
    selection = choose_winners([candidate("A"), candidate("B"), candidate("C", passed=False)], RULES)
    assert Selection.from_dict(selection.to_dict()) == selection


def test_incomplete_input_is_refused() -> None:
    bare = replace(candidate("A"), criteria=candidate("A").criteria[:2])
    with pytest.raises(SelectionError, match="A has passed all gates but has no consensus score for 'quality'"):
        choose_winners([bare], RULES)
    with pytest.raises(SelectionError, match="A has no result for the gate 'licence'"):
        choose_winners([replace(candidate("A"), gates=()), candidate("B")], RULES)
    with pytest.raises(SelectionError, match="'A' is a candidate twice"):
        choose_winners([candidate("A"), candidate("A")], RULES)
    with pytest.raises(SelectionError, match="A is scored on taste"):
        choose_winners([replace(candidate("A"), criteria=(CriterionScore("taste", 3),))], RULES)
    with pytest.raises(SelectionError, match="must be from 0 to 10 half marks, not 11"):
        CriterionScore("taste", 11)
    with pytest.raises(SelectionError, match="A: points must be an exact number"):
        candidate("A", "nan")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"criteria": ()}, "criteria must name at least one criterion"),
        ({"criteria": (Criterion("a", 0, "0"),)}, "the weight of every criterion must be above 0"),
        ({"max_winners": 0}, "max_winners must be at least 1"),
        ({"board_weight": "1.5"}, "board_weight must be from 0 to 1, not 1.5"),
        ({"board_weight": "half"}, "board_weight must be an exact number"),
        ({"board_anchor": ("90", "60")}, "board_anchor: the first number must be below the second"),
        ({"tie_break": ("submitted_at",)}, r"tie_break\[0\] 'submitted_at' is not known"),
        ({"tie_break": ("panel_vote", "panel_vote")}, r"tie_break\[1\] 'panel_vote' occurs twice"),
    ],
)
def test_rules_that_cannot_decide_are_refused(change: dict[str, object], what: str) -> None:
    with pytest.raises(SelectionError, match=what):
        replace(RULES, **change)  # type: ignore[arg-type]
