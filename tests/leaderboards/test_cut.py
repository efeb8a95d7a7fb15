"""The line where the places end is shown with everybody tied with it."""

from decimal import Decimal

from leaderboards import (
    Candidate,
    Criterion,
    CriterionScore,
    Gate,
    SelectionRules,
    Spread,
    choose_winners,
    cut,
)

WIDE = Spread(
    {(one, other): Decimal("0.05") for one, other in ("AB", "AC", "AD", "CD")}
    | {("B", "C"): Decimal("0.15"), ("B", "D"): Decimal("0.15")}
)


def rules(winners: int = 2, tie: str = "equal") -> SelectionRules:
    return SelectionRules(
        criteria=(Criterion("quality"),), total_threshold_halves=0, max_winners=winners, board_weight="0.5",
        board_anchor=("0", "100"), jury_anchor=(0, 10), tie_break=("panel_vote",), tie=tie,
    )  # fmt: skip


def entry(name: str, points: str) -> Candidate:
    return Candidate(name, (Gate("licence", True, ""),), points, 1, 4, (CriterionScore("quality", 5),), "FI")


FIELD = [entry("A", "80"), entry("B", "60"), entry("C", "40"), entry("D", "20")]


def test_the_line_is_the_last_place_and_its_distances_are_exact() -> None:
    found = cut(FIELD, rules(), choose_winners(FIELD, rules()), spread=WIDE)
    assert found is not None
    assert found.at == "B"
    assert [(one.entrant, one.above, one.half_width, one.apart) for one in found.distances] == [
        ("A", "0.100000", "0.05", True),
        ("B", "0.000000", None, False),
        ("C", "-0.100000", "0.15", False),
        ("D", "-0.200000", "0.15", True),
    ]
    assert found.tied == ("B",)


def test_ties_are_those_that_the_rules_declare() -> None:
    by_interval = rules(tie="interval")
    chosen = choose_winners(FIELD, by_interval, spread=WIDE)
    assert chosen.winners == ("A",)
    found = cut(FIELD, by_interval, chosen, spread=WIDE)
    assert found is not None
    assert found.tied == ("B", "C")


def test_equal_composites_at_the_line_are_tied_whatever_is_known_of_their_spread() -> None:
    field = [entry("A", "80"), entry("B", "60"), entry("C", "60")]
    chosen = choose_winners(field, rules())
    assert chosen.undecided == ("B", "C")
    found = cut(field, rules(), chosen, spread=Spread({}))
    assert found is not None
    assert found.tied == ("B", "C")


def test_where_there_is_a_place_for_everybody_there_is_no_line() -> None:
    assert cut(FIELD, rules(4), choose_winners(FIELD, rules(4)), spread=WIDE) is None
    assert cut([], rules(), choose_winners([], rules()), spread=WIDE) is None
