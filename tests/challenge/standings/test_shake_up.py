"""How places moved from the public board to the private one, for whoever may follow an entry from one to the other."""

import copy
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from challenge.calls.records import CallSuite
from challenge.standings import operations, queries, ranking
from challenge.standings.shake_up import Move, largest_first, left_out, moves
from challenge.standings.states import Part, Veil
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, items_right, stage_field, stage_result
from tests.challenge.standings.readers import EVERYBODY, OFFICE, browser, page
from tests.stage import SUITE_SUMMARY

LEAF = "/shake-up"


def items(public: int, private: int) -> dict[str, Sequence[int]]:
    """Return values of an entry that gets so many of 6 items right in each part."""
    return {"public": items_right(public)["public"], "private": items_right(private)["private"]}


def stage(cast: Cast, right: dict[str, tuple[int, int]]) -> Field:
    """Set up a frozen call of entries with so many right items in public and in private; both boards are built."""
    field = stage_field(cast)
    for number, (name, (public, private)) in enumerate(right.items(), start=1):
        stage_result(cast, field.enter(name, number), items=items(public, private))
    field.freeze_call()
    field.rebuild()
    return field


@pytest.fixture
def field(cast: Cast) -> Field:
    """Alder falls from the first place to the last; both boards are hidden."""
    return stage(cast, {"Alder": (6, 3), "Birch": (5, 6), "Cedar": (4, 5)})


def open_both(field: Field) -> None:
    """Publish both boards."""
    for part in Part:
        field.publish(part)


def readers(field: Field, part: Part = Part.PUBLIC) -> dict[str, int]:
    """Return the status that each reader gets."""
    address = f"/boards/{field.board(part).id}{LEAF}"
    return {name: browser(field, name).get(address).status_code for name in EVERYBODY}


def entry(name: str, rank: int, low: int, high: int) -> ranking.Entry:
    """Return an entry of which only the place matters."""
    return ranking.Entry(name, "1", "1", "0", "2", rank, low, high, (), (), ())


def board(*entries: ranking.Entry, unranked: Sequence[tuple[str, str]] = ()) -> ranking.Ranking:
    """Return a board of these entries."""
    return ranking.Ranking(entries, tuple(ranking.Unranked(*one) for one in unranked), "", "", {})


@pytest.mark.parametrize(
    ("public", "private", "beyond"),
    [
        ((1, 1, 2), (3, 3, 4), True),
        ((1, 1, 3), (3, 3, 4), False),  # the public board left it open
        ((1, 1, 2), (3, 1, 4), False),  # the private board does
        ((4, 3, 4), (1, 1, 2), True),
        ((2, 2, 2), (2, 2, 2), False),
    ],
)
def test_a_move_is_marked_only_where_neither_interval_holds_it(
    public: tuple[int, int, int], private: tuple[int, int, int], beyond: bool
) -> None:
    assert Move(entry("a", *public), entry("a", *private)).beyond_both is beyond


def test_moves_are_paired_ordered_and_nobody_is_forgotten() -> None:
    public = board(entry("a", 1, 1, 1), entry("b", 2, 2, 2), entry("c", 3, 3, 3), unranked=[("d", "no run")])
    private = board(entry("c", 1, 1, 1), entry("b", 2, 2, 2), unranked=[("a", "cancelled"), ("e", "no run")])
    found = moves(public, private)
    assert [(one.entrant, one.down) for one in found] == [("c", -2), ("b", 0)]
    assert [one.entrant for one in largest_first(found)] == ["c", "b"]
    assert left_out(public, private) == [
        ("a", "cancelled (private board)"),
        ("d", "no run (public board); not there (private board)"),
        ("e", "not there (public board); no run (private board)"),
    ]


def test_the_public_may_follow_entries_once_both_boards_are_public(field: Field) -> None:
    statuses = readers(field)
    assert {name for name, status in statuses.items() if status == 200} == OFFICE | {"judge"}
    assert {statuses[name] for name in EVERYBODY - OFFICE - {"judge"}} == {404}, "both boards are hidden"
    field.publish(Part.PUBLIC)
    statuses = readers(field)
    assert {name for name, status in statuses.items() if status == 403} == EVERYBODY - OFFICE - {"judge"}
    refused = page(field, "visitor", LEAF)
    assert "once the public and the private board are both published" in refused
    assert "Alder" not in refused
    assert "How places moved" not in page(field, "visitor"), "no link leads where nobody gets"
    field.publish(Part.PRIVATE)
    for part in Part:
        assert set(readers(field, part).values()) == {200}
        assert f"/boards/{field.board(part).id}{LEAF}" in page(field, "visitor", part=part)


@pytest.mark.parametrize("part", list(Part))
def test_under_a_veil_of_either_board_nobody_is_followed(field: Field, part: Part) -> None:
    open_both(field)
    assert "Alder" in page(field, "visitor", LEAF)
    page(field, "visitor")
    with field.cast.house.database.transaction() as session:
        veiled = queries.board(session, field.board(part).id)
        operations.veil_board(session, actor=field.cast.admin(), board=veiled, veil=Veil.PUBLIC, now=field.cast.now)
    for one in Part:
        assert {name for name, status in readers(field, one).items() if status == 200} == OFFICE | {"judge"}
        said = page(field, "member", LEAF, one)
        assert "Pseudonyms are drawn for each board apart" in said
        assert "Alder" not in said
        assert LEAF not in page(field, "visitor", part=one), "a kept page does not keep its link"
    assert "Not everybody can see this" in page(field, "admin", LEAF)


def test_the_page_says_what_moved_in_words_numbers_and_a_chart(field: Field) -> None:
    open_both(field)
    said = page(field, "visitor", LEAF)
    assert "Of 3 entries on both boards, 3 have another rank on the private one" in said
    assert "−0.333, where 1 is the same order" in said or "-0.333, where 1 is the same order" in said
    assert "2 down" in said
    assert "1 up" in said
    drawn = re.search(r'<svg class="slope".*?</svg>', said, re.DOTALL)
    assert drawn is not None
    assert re.findall(r">(\d \w+|\w+ \d)</text>", drawn[0]) == [
        "Birch 2", "1 Birch", "Cedar 3", "2 Cedar", "Alder 1", "3 Alder",
    ]  # fmt: skip
    order = re.findall(r'<tr><th scope="row"><a[^>]*>(\w+)<', said)
    assert order == ["Birch", "Cedar", "Alder"]
    assert (
        re.findall(r'<tr><th scope="row"><a[^>]*>(\w+)<', page(field, "visitor", f"{LEAF}?order=moves"))[0] == "Alder"
    )
    assert "Not everybody" not in said


def test_the_same_order_is_said_to_be_the_same(cast: Cast) -> None:
    field = stage(cast, {"Alder": (6, 6), "Birch": (5, 5)})
    open_both(field)
    said = page(field, "visitor", LEAF)
    assert "All 2 entries have the same rank on both boards" in said
    assert "1.000, where 1 is the same order" in said


def test_long_boards_come_in_pieces_and_the_chart_draws_some(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("challenge.standings.paging.LINES", 2)
    monkeypatch.setattr("challenge.standings.pages_shake_up.DRAWN", 1)
    field = stage(cast, {"Alder": (6, 3), "Birch": (5, 6), "Cedar": (4, 5), "Dogwood": (3, 4)})
    open_both(field)
    said = page(field, "visitor", f"{LEAF}?order=moves")
    assert "1–2 of 4" in said
    assert "The chart shows the first 1 of the lines below" in said
    then = re.search(r'href="[^"]*/shake-up(\?order=moves&amp;after=[^"]+)" rel="next"', said)
    assert then is not None
    rest = page(field, "visitor", LEAF + then[1].replace("&amp;", "&"))
    assert "3–4 of 4" in rest
    assert page(field, "visitor", f"{LEAF}?show=all").count('<tr><th scope="row">') == 4
    assert browser(field, "visitor").get(f"/boards/{field.board().id}{LEAF}?after=nobody").status_code == 404


def test_the_command_line_says_the_same_from_the_published_files(field: Field, tmp_path: Path) -> None:
    open_both(field)
    for part in Part:
        field.freeze(part)
        path = tmp_path / f"{part}.csv"
        path.write_bytes(browser(field, "visitor").get(f"/boards/{field.board(part).id}/items.csv").get_data())
    policy = tmp_path / "policy.json"
    policy.write_text(page(field, "visitor", "/policy.json", Part.PRIVATE))
    said = page(field, "visitor", LEAF)
    assert "python -m leaderboards shake-up" in said
    words = [sys.executable, "-m", "leaderboards", "shake-up", *(str(tmp_path / f"{part}.csv") for part in Part)]
    home = subprocess.run([*words, "--policy", str(policy)], capture_output=True, text=True, check=True)
    assert "Kendall's τ -0.333" in home.stdout
    assert "-0.333" in said


def test_a_suite_with_one_part_has_no_such_page(cast: Cast) -> None:
    field = stage_field(cast)
    summary = copy.deepcopy(SUITE_SUMMARY)
    summary["tasks"][0]["private"] = 0
    with cast.house.database.transaction() as session:
        session.scalars(select(CallSuite)).one().summary = json.dumps(summary)
    field.score("Alder", 6, 1)
    field.rebuild()
    field.publish()
    assert browser(field, "admin").get(f"/boards/{field.board().id}{LEAF}").status_code == 404
    assert "How places moved" not in page(field, "admin")
