"""The front page tells everybody the same, and of a call no more than is public."""

from challenge.calls.states import CallState
from challenge.standings.states import Part
from tests.cast import Cast
from tests.challenge.awards.prize import judged, propose, sign
from tests.challenge.standings.harvest import stage_field
from tests.stage import DOCUMENT, stage_call


def front(cast: Cast, *, admin: bool = False) -> str:
    """Return the front page as a visitor, or an admin, reads it."""
    said = cast.browser(cast.admin() if admin else None).get("/").get_data(as_text=True)
    return said.partition("<main")[2].partition("</main>")[0]


def test_winners_stand_there_once_the_decision_is_signed(cast: Cast) -> None:
    bench = judged(cast, selection={**DOCUMENT["selection"], "winners": 2})
    decision = propose(bench)
    assert "Winners" not in front(cast)
    assert "Winners" not in front(cast, admin=True)
    sign(bench, decision)
    said = front(cast)
    assert "<li><strong>Alder</strong> (BE), EUR 500,000</li>" in said
    assert "<li><strong>Birch</strong> (BE), EUR 500,000</li>" in said
    assert "Cedar" not in said, "the reserve list stands on the decision's own page"
    assert 'href="/calls/trial/awards"' in said


def test_the_way_to_boards_is_shown_once_one_is_public(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6})
    field.rebuild()
    assert "/calls/trial/boards" not in front(cast)
    field.publish(Part.PUBLIC)
    assert "/calls/trial/boards" in front(cast)


def test_a_draft_stands_on_nobodys_front_page(cast: Cast) -> None:
    stage_call(cast, state=CallState.DRAFT)
    assert "Trial Challenge" not in front(cast, admin=True)


def test_what_an_organiser_writes_is_text(cast: Cast) -> None:
    stage_call(cast, title="<b>Trial</b>", summary="<script>alert(1)</script>")
    assert "<b>" not in front(cast)
    assert "<script" not in front(cast)
