"""Every version of a board keeps its address and its words, and the public begins with the one that was published."""

import re
from datetime import timedelta

import pytest

from challenge.standings import operations_rebuild
from challenge.standings.queries_entries import plan_of
from challenge.teams.records import Team
from tests.cast import Cast
from tests.challenge.standings.harvest import Field
from tests.challenge.standings.readers import EVERYBODY, OFFICE, browser, page, seen_by, stage_board


@pytest.fixture
def field(cast: Cast) -> Field:
    """An open call with two scored entries and one that could not be read; its boards are built and hidden."""
    return stage_board(cast)


def test_every_version_keeps_its_address_and_its_words(field: Field) -> None:
    field.publish()
    before = page(field, "visitor", "/versions/1")
    field.cast.clock.advance(timedelta(hours=1))
    field.score("Dogwood", 5, 4)
    with field.cast.house.database.transaction() as session:
        team = session.get(Team, field.teams["Alder"].id)
        assert team is not None
        team.name = "Elder"
    field.rebuild()
    after = page(field, "visitor", "/versions/1")
    assert "This is version 1 as it stood then; its address is permanent." in after
    assert _table(after) == _table(before)
    assert "Elder" in page(field, "visitor")
    assert "Elder" not in after
    assert "Alder" in page(field, "visitor", "/versions/1/entries/trial-0001")
    assert browser(field, "visitor").get(f"/boards/{field.board().id}/versions/3").status_code == 404


def _table(said: str) -> str:
    return said.partition('<table class="board">')[2].partition("</table>")[0]


def test_the_public_begins_with_the_version_that_was_published(field: Field) -> None:
    field.cast.clock.advance(timedelta(hours=1))
    field.score("Dogwood", 5, 4)
    field.rebuild()
    field.cast.clock.advance(timedelta(hours=1))
    field.publish()
    field.cast.clock.advance(timedelta(hours=1))
    field.score("Elm", 3, 5)
    field.rebuild()
    for leaf in ("", ".csv", "/policy.json", "/entries/trial-0001"):
        assert seen_by(field, f"/versions/1{leaf}") == OFFICE, leaf
        assert seen_by(field, f"/versions/2{leaf}") == EVERYBODY, leaf
    assert _versions(page(field, "visitor")) == [3, 2]
    assert _versions(page(field, "auditor")) == [3, 2, 1]


def _versions(said: str) -> list[int]:
    return [int(number) for number in re.findall(r">Version (\d+)</a>", said)]


def test_a_version_begun_before_publishing_and_recorded_after_it_takes_no_address_away(field: Field) -> None:
    database, began = field.cast.house.database, field.cast.clock.advance(timedelta(hours=1))
    field.score("Dogwood", 5, 4)
    with database.reading() as session:
        plan = plan_of(session, field.board())
    built = operations_rebuild.build(field.cast.house.files, plan)
    field.cast.clock.advance(timedelta(seconds=5))
    field.publish()
    assert operations_rebuild.record(database, plan, built, now=began)
    assert seen_by(field, "/versions/1") == EVERYBODY, "it was the public one"
    assert seen_by(field, "/versions/2") == EVERYBODY


def test_a_version_made_while_the_wish_to_publish_was_under_way_is_the_first_public_one(field: Field) -> None:
    asked = field.cast.now
    field.cast.clock.advance(timedelta(seconds=5))
    field.score("Dogwood", 5, 4)
    field.rebuild()
    field.cast.clock.instant = asked
    field.publish()
    assert seen_by(field, "/versions/1") == OFFICE, "it was hidden"
    assert seen_by(field, "/versions/2") == EVERYBODY
