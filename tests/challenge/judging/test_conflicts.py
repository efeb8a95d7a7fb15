"""Whom a conflict keeps away sees nothing of the entry: no row, no name, no score, no count, no order."""

import re

import pytest

from challenge.foundation.permits import Actor, Invalid, Refused, Role
from challenge.judging import operations
from challenge.judging.docket import Duty
from challenge.people.operations import grant_role
from tests.cast import Cast
from tests.challenge.judging.bench import Bench, seat, stage_bench

FIELD = {"Alder": 6, "Birch": 5, "Cedar": 4}
"""Birch is the one in conflict; its marks are unlike all others, so that any trace of them shows."""


def played(cast: Cast) -> Bench:
    """Return a bench at which Jonas stands back from Birch and everything is reviewed and agreed."""
    bench = stage_bench(cast, FIELD)
    bench.declare("Jonas", "Birch", conflict=True)
    bench.declare("Mara", "Birch")
    bench.review("Mara", "Birch", 1, 1, 1)
    for judge in bench.judges:
        for team in ("Alder", "Cedar"):
            bench.declare(judge, team)
            bench.review(judge, team, 7, 8, 9)
    for team, halves in (("Alder", (7, 8, 9)), ("Cedar", (7, 8, 9)), ("Birch", (1, 1, 1))):
        bench.agree(team, *halves)
    return bench


def grant(bench: Bench, person: Actor, role: Role) -> None:
    """Give a person a role."""
    with bench.writing() as session:
        grant_role(session, actor=bench.admin, account_id=person.account_id or 0, role=role, now=bench.cast.now)


def pages(bench: Bench) -> list[str]:
    """List the addresses of a judge on this panel."""
    key = bench.field.call.key
    entries = [bench.entry(team).reference for team in FIELD]
    return [
        f"/judging/{key}/table",
        *(f"/judging/{key}/{reference}" for reference in entries),
        *(f"/judging/{key}/{reference}/consensus" for reference in entries),
    ]


def test_a_judge_in_conflict_finds_the_entry_on_no_page(cast: Cast) -> None:
    bench = played(cast)
    browser = cast.browser(bench.judges["Jonas"])
    for path in pages(bench):
        answer = browser.get(path)
        text = answer.get_data(as_text=True)
        reference = bench.entry("Birch").reference
        assert "Birch" not in text, path
        if reference in path:
            assert answer.status_code == 403, path
            assert "A conflict of interest keeps you from this entry; nothing of it is shown to you." in text
        else:
            assert answer.status_code == 200, path
            assert reference not in text, path


def test_nothing_on_a_conflicted_judge_s_pages_changes_with_the_entry_s_scores(cast: Cast) -> None:
    """Counts, means and order are the same to the byte, whatever the others gave the entry in conflict."""

    def seen(bench: Bench) -> list[str]:
        browser = cast.browser(bench.judges["Jonas"])
        texts = [browser.get(path).get_data(as_text=True) for path in pages(bench)]
        texts.append(browser.get(f"/judging/{bench.field.call.key}").get_data(as_text=True))
        return [re.sub(r'name="csrf_token" value="[^"]+"', "", text) for text in texts]

    bench = played(cast)
    before = seen(bench)
    bench.agree("Birch", 10, 10, 10, reason="The panel was asked to look at it again.")
    assert seen(bench) == before


def test_the_same_pages_do_change_for_a_judge_without_a_conflict(cast: Cast) -> None:
    bench = played(cast)
    table = f"/judging/{bench.field.call.key}/table"
    before = cast.browser(bench.judges["Mara"]).get(table).get_data(as_text=True)
    bench.agree("Birch", 10, 10, 10, reason="The panel was asked to look at it again.")
    after = cast.browser(bench.judges["Mara"]).get(table).get_data(as_text=True)
    assert "Birch" in before
    assert "15.0" not in before
    assert "15.0" in after


def test_a_count_leaves_out_what_the_judge_stands_back_from(cast: Cast) -> None:
    bench = played(cast)
    page = cast.browser(bench.judges["Jonas"]).get(f"/judging/{bench.field.call.key}").get_data(as_text=True)
    assert "You have submitted 2 of 2 reviews" in page


def test_others_learn_that_the_judge_stands_back_and_not_what_they_think(cast: Cast) -> None:
    bench = played(cast)
    text = cast.browser(bench.judges["Mara"]).get(f"/judging/{bench.field.call.key}/table").get_data(as_text=True)
    assert "stands back" in text


def test_a_link_that_the_platform_finds_excludes_like_a_declared_conflict(cast: Cast) -> None:
    bench = stage_bench(cast, FIELD)
    bench.judges["Vera"] = seat(cast, bench.field, "Vera", admin=bench.admin, affiliation="Birch GmbH")
    vera, birch = bench.judges["Vera"], bench.entry("Birch")
    assert bench.docket().duty(vera.account_id or 0, birch.id) is Duty.RECUSED
    with pytest.raises(Refused, match="so you cannot declare that there is none"):
        bench.declare("Vera", "Birch")
    with pytest.raises(Refused, match="nothing of it is shown"):
        bench.review("Vera", "Birch", 7, 7, 7)
    answer = cast.browser(vera).get(f"/judging/{bench.field.call.key}/{birch.reference}")
    assert answer.status_code == 403
    shown = cast.browser(bench.admin).get(f"/calls/{bench.field.call.key}/panel").get_data(as_text=True)
    assert "The judge&#39;s affiliation bears the team&#39;s name." in shown


def test_before_a_word_is_given_only_names_are_shown(cast: Cast) -> None:
    bench = stage_bench(cast, FIELD)
    browser, key = cast.browser(bench.judges["Jonas"]), bench.field.call.key
    text = browser.get(f"/judging/{key}").get_data(as_text=True)
    assert "Birch" in text
    assert bench.field.captains["Birch"].name in text
    for hidden in ("Entry 2", "What it is and why.", "points"):
        assert hidden not in text
    closed = browser.get(f"/judging/{key}/{bench.entry('Birch').reference}")
    assert closed.status_code == 403
    assert "Say first whether you have a conflict of interest" in closed.get_data(as_text=True)
    assert "Birch" not in closed.get_data(as_text=True)


def test_finalists_stand_in_the_order_of_names(cast: Cast) -> None:
    bench = stage_bench(cast, {"Willow": 6, "Alder": 1, "Elm": 4})
    text = cast.browser(bench.judges["Jonas"]).get(f"/judging/{bench.field.call.key}").get_data(as_text=True)
    assert text.index("Alder") < text.index("Elm") < text.index("Willow")


def test_a_conflict_is_named_and_stands(cast: Cast) -> None:
    bench = stage_bench(cast, FIELD)
    browser, key = cast.browser(bench.judges["Jonas"]), bench.field.call.key
    reference = bench.entry("Birch").reference
    address = f"/judging/{key}/{reference}/declare"
    unnamed = browser.post(address, {f"{reference}-conflict": "yes", f"{reference}-statement": ""})
    assert unnamed.status_code == 422
    assert "Say what the conflict is." in unnamed.get_data(as_text=True)
    assert browser.post(address, {}).status_code == 422
    named = {f"{reference}-conflict": "yes", f"{reference}-statement": "I advise this organisation."}
    assert browser.post(address, named).status_code == 303
    back = browser.post(address, {f"{reference}-conflict": "no"})
    assert back.status_code == 403
    assert "You declared a conflict with this entry; that stands." in back.get_data(as_text=True)


def test_a_conflict_may_come_to_light_until_the_review_is_in(cast: Cast) -> None:
    bench = stage_bench(cast, FIELD)
    bench.declare("Jonas", "Birch")
    bench.review("Jonas", "Birch", 9, 9, 9, submit=False)
    bench.declare("Jonas", "Birch", conflict=True)
    assert bench.docket().duty(bench.judges["Jonas"].account_id or 0, bench.entry("Birch").id) is Duty.RECUSED
    bench.declare("Mara", "Birch")
    bench.review("Mara", "Birch", 7, 7, 7)
    bench.agree("Birch", 7, 7, 7)  # the draft of the judge who stands back is not waited for
    with pytest.raises(Refused, match="too late to step back"):
        bench.declare("Mara", "Birch", conflict=True)


def test_a_chair_in_conflict_does_not_record_the_consensus(cast: Cast) -> None:
    bench = played(cast)
    with pytest.raises(Refused, match="nothing of it is shown"):
        bench.agree("Birch", 8, 8, 8, reason="The chair would rather have it so.", actor=bench.judges["Jonas"])


def test_an_admin_of_the_team_sees_and_records_nothing_of_it(cast: Cast) -> None:
    bench = played(cast)
    captain = bench.field.captains["Birch"]
    grant(bench, captain, Role.ADMIN)
    key, reference = bench.field.call.key, bench.entry("Birch").reference
    browser = cast.browser(captain)
    assert browser.get(f"/judging/{key}/{reference}").status_code == 403
    assert browser.get(f"/judging/{key}/{reference}/consensus").status_code == 403
    assert reference not in browser.get(f"/judging/{key}/table").get_data(as_text=True)


def test_teams_visitors_and_judges_of_other_panels_find_no_panel(cast: Cast) -> None:
    bench = played(cast)
    other = cast.judge("Petra")
    paths = [f"/judging/{bench.field.call.key}", *pages(bench)]
    for path in paths:
        assert cast.browser(other).get(path).status_code == 404, path
        assert cast.browser(bench.field.captains["Alder"]).get(path).status_code == 403, path
        assert cast.browser().get(path).status_code == 303, path


def test_a_team_never_learns_who_judged(cast: Cast) -> None:
    bench = played(cast)
    browser = cast.browser(bench.field.captains["Alder"])
    key, reference = bench.field.call.key, bench.entry("Alder").reference
    for path in (f"/calls/{key}", f"/submissions/{reference}", "/desk", "/account", f"/calls/{key}/boards"):
        text = browser.get(path).get_data(as_text=True)
        assert not any(judge in text for judge in bench.judges), path


def test_the_statement_of_a_conflict_needs_words(cast: Cast) -> None:
    bench = stage_bench(cast, FIELD)
    with pytest.raises(Invalid, match="Say what the conflict is"), bench.writing() as session:
        operations.declare(
            session, actor=bench.judges["Jonas"], submission=bench.entry("Alder"), conflict=True, statement="   ",
            now=cast.now,
        )  # fmt: skip
