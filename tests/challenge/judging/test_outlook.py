"""A look ahead shows who would win, at any weight, and keeps nothing; whoever stands back sees the others alone."""

import re

import pytest
from sqlalchemy import func, select

from challenge.awards.deliberation import Deliberation
from challenge.awards.operations_propose import prepare
from challenge.foundation.audit import AuditLine
from challenge.foundation.permits import Invalid
from challenge.judging import operations_outlook, queries, queries_outlook, rules
from challenge.judging.outlook import Outlook, at_weight, weight_of
from tests.cast import Cast
from tests.challenge.judging.bench import Bench, stage_bench

FIELD = {"Alder": 6, "Birch": 5, "Cedar": 4, "Dogwood": 4, "Elm": 4}
AGREED = {"Alder": (7, 7, 7), "Birch": (9, 9, 9), "Cedar": (8, 8, 8), "Dogwood": (8, 8, 8), "Elm": (5, 9, 9)}


def agreed(cast: Cast) -> Bench:
    bench = stage_bench(cast, FIELD)
    bench.judge_all(AGREED)
    return bench


def ahead(bench: Bench, weight: str = "0.5") -> Outlook:
    with bench.cast.house.database.reading() as session:
        call, call_rules, docket = queries.panel_for(session, bench.admin, bench.field.call.key)
        finalists = queries_outlook.finalists_open_to(session, call, rules.open_entries(docket, bench.admin))
    return operations_outlook.look_ahead(finalists, at_weight(call_rules, weight))


def test_it_says_what_the_decision_says(cast: Cast) -> None:
    bench = agreed(cast)
    decided = prepare(
        cast.house.database,
        cast.house.files,
        actor=bench.admin,
        call_id=bench.field.call.id,
        deliberation=Deliberation(),
    ).document.outcome
    seen = ahead(bench)
    won = [place for place in seen.places if place.outcome == "winner"]
    assert [place.reference for place in won] == [one.reference for one in decided.winners]
    assert [(place.cents, place.hours) for place in won] == [(one.money_cents, one.hours) for one in decided.winners]
    assert seen.effective_weights == decided.effective_weights
    assert {one.team: one.reasons for one in seen.out} == {"Elm": ("excellence: 5 half marks, the threshold is 6",)}


def test_another_weight_turns_the_order_and_is_kept_nowhere(cast: Cast) -> None:
    bench = agreed(cast)
    assert (ahead(bench, "1").places[0].team, ahead(bench, "0").places[0].team) == ("Alder", "Birch")

    def lines() -> int:
        with cast.house.database.reading() as session:
            return session.scalar(select(func.count()).select_from(AuditLine)) or 0

    browser, address = cast.browser(bench.admin), f"/judging/{bench.field.call.key}/outlook"
    before = lines()
    shown = browser.get(f"{address}?weight=0.9").get_data(as_text=True)
    assert "Shown at <strong>0.9</strong>; the call declares" in shown
    assert "Shown at <strong>0.5</strong>, as the call declares" in browser.get(address).get_data(as_text=True)
    assert browser.post(address, {"weight": "0.9"}).status_code == 404, "there is nothing to send a weight to"
    assert lines() == before


@pytest.mark.parametrize("typed", ["much", "1.01", "-0.1", "nan", "inf", "1e99"])
def test_what_is_no_weight_is_refused_with_a_sentence(cast: Cast, typed: str) -> None:
    with pytest.raises(Invalid, match="a number from 0 to 1"):
        weight_of(typed, "0.5")
    bench = stage_bench(cast, {"Alder": 6})
    answer = cast.browser(bench.admin).get(f"/judging/{bench.field.call.key}/outlook?weight={typed}")
    assert answer.status_code == 422
    assert "The weight must be a number from 0 to 1, such as 0.5." in answer.get_data(as_text=True)


def test_a_weight_is_read_in_hundredths() -> None:
    assert [weight_of(typed, "0.5") for typed in ("", "0", "1", "0.30", "0.333")] == ["0.5", "0", "1", "0.3", "0.33"]


def test_an_entry_without_consensus_is_not_in_it_and_said_to_be_missing(cast: Cast) -> None:
    bench = stage_bench(cast, FIELD)
    bench.judge_all({"Alder": (7, 7, 7)})
    seen = ahead(bench)
    assert [place.team for place in seen.places] == ["Alder"]
    assert {one.reasons for one in seen.out} == {("the panel has not agreed on it yet",)}


def test_a_tie_that_the_steps_leave_open_stands_at_the_cut(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 5, "Birch": 5}, selection={
        "winners": 1, "finalists": 12, "board_weight": "0.5", "board_anchor": ["0", "100"],
        "jury_anchor_halves": [20, 30], "tie_break": ["panel_vote"],
    })  # fmt: skip
    bench.judge_all({"Alder": (8, 8, 8), "Birch": (8, 8, 8)})
    assert {place.outcome for place in ahead(bench).places} == {"undecided"}
    page = cast.browser(bench.admin).get(f"/judging/{bench.field.call.key}/outlook").get_data(as_text=True)
    assert "stay tied for 1 place: none of them wins until the panel votes." in page


def test_whoever_stands_back_sees_no_trace_of_the_entry(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6, "Birch": 5, "Cedar": 4})
    bench.declare("Jonas", "Birch", conflict=True)
    bench.declare("Mara", "Birch")
    bench.review("Mara", "Birch", 9, 9, 9)
    for team in ("Alder", "Cedar"):
        for judge in bench.judges:
            bench.declare(judge, team)
            bench.review(judge, team, 8, 8, 8)
        bench.agree(team, 8, 8, 8)
    bench.agree("Birch", 9, 9, 9)
    address = f"/judging/{bench.field.call.key}/outlook"

    def seen() -> str:
        text = cast.browser(bench.judges["Jonas"]).get(address).get_data(as_text=True)
        return re.sub(r'name="csrf_token" value="[^"]+"', "", text)

    before = seen()
    assert "1 finalist is not in this" in before
    assert "Birch" not in before
    bench.agree("Birch", 6, 7, 8, reason="It was looked at once more by all.")
    assert seen() == before
    assert "Birch" in cast.browser(bench.judges["Mara"]).get(address).get_data(as_text=True)


def test_it_opens_with_the_table(cast: Cast) -> None:
    bench = stage_bench(cast, {"Alder": 6})
    answer = cast.browser(bench.judges["Mara"]).get(f"/judging/{bench.field.call.key}/outlook")
    assert answer.status_code == 403
