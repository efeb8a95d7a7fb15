"""Marks on one scale: the raw always stands, whoever stands back sees no trace, and equal marks get equal answers."""

import re

import pytest

from challenge.judging import rules
from challenge.judging.calibration import MarkGiven, PanelStatistics, discussion_order, marks_of
from challenge.judging.operations_calibration import panel_statistics
from tests.cast import Cast
from tests.challenge.judging.bench import CRITERIA, Bench, stage_bench

FIELD = {"Alder": 6, "Birch": 5, "Cedar": 4}
GIVEN = {
    "Jonas": {"Alder": (8, 8, 9), "Cedar": (7, 6, 7)},
    "Mara": {"Alder": (5, 5, 6), "Birch": (2, 1, 2), "Cedar": (4, 4, 5)},
    "Vera": {"Alder": (7, 8, 8), "Birch": (6, 6, 7), "Cedar": (6, 7, 7)},
}


def reviewed(cast: Cast) -> Bench:
    """Return a bench at which Jonas stands back from Birch, and every other review is in."""
    bench = stage_bench(cast, FIELD, judges=("Jonas", "Mara", "Vera"))
    bench.declare("Jonas", "Birch", conflict=True)
    for judge, given in GIVEN.items():
        for team, halves in given.items():
            bench.declare(judge, team)
            bench.review(judge, team, *halves)
    return bench


def computed(marks: tuple[MarkGiven, ...]) -> PanelStatistics:
    return panel_statistics(marks, seed=7, confidence="0.95")


def some_marks() -> tuple[MarkGiven, ...]:
    return tuple(
        MarkGiven(team, judge, criterion, value)
        for judge, given in GIVEN.items()
        for team, halves in given.items()
        for criterion, value in zip(CRITERIA, halves, strict=True)
    )


def test_a_harsh_judge_is_found_and_the_raw_mean_stands() -> None:
    found = computed(some_marks())
    assert found.is_calibrated
    assert found.components == 1
    assert found.entries["Birch"].raw is not None
    assert float(found.entries["Birch"].raw) == pytest.approx((2 + 1 + 2 + 6 + 6 + 7) / 12)
    shift = found.shifts["Mara"].shift
    assert shift.value is not None
    assert shift.value < 0
    assert found.shifts["Mara"].sentence.startswith("You score ")


def test_the_order_of_marks_leaves_no_trace_and_equal_marks_are_computed_once() -> None:
    marks = some_marks()
    first, turned = computed(marks), computed(tuple(reversed(marks)))
    assert (first.input_digest, first.result_digest) == (turned.input_digest, turned.result_digest)
    assert computed(some_marks()) is first
    assert computed(marks[1:]).input_digest != first.input_digest


def test_without_a_common_judge_the_raw_means_stand_alone() -> None:
    apart = tuple(
        MarkGiven(team, judge, criterion, value)
        for judge, team in (("Jonas", "Alder"), ("Mara", "Alder"), ("Vera", "Cedar"), ("Wim", "Cedar"))
        for criterion, value in zip(CRITERIA, (7, 8, 9), strict=True)
    )
    found = computed(apart)
    assert (found.is_calibrated, found.components) == (False, 2)
    assert found.entries["Alder"].calibrated.value is None
    assert float(found.entries["Alder"].raw or 0) == 4


def test_no_marks_are_no_error() -> None:
    found = computed(())
    assert (found.components, found.agreements, found.is_calibrated) == (0, (), False)


def test_what_is_widest_apart_is_talked_about_first() -> None:
    found = computed(some_marks())
    assert next(entry for entry, _ in discussion_order(found)) == "Birch"
    widest = found.disputed[0]
    assert (widest.entry, widest.highest - widest.lowest) == ("Birch", 5)


def test_marks_are_taken_from_open_entries_only(cast: Cast) -> None:
    bench = reviewed(cast)
    docket, birch = bench.docket(), bench.entry("Birch")
    mine = rules.open_entries(docket, bench.judges["Jonas"])
    assert birch.id not in mine
    assert birch.reference not in {one.entry for one in marks_of(docket, mine)}
    assert birch.id in rules.open_entries(docket, bench.judges["Mara"])
    assert birch.id in rules.open_entries(docket, bench.admin)


def seen(bench: Bench, judge: str) -> list[str]:
    """Return every page that a judge may open, without the tokens."""
    browser, key = bench.cast.browser(bench.judges[judge]), bench.field.call.key
    pages = [f"/judging/{key}", f"/judging/{key}/table", *(f"/judging/{key}/{bench.entry(t).reference}" for t in FIELD)]
    return [re.sub(r'name="csrf_token" value="[^"]+"', "", browser.get(page).get_data(as_text=True)) for page in pages]


def test_a_conflicted_judge_s_pages_do_not_move_with_the_others_marks_on_the_entry(cast: Cast) -> None:
    """Mara's marks on Birch move her shift, and with it every calibrated mean; none of that may reach Jonas."""
    bench = reviewed(cast)
    jonas, vera = seen(bench, "Jonas"), seen(bench, "Vera")
    bench.review("Mara", "Birch", 10, 10, 10)
    assert seen(bench, "Jonas") == jonas
    assert seen(bench, "Vera") != vera


def test_before_the_own_review_nothing_is_computed_from_the_entry(cast: Cast) -> None:
    bench = stage_bench(cast, FIELD)
    for team in FIELD:
        bench.declare("Jonas", team)
        bench.declare("Mara", team)
        bench.review("Mara", team, 7, 7, 7)
    bench.review("Jonas", "Alder", 9, 9, 9)
    before = seen(bench, "Jonas")
    bench.review("Mara", "Cedar", 1, 1, 1)
    assert seen(bench, "Jonas") == before


def test_after_the_own_review_the_spread_is_drawn_with_a_table(cast: Cast) -> None:
    bench = reviewed(cast)
    address = f"/judging/{bench.field.call.key}/{bench.entry('Alder').reference}"
    page = " ".join(cast.browser(bench.judges["Mara"]).get(address).get_data(as_text=True).split())
    assert 'aria-label="Excellence: Jonas 4.0, Mara 2.5, Vera 3.5"' in page
    assert "Jonas 4.0, Mara 2.5, Vera 3.5</td>" in page
    assert "talk it over" in page
    assert "You score " in page
    assert "Raw mean" in page
    assert "Scores that went in, SHA-256" in page
