"""How stable a choice is: weights, judges, and draws of both; and who is tied with the cut."""

from decimal import Decimal

import pytest

from challenge.judging.outlook import Outlook, OutlookPlace
from challenge.judging.stability import percent_of, tied_with_cut
from tests.cast import Cast
from tests.challenge.judging.bench import Bench, stage_bench

SELECTION = {
    "winners": 1, "finalists": 12, "board_weight": "0.5", "board_anchor": ["0", "100"], "jury_anchor_halves": [20, 30],
    "tie_break": ["panel_vote"],
}  # fmt: skip


def outlook(**composites: str) -> Outlook:
    """Return an outlook of one winner; whoever has the highest composite."""
    ordered = sorted(composites.items(), key=lambda one: -Decimal(one[1]))
    places = tuple(
        OutlookPlace(number, name, name, "winner" if number == 1 else "reserve", "0", "0", composite, 0, {})
        for number, (name, composite) in enumerate(ordered, start=1)
    )
    return Outlook("0.5", places, (), None, {}, (), "", "")


def test_whoever_may_be_as_good_as_the_other_side_is_tied_with_the_cut() -> None:
    half = Decimal("0.1")
    widths = {("A", "B"): half, ("A", "C"): half, ("B", "C"): half}
    assert tied_with_cut(outlook(A="0.9", B="0.85", C="0.7"), widths) == ("A", "B")
    assert tied_with_cut(outlook(A="0.9", B="0.7", C="0.6"), widths) == ()
    assert tied_with_cut(outlook(A="0.9", B="0.7"), {}) == ("A", "B"), "what nobody measured parts nobody"
    assert tied_with_cut(outlook(A="0.9"), {}) == ()


@pytest.mark.parametrize(
    ("times", "words"), [(0, "0%"), (1, "< 1%"), (2_500, "50%"), (4_999, "> 99%"), (5_000, "100%")]
)
def test_a_share_never_says_never_or_always_where_it_was_not(times: int, words: str) -> None:
    assert percent_of(times, 5_000) == words


def close(cast: Cast) -> Bench:
    """Two entries that Jonas and Mara see the other way round."""
    bench = stage_bench(cast, {"Alder": 5, "Birch": 5}, selection=SELECTION)
    for team, jonas, mara in (("Alder", 9, 7), ("Birch", 7, 9)):
        for judge, value in (("Jonas", jonas), ("Mara", mara)):
            bench.declare(judge, team)
            bench.review(judge, team, value, value, value)
    bench.agree("Alder", 8, 8, 9)
    bench.agree("Birch", 8, 8, 8)
    return bench


def test_the_page_says_on_whom_the_choice_hangs(cast: Cast) -> None:
    bench = close(cast)
    address = f"/judging/{bench.field.call.key}/outlook"
    page = " ".join(cast.browser(bench.admin).get(address).get_data(as_text=True).split())
    assert "Tied with the cut, as far as items and judges can tell: Alder, Birch." in page
    assert "2 panels of one judge fewer end in 2 sets of winners." in page
    assert '<th scope="row">Jonas</th><td>Birch</td>' in page, "without Jonas, who likes Alder, Birch wins"
    assert '<th scope="row">Mara</th><td>Alder</td>' in page
    assert "drawn anew 5,000 times" in page


def test_the_same_question_has_the_same_answer(cast: Cast) -> None:
    bench = close(cast)
    address = f"/judging/{bench.field.call.key}/outlook"
    first, again = (cast.browser(bench.judges[one]).get(address).get_data(as_text=True) for one in ("Jonas", "Mara"))
    part = slice(first.index('id="stability"'), first.index('id="trail"'))
    assert first[part] == again[slice(again.index('id="stability"'), again.index('id="trail"'))]


def test_with_nobody_past_the_thresholds_there_is_nothing_to_vary(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5})
    bench.judge_all({"Alder": (1, 1, 1)})
    page = cast.browser(bench.admin).get(f"/judging/{bench.field.call.key}/outlook").get_data(as_text=True)
    assert "No entry is past its gates and thresholds yet" in page
    assert "How stable this is" not in page
