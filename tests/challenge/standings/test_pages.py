"""A board's pages: each reader sees what that reader may see."""

import re

import pytest

from challenge.foundation.permits import Role
from challenge.runs.states import Outcome
from challenge.standings.states import Part
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field, stage_result
from tests.challenge.standings.readers import COMPETING, EVERYBODY, OFFICE, browser, page, seen_by, stage_board

LEAVES = (
    "", ".csv", ".json", "/policy.json", "/status.csv", "/versions/1", "/versions/1.csv", "/versions/1.json",
    "/versions/1/policy.json", "/versions/1/status.csv", "/versions/1/entries/trial-0001",
)  # fmt: skip
"""Every address under which something of a board can be read, the item scores apart."""


@pytest.fixture
def field(cast: Cast) -> Field:
    """An open call with two scored entries and one that could not be read; its boards are built and hidden."""
    return stage_board(cast)


def test_a_hidden_board_of_an_open_call_exists_for_the_office_alone(field: Field) -> None:
    for leaf in LEAVES:
        assert seen_by(field, leaf) == OFFICE, leaf


def test_after_the_call_is_frozen_judges_who_do_not_compete_see_hidden_boards(field: Field) -> None:
    field.freeze_call()
    for leaf in LEAVES:
        assert seen_by(field, leaf, Part.PRIVATE) == OFFICE | {"judge"}, leaf
    assert "You see it as a judge; please keep it to yourself." in page(field, "judge", part=Part.PRIVATE)


def test_a_published_board_is_for_everybody(field: Field) -> None:
    field.publish()
    for leaf in LEAVES:
        assert seen_by(field, leaf) == EVERYBODY, leaf
    assert seen_by(field, part=Part.PRIVATE) == OFFICE, "the other board stays hidden"


def test_a_board_that_is_hidden_again_is_gone_although_its_page_is_kept(field: Field) -> None:
    field.publish()
    visitor = browser(field, "visitor")
    address = f"/boards/{field.board().id}"
    tag = visitor.get(address).headers["ETag"]
    assert browser(field, "admin").post(f"{address}/hide").status_code == 303
    assert visitor.get(address).status_code == 404
    assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 404


def test_a_board_that_never_was_does_not_exist(cast: Cast) -> None:
    assert cast.browser(cast.admin()).get("/boards/99").status_code == 404


def test_a_call_lists_the_boards_that_its_reader_may_know_of(field: Field) -> None:
    def listed(name: str) -> list[str]:
        said = browser(field, name).get("/calls/trial/boards").get_data(as_text=True)
        return re.findall(r'<h2><a href="/boards/\d+">Small suite, (\w+) part</a>', said)

    assert (listed("visitor"), listed("judge"), listed("admin")) == ([], [], ["public", "private"])
    assert "No board of this call is public yet." in browser(field, "visitor").get("/calls/trial/boards").get_data(
        as_text=True
    )
    field.publish()
    assert (listed("visitor"), listed("member")) == (["public"], ["public"])
    field.freeze_call()
    assert (listed("judge"), listed("competing judge")) == (["public", "private"], ["public"])


def test_only_a_member_reads_where_the_own_entry_stands(field: Field) -> None:
    field.publish()
    for name in EVERYBODY - {"member"} - COMPETING:
        assert "Your entry" not in page(field, name), name
    assert "trial-0001 has 100.00 points" in page(field, "member")
    assert "trial-0002 has" in page(field, "competing judge")
    assert "trial-0001 has" not in page(field, "competing judge")


def test_a_member_reads_why_the_own_entry_is_not_ranked(field: Field) -> None:
    field.publish()
    said = field.cast.browser(field.captains["Cedar"]).get(f"/boards/{field.board().id}").get_data(as_text=True)
    assert "trial-0003 is not ranked: predictions unreadable." in said


def test_what_one_reader_saw_is_not_shown_to_the_next(field: Field) -> None:
    field.publish()
    for first, then in (("admin", "visitor"), ("member", "visitor"), ("visitor", "stranger"), ("admin", "member")):
        page(field, first)
        said = page(field, then)
        assert "For the organiser" not in said
        assert "Olga" not in said
        assert ("Your entry" in said) == (then == "member")


def test_a_visitor_asks_again_and_gets_nothing_while_nothing_has_changed(field: Field) -> None:
    field.publish()
    visitor, address = browser(field, "visitor"), f"/boards/{field.board().id}"
    first = visitor.get(address)
    tag = first.headers["ETag"]
    again = visitor.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert first.headers["Cache-Control"] == "no-cache"
    field.score("Dogwood", 5, 4)
    field.rebuild()
    fresh = visitor.get(address, headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] != tag
    assert "Dogwood" in fresh.get_data(as_text=True)


def test_a_page_with_its_reader_in_it_is_kept_by_nobody(field: Field) -> None:
    field.publish()
    for leaf in ("", ".csv", ".json", "/status.csv"):
        answer = browser(field, "member").get(f"/boards/{field.board().id}{leaf}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
        assert "Cookie" in answer.headers["Vary"]


def test_an_entrys_page_says_what_it_cannot_be_told_apart_from(field: Field) -> None:
    field.score("Dogwood", 4, 4)
    field.rebuild()
    field.publish()
    said = page(field, "visitor", "/versions/2/entries/trial-0002")
    assert "<h1>Birch</h1>" in said
    assert re.search(r'<span class="figure">=2</span>', said)
    near = said.partition("Cannot be told apart from")[2]
    assert "trial-0004" in near
    assert "trial-0002</a>" not in near


@pytest.mark.parametrize("reference", ["trial-0099", "trial-0001x"])
def test_an_entry_that_is_not_on_the_board_has_no_page(field: Field, reference: str) -> None:
    field.publish()
    assert seen_by(field, f"/versions/1/entries/{reference}") == set()


def test_an_entry_that_is_not_ranked_has_a_page_that_says_why(field: Field) -> None:
    field.publish()
    said = page(field, "visitor", "/versions/1/entries/trial-0003")
    assert "Not ranked: predictions unreadable." in said
    assert "See the run" not in said
    assert "See the run" in page(field, "auditor", "/versions/1/entries/trial-0003")


def test_entries_that_are_not_ranked_stand_apart_with_their_reason(field: Field) -> None:
    field.publish()
    apart = page(field, "visitor").partition('id="unranked"')[2]
    assert '<tr id="trial-0003"><th scope="row">Cedar<br>' in apart
    assert "<td>predictions unreadable</td>" in apart


def test_names_are_text_and_nothing_else(cast: Cast) -> None:
    name = '<img src=x onerror="alert(1)"> & Söhne'
    field = stage_field(cast, {name: 5, "Birch": 4})
    stage_result(cast, field.enter("<script>Cedar</script>", 3), outcome=Outcome.UNREADABLE)
    field.rebuild()
    field.publish()
    for said in (
        page(field, "visitor"),
        page(field, "admin"),
        page(field, "visitor", "/versions/1/entries/trial-0001"),
        page(field, "visitor", "/versions/1/entries/trial-0002"),
    ):
        assert "<img src=x" not in said
        assert "<script" not in said
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt; &amp; Söhne" in page(field, "visitor")
    assert "&lt;script&gt;Cedar&lt;/script&gt;" in page(field, "visitor")


def test_a_board_without_entries_says_so(cast: Cast) -> None:
    field = stage_field(cast)
    field.rebuild()
    field.publish()
    assert "No entry is ranked yet." in page(field, "visitor")


def test_which_gates_an_entry_would_fail_is_for_the_office(field: Field) -> None:
    field.publish()
    marked = "Alder (trial-0001): its licence is not examined yet."
    assert {name for name in EVERYBODY if marked in page(field, name)} == OFFICE


def test_a_role_beside_does_not_open_a_hidden_board(field: Field) -> None:
    both = field.cast.person("Mona", Role.JUDGE)
    assert field.cast.browser(both).get(f"/boards/{field.board(Part.PRIVATE).id}").status_code == 404
