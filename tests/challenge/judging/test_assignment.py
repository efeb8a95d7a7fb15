"""A proposed assignment keeps conflicts out, bounds the loads, is the same every time, and binds nobody."""

import pytest

from challenge.foundation.permits import Invalid
from challenge.judging.operations_assignment import propose_assignment
from challenge.judging.proposal import Wish, default_wish
from tests.cast import Cast
from tests.challenge.judging.bench import Bench, stage_bench

FIELD = {"Alder": 6, "Birch": 5, "Cedar": 4, "Dogwood": 3}
JUDGES = ("Jonas", "Mara", "Vera")


def staged(cast: Cast) -> Bench:
    bench = stage_bench(cast, FIELD, judges=JUDGES)
    bench.declare("Jonas", "Birch", conflict=True)
    bench.declare("Mara", "Birch")
    return bench


def test_conflicts_stay_out_and_loads_are_bounded(cast: Cast) -> None:
    docket = staged(cast).docket()
    found = propose_assignment(docket, docket.finalists, Wish(per_entry=2, most=3), seed=7)
    by_team = {one.listed.team: {seat.name for seat, _ in one.judges} for one in found.entries}
    assert by_team["Birch"] == {"Mara", "Vera"}
    assert all(len(judges) == 2 for judges in by_team.values())
    assert sorted(load for _, load in found.loads) == [2, 3, 3], "loads differ by one at most"
    assert sum(load for _, load in found.loads) == 8
    again = propose_assignment(docket, docket.finalists, Wish(per_entry=2, most=3), seed=7)
    assert found.digest == again.digest


def test_what_cannot_be_is_said(cast: Cast) -> None:
    docket = staged(cast).docket()
    with pytest.raises(
        Invalid, match=r"No assignment can be made: .* needs 3 more judges, but only 2 without a conflict"
    ):
        propose_assignment(docket, docket.finalists, Wish(per_entry=3, most=4), seed=7)


def test_the_usual_wish_is_three_reviews_spread_evenly(cast: Cast) -> None:
    docket = staged(cast).docket()
    assert default_wish(docket, docket.finalists) == Wish(per_entry=3, most=5)


def test_the_office_sees_it_and_judges_are_bound_by_nothing(cast: Cast) -> None:
    bench = staged(cast)
    address = f"/calls/{bench.field.call.key}/panel/assignment"
    page = cast.browser(bench.admin).get(f"{address}?per_entry=2&most=3")
    text = " ".join(page.get_data(as_text=True).split())
    assert page.status_code == 200
    assert "<td>Mara, Vera <span" in text, "Jonas stands back from Birch, and Mara has declared on it"
    assert "(has not declared yet)" in text
    assert cast.browser(cast.auditor()).get(address).status_code == 422, (
        "three reviews are one more than Birch can have"
    )
    assert cast.browser(bench.judges["Jonas"]).get(address).status_code == 403
    for typed in ("0", "-1", "many", "1001", "9" * 40):
        assert cast.browser(bench.admin).get(f"{address}?per_entry={typed}").status_code == 422
    bench.declare("Vera", "Alder")
    bench.review("Vera", "Alder", 7, 7, 7)


def test_an_empty_panel_has_nothing_to_propose(cast: Cast) -> None:
    bench = stage_bench(cast, FIELD, judges=())
    page = cast.browser(bench.admin).get(f"/calls/{bench.field.call.key}/panel/assignment").get_data(as_text=True)
    assert "Seat judges and name finalists first" in page
