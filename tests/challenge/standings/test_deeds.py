"""Boards are published, hidden and frozen by admins alone, each when its rule allows, and each refusal is a sentence."""

import pytest
from sqlalchemy import select

from challenge.foundation.audit import AuditLine
from challenge.standings.states import Part, Visibility
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field, stage_waiting
from tests.challenge.standings.readers import browser, page

DEEDS = ("publish", "hide", "freeze")
EARLY = "The private part can be published only after the call is frozen; until then it would steer entries."
STANDS = "A frozen board that was published stays public: its address is permanent, and decisions refer to it."


@pytest.fixture
def field(cast: Cast) -> Field:
    """An open call with two scored entries; its boards are built and hidden."""
    field = stage_field(cast, {"Alder": 6, "Birch": 4})
    field.rebuild()
    return field


def do(field: Field, deed: str, part: Part = Part.PUBLIC) -> tuple[int, str]:
    """Press a button as an admin; return the status and what is said."""
    admin = field.cast.browser(field.cast.admin())
    answer = admin.post(f"/boards/{field.board(part).id}/{deed}")
    return answer.status_code, answer.get_data(as_text=True)


def offered(field: Field, part: Part = Part.PUBLIC) -> str:
    """Return what the page offers an admin."""
    admin = field.cast.browser(field.cast.admin())
    said = admin.get(f"/boards/{field.board(part).id}").get_data(as_text=True)
    return said.partition("For the organiser")[2].partition("Ranking")[0]


def refused(field: Field, deed: str, sentence: str, part: Part = Part.PUBLIC) -> bool:
    """Tell whether a deed is refused with the sentence that its disabled button shows."""
    status, said = do(field, deed, part)
    board = field.board(part).id
    form = offered(field, part).partition(f'action="/boards/{board}/{deed}"')[2].partition("</form>")[0]
    return status == 403 and sentence in said and sentence in form and " disabled" in form


def test_a_board_is_published_hidden_and_published_again(field: Field) -> None:
    assert do(field, "publish")[0] == 303
    assert field.board().visibility is Visibility.PUBLISHED
    assert do(field, "hide")[0] == 303
    assert field.board().visibility is Visibility.HIDDEN
    assert do(field, "publish")[0] == 303


def test_what_was_done_already_is_refused_in_a_sentence(field: Field) -> None:
    assert "This board is hidden already." in do(field, "hide")[1]
    do(field, "publish")
    assert "This board is public already." in do(field, "publish")[1]
    field.freeze_call()
    do(field, "freeze")
    assert refused(field, "freeze", "This board is frozen already.")


def test_the_private_part_stays_hidden_until_the_call_is_frozen(field: Field) -> None:
    assert refused(field, "publish", EARLY, Part.PRIVATE)
    field.freeze_call()
    assert refused(field, "publish", "The official version of this board is not there yet", Part.PRIVATE)
    assert field.rebuild() == 1
    assert do(field, "publish", Part.PRIVATE)[0] == 303


def test_a_board_that_was_never_built_is_not_published(cast: Cast) -> None:
    field = stage_field(cast, {"Alder": 6})
    field.rebuild()
    with cast.house.database.transaction() as session:
        board = session.merge(field.board())
        board.version = 0
    assert refused(field, "publish", "This board has not been built yet; the worker builds it within a moment.")


def test_a_board_is_frozen_once_nothing_can_move_it(field: Field) -> None:
    assert refused(field, "freeze", "Freeze the call first: while entries are taken, the board must follow them.")
    field.freeze_call()
    stage_waiting(field.cast, field.entries["Alder"], round_=2)
    assert refused(field, "freeze", "1 run is still under way on this board; wait until every entry has its result.")


def test_a_board_that_results_have_overtaken_is_not_frozen(field: Field) -> None:
    field.score("Cedar", 3, 3)
    field.freeze_call()
    sentence = "Results have come in since this board was built; the worker rebuilds it within a moment."
    assert refused(field, "freeze", sentence)
    field.rebuild()
    assert do(field, "freeze")[0] == 303
    assert field.board().frozen_at == field.cast.now


def test_a_frozen_public_board_stays_public(field: Field) -> None:
    do(field, "publish")
    field.freeze_call()
    do(field, "freeze")
    assert refused(field, "hide", STANDS)


def test_a_frozen_hidden_board_may_still_be_published(field: Field) -> None:
    field.freeze_call()
    field.rebuild()
    do(field, "freeze", Part.PRIVATE)
    assert do(field, "publish", Part.PRIVATE)[0] == 303


def test_an_auditor_reads_the_buttons_and_presses_none(field: Field) -> None:
    auditor = field.cast.browser(field.cast.auditor())
    said = auditor.get(f"/boards/{field.board().id}").get_data(as_text=True)
    assert "Only an admin may publish a board." in said
    assert "Only an admin may freeze a board." in said
    for deed in DEEDS:
        assert auditor.post(f"/boards/{field.board().id}/{deed}").status_code == 403
    assert field.board().visibility is Visibility.HIDDEN


def test_every_deed_is_one_line_in_the_log(field: Field) -> None:
    do(field, "publish")
    do(field, "hide")
    field.freeze_call()
    do(field, "freeze")
    with field.cast.house.database.reading() as session:
        lines = session.scalars(
            select(AuditLine).where(AuditLine.subject == f"board {field.board().id}").order_by(AuditLine.number)
        ).all()
    assert [(line.verb, line.actor_name) for line in lines] == [
        ("rebuild_board", "platform"), ("publish_board", "Olga"), ("hide_board", "Olga"), ("freeze_board", "Olga"),
    ]  # fmt: skip
    assert field.board().fingerprint in lines[-1].particulars


def test_an_admin_who_competes_moves_no_board(field: Field) -> None:
    do(field, "publish")
    competing = browser(field, "competing admin")
    for deed in (*DEEDS, "veil/public", "names"):
        answer = competing.post(f"/boards/{field.board().id}/{deed}")
        sentence = "You are a member of a team in this call; another admin has to do this."
        assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (403, True), deed
    assert "For the organiser" not in page(field, "competing admin")
    assert "For the organiser" in page(field, "admin")
