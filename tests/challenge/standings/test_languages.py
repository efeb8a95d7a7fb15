"""A board's parallel tasks language by language: a map with its tables, families, and all entries side by side."""

import json
import re
from collections.abc import Sequence

import pyarrow as pa
import pytest
from sqlalchemy import select

from challenge.calls.records import CallSuite
from challenge.standings.languages import Score, shade, tiles
from challenge.standings.policy import SuiteTask
from challenge.standings.states import Part
from tests.cast import Cast
from tests.challenge.standings.harvest import UNIT, Field, keep, stage_field, stage_result
from tests.challenge.standings.readers import EVERYBODY, OFFICE, browser, page
from tests.stage import SUITE_SUMMARY

TAGS = ("de", "nl", "fi", "mt")
NAMES = tuple(f"n{number:02}" for number in range(12))
TASK = SuiteTask(
    "topic", "Topics", "accuracy", "0.25", "1", "1", True, UNIT, "0", "1", {"public": 24, "private": 24}, TAGS
)


def values(right: dict[str, int]) -> list[tuple[str, str, str, int]]:
    """Return item rows of an entry that gets so many of 12 right in each language, half of the items public."""
    return [
        (f"{tag}/{name}", name, "public" if place < 6 else "private", UNIT if place % 6 < right[tag] / 2 else 0)
        for tag in TAGS
        for place, name in enumerate(NAMES)
    ]


def score(field: Field, name: str, number: int, right: dict[str, int]) -> None:
    """Let a team hand in an entry."""
    rows = values(right)
    columns = [list(column) for column in zip(*rows, strict=True)]
    table = pa.table(
        {
            "task": ["topic"] * len(rows), "item": columns[0], "cluster": columns[1], "part": columns[2],
            "value": pa.array(columns[3], pa.int64()),
        }
    )  # fmt: skip
    stage_result(field.cast, field.enter(name, number), items_sha256=keep(field.cast, table))


def stage(cast: Cast, *, languages: Sequence[str] = TAGS) -> Field:
    """Set up a call whose one task is parallel, with two entries, and build its boards."""
    field = stage_field(cast)
    summary = json.loads(json.dumps(SUITE_SUMMARY))
    summary["tasks"][0] |= {"languages": list(languages), "public": 24, "private": 24, "floor": "0.25"}
    with cast.house.database.transaction() as session:
        session.scalars(select(CallSuite).where(CallSuite.call_id == field.call.id)).one().summary = json.dumps(summary)
    score(field, "Alder", 1, {"de": 12, "nl": 10, "fi": 6, "mt": 2})
    score(field, "Birch", 2, {"de": 8, "nl": 8, "fi": 8, "mt": 8})
    field.rebuild()
    return field


@pytest.fixture
def field(cast: Cast) -> Field:
    """A published board."""
    field = stage(cast)
    field.publish()
    return field


def cells(html: str, caption: str) -> dict[str, list[str]]:
    """Read a table by its caption: what stands in each row, by its head."""
    body = html.split(caption, 1)[1].split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
        texts = [
            " ".join(re.sub(r"<[^>]*>", "", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        found[texts[0]] = texts[1:]
    return found


def test_an_entry_is_shown_by_language_family_and_over_all(field: Field) -> None:
    html = page(field, "visitor", "/versions/1/languages?entry=" + field.entries["Alder"].reference)
    by_language = cells(html, "By language, in the order of their families")
    assert {head: [row[0], *row[2:]] for head, row in by_language.items()} == {
        "Dutch nl": ["83.3", "6", "Germanic"],
        "German de": ["100.0", "6", "Germanic"],
        "Maltese mt": ["16.7", "6", "Semitic"],
        "Finnish fi": ["50.0", "6", "Uralic"],
    }
    families = cells(html, "By family, and over all languages alike")
    assert [families["Germanic"][0], families["Germanic"][2]] == ["91.7", "12"]
    assert [families["Mean over languages"][0], families["Mean over languages"][2]] == ["62.5", "24"]
    # six facts are six facts, in however many languages they are asked
    low, high = (float(text) for text in families["Mean over languages"][1].split(" to "))
    assert high - low > 30
    assert "best in German, worst in Maltese" in " ".join(html.split())


def test_the_mean_over_languages_is_the_score_on_the_board(field: Field) -> None:
    board = page(field, "visitor")
    assert "/languages" in board
    everywhere = cells(page(field, "visitor", "/versions/1/languages"), "By family, and over all languages alike")
    utility = (float(everywhere["Mean over languages"][0]) - 25) / 75 * 100
    shown = re.search(r'<td class="heat u\d+">([0-9.]+)', board)
    assert shown is not None
    assert float(shown[1]) == pytest.approx(utility, abs=0.1)


def test_all_entries_stand_side_by_side(field: Field) -> None:
    rows = cells(page(field, "visitor", "/versions/1/languages"), "Score in each language, in hundredths")
    assert rows == {"Birch": ["66.7", "66.7", "66.7", "66.7"], "Alder": ["83.3", "100.0", "16.7", "50.0"]}


def test_whoever_sees_the_board_sees_its_languages(cast: Cast) -> None:
    hidden = stage(cast)
    address = f"/boards/{hidden.board(Part.PUBLIC).id}/versions/1/languages"
    seen = {name for name in EVERYBODY if browser(hidden, name).get(address).status_code == 200}
    assert seen >= OFFICE
    assert "visitor" not in seen


@pytest.mark.parametrize(
    "leaf", ["/versions/9/languages", "/versions/1/languages?entry=NOBODY", "/versions/1/languages?after=X"]
)
def test_what_is_not_there_is_not_found(leaf: str, field: Field) -> None:
    assert browser(field, "visitor").get(f"/boards/{field.board(Part.PUBLIC).id}{leaf}").status_code == 404


def test_a_board_without_parallel_tasks_has_no_such_page(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6})
    field.rebuild()
    field.publish()
    assert "/languages" not in page(field, "visitor")
    assert (
        browser(field, "visitor").get(f"/boards/{field.board(Part.PUBLIC).id}/versions/1/languages").status_code == 404
    )


def test_pseudonyms_hold_here_too(field: Field) -> None:
    from tests.challenge.standings.test_veil import Veil, veil

    veil(field, Veil.PUBLIC)
    html = page(field, "visitor", "/versions/1/languages")
    assert "entry-" in html
    assert "Alder" not in html
    assert field.entries["Alder"].reference not in html


def test_neighbours_on_the_map_and_shades() -> None:
    found = tiles({tag: Score(6, 0.25 + number / 4, None, None) for number, tag in enumerate(("de", "nl", "xx"))}, TASK)
    assert [[tile.tag if tile else "" for tile in row] for row in found if any(row)] == [
        ["", "", "nl", "de"],
        ["xx", "", "", ""],
    ]
    assert [shade(score, TASK) for score in (0.1, 0.25, 1.0, 1.2)] == [0, 0, 20, 20]
