"""The shortlist takes whoever cannot be excluded, and says to everybody else why not."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboards import Candidate, Gate, SelectionError, Shortlist, ShortlistRules, shortlist


def entry(
    name: str, points: str | None = "50", low: int | None = 1, *, high: int = 20, passed: bool = True
) -> Candidate:
    return Candidate(name, (Gate("licence", passed, "page 3"),), points, low, high, (), "FI")


def test_the_interval_decides_and_not_the_points() -> None:
    found = shortlist([entry("A", "90"), entry("B", "40", 2), entry("C", "41", 3)], ShortlistRules(2, 3))
    assert found.listed == ("A", "B")
    assert found.left_out == {
        "C": "C is not on the list: 2 entries are significantly better, so it cannot belong to the best 2; "
        "its rank lies between 3 and 20."
    }


def test_a_gate_and_a_missing_rank_are_told() -> None:
    found = shortlist([entry("A", passed=False), entry("B", None, None)], ShortlistRules())
    assert found == Shortlist(
        (),
        (),
        {
            "A": "A is not on the list: gate licence not passed (page 3).",
            "B": "B is not on the list: it is unranked on the board.",
        },
    )


def test_only_the_gates_that_come_before_the_list_are_asked() -> None:
    late = Candidate("A", (Gate("licence", True, ""), Gate("panel", False, "it objects")), "50", 1, 2, (), "FI")
    assert shortlist([late], ShortlistRules(gates=("licence",))).listed == ("A",)
    assert shortlist([late], ShortlistRules(gates=("licence", "panel"))).listed == ()
    assert shortlist([late], ShortlistRules()).left_out == {
        "A": "A is not on the list: gate panel not passed (it objects)."
    }
    assert "gates" not in ShortlistRules().to_dict()


def test_beyond_the_maximum_points_decide() -> None:
    found = shortlist([entry("A", "30"), entry("B", "20"), entry("C", "10")], ShortlistRules(1, 2))
    assert found.listed == ("A", "B")
    assert found.undecided == ()
    assert found.left_out["C"].startswith("C may belong to the best 1, but so may 3 entries, the jury can take 2")


def test_equal_points_at_the_maximum_leave_the_last_places_open() -> None:
    field = [entry("A", "30"), entry("B", "20.004"), entry("C", "20"), entry("D", "10")]
    found = shortlist(field, ShortlistRules(1, 2))
    assert (found.listed, found.undecided, list(found.left_out)) == (("A",), ("B", "C"), ["D"])
    assert shortlist(field, ShortlistRules(1, 3)).listed == ("A", "B", "C")
    assert shortlist(field, ShortlistRules(1, 2, decimals=3)).listed == ("A", "B")


def test_the_order_of_candidates_leaves_no_trace() -> None:
    field = [entry("A", "30"), entry("B", "20"), entry("C", "20"), entry("D", passed=False)]
    found = [shortlist(order, ShortlistRules(1, 2)) for order in permutations(field)]
    assert all(one == found[0] for one in found)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 6), st.booleans()), max_size=12),
    st.integers(1, 4),
    st.integers(0, 3),
)
def test_nobody_is_lost_and_the_maximum_holds(rows: list[tuple[int, int, bool]], places: int, more: int) -> None:
    field = [entry(f"E{n:02}", str(p), low, passed=ok) for n, (p, low, ok) in enumerate(rows)]
    rules = ShortlistRules(places, places + more)
    found = shortlist(field, rules)
    assert sorted([*found.listed, *found.undecided, *found.left_out]) == [one.entrant for one in field]
    assert len(found.listed) <= rules.most
    reaching = [one for one in field if one.gates[0].passed and one.rank_low is not None and one.rank_low <= places]
    if len(reaching) <= rules.most:
        assert found.listed == tuple(one.entrant for one in reaching)
    # Whoever is left out by points has fewer than everybody listed, and places left open are contested.
    points = {one.entrant: int(one.points or 0) for one in field}
    beaten = [name for name, why in found.left_out.items() if "may belong" in why]
    assert all(points[name] < points[other] for name in beaten for other in (*found.listed, *found.undecided))
    assert not found.undecided or len(found.listed) + len(found.undecided) > rules.most


@pytest.mark.parametrize(
    ("rules", "sentence"), [((0, 3, 2), "at least 1 place"), ((4, 3, 2), "not 4 of 3"), ((1, 3, 7), "from 0 to 6")]
)
def test_rules_that_list_nobody_are_refused(rules: tuple[int, int, int], sentence: str) -> None:
    with pytest.raises(SelectionError, match=sentence):
        ShortlistRules(*rules)
    with pytest.raises(SelectionError, match="'A' is a candidate twice"):
        shortlist([entry("A"), entry("A")], ShortlistRules())
