"""Once a call is frozen its private board decides: it is ranked anew, with the draws of an official ranking."""

import json

import pytest

from challenge.calls.states import CallState
from challenge.foundation.permits import Refused
from challenge.standings import operations, queries
from challenge.standings.rules import is_official
from challenge.standings.states import Part
from leaderboards import Policy
from leaderboards.policy import OFFICIAL_DRAWS
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field
from tests.challenge.standings.readers import page


@pytest.fixture
def field(cast: Cast) -> Field:
    """An open call of three whose boards are built."""
    field = stage_field(cast, {"Alder": 6, "Birch": 5, "Cedar": 3})
    field.rebuild()
    return field


def policy(field: Field, part: Part = Part.PRIVATE, version: int | None = None) -> Policy:
    """Return what a standing was ranked by."""
    return Policy.from_dict(queries.policy_of(field.standing(part, version)))


def test_only_the_private_part_of_a_frozen_call_decides() -> None:
    decides = {(part, state) for part in Part for state in CallState if is_official(part, state)}
    assert decides == {(Part.PRIVATE, CallState.FROZEN)}


def test_a_private_board_is_ranked_once_more_when_its_call_is_frozen(field: Field) -> None:
    before = policy(field)
    assert not before.official
    assert before.draws < OFFICIAL_DRAWS
    field.freeze_call()
    assert field.rebuild() == 1, "the private board, and nothing else"
    assert field.rebuild() == 0, "once"
    after = policy(field)
    assert (after.official, after.draws, after.seed) == (True, OFFICIAL_DRAWS, before.seed)
    assert policy(field, version=1) == before, "the version before stays as it was"
    assert not policy(field, Part.PUBLIC).official
    assert field.ranks(Part.PRIVATE) == {"Alder": 1, "Birch": 2, "Cedar": 3}


def test_a_board_that_decides_is_frozen_in_its_official_version_only(field: Field) -> None:
    field.freeze_call()
    admin, board = field.cast.admin(), field.board(Part.PRIVATE)
    with (
        field.cast.house.database.transaction() as session,
        pytest.raises(Refused, match="The official version of this board is not there yet"),
    ):
        operations.freeze_board(session, actor=admin, board=queries.board(session, board.id), now=field.cast.now)
    assert field.freeze(Part.PRIVATE).frozen_at == field.cast.now
    assert policy(field).official


def test_page_and_file_say_which_version_is_official(field: Field) -> None:
    field.freeze_call()
    field.rebuild()
    said = page(field, "auditor", part=Part.PRIVATE)
    assert "This version is official" in said
    assert "100,000 draws" in said
    assert json.loads(page(field, "auditor", ".json", Part.PRIVATE))["official"] is True
    earlier = page(field, "auditor", "/versions/1", Part.PRIVATE)
    assert "This version is official" not in earlier
    assert json.loads(page(field, "auditor", "/versions/1.json", Part.PRIVATE))["official"] is False
    assert json.loads(page(field, "auditor", ".json"))["official"] is False


def test_entries_are_compared_on_an_official_board_too(field: Field) -> None:
    field.freeze_call()
    field.rebuild()
    said = page(field, "admin", "/versions/2/compare?a=trial-0001&b=trial-0003", Part.PRIVATE)
    assert "By how much" in said
    assert "Paired permutation test" in said
    assert "Bayesian signed-rank test" in said
