"""Pages where admins publish, hide, freeze and veil boards."""

from flask import flash, redirect, url_for

from challenge.foundation.permits import Role
from challenge.standings import operations, queries
from challenge.standings.pages import Page, standings
from challenge.standings.states import Veil
from challenge.web.access import open_to
from challenge.web.house import actor, now, transaction


@standings.post("/boards/<int:board_id>/publish")
@open_to(Role.ADMIN)
def publish(board_id: int) -> Page:
    """Show a board to everybody."""
    with transaction() as session:
        board = queries.board(session, board_id)
        operations.publish_board(session, actor=actor(), board=board, now=now())
    return _back(board_id, "The board is public.")


@standings.post("/boards/<int:board_id>/hide")
@open_to(Role.ADMIN)
def hide(board_id: int) -> Page:
    """Take a board from the public."""
    with transaction() as session:
        board = queries.board(session, board_id)
        operations.hide_board(session, actor=actor(), board=board, now=now())
    return _back(board_id, "The board is hidden.")


@standings.post("/boards/<int:board_id>/freeze")
@open_to(Role.ADMIN)
def freeze(board_id: int) -> Page:
    """Let a board stand still for good."""
    with transaction() as session:
        board = queries.board(session, board_id)
        operations.freeze_board(session, actor=actor(), board=board, now=now())
    return _back(board_id, "The board is frozen; it will not change any more.")


@standings.post("/boards/<int:board_id>/veil/<any(public, judges):veil>")
@open_to(Role.ADMIN)
def veil(board_id: int, veil: str) -> Page:
    """Show a board under pseudonyms, to the public or to the judges too."""
    with transaction() as session:
        board = queries.board(session, board_id)
        operations.veil_board(session, actor=actor(), board=board, veil=Veil(veil), now=now())
    return _back(board_id, "The entries are shown under pseudonyms.")


@standings.post("/boards/<int:board_id>/names")
@open_to(Role.ADMIN)
def name(board_id: int) -> Page:
    """Lift the veil of a board."""
    with transaction() as session:
        board = queries.board(session, board_id)
        operations.name_entries(session, actor=actor(), board=board, now=now())
    return _back(board_id, "The entries are named.")


def _back(board_id: int, sentence: str) -> Page:
    flash(sentence, "success")
    return redirect(url_for("standings.board", board_id=board_id), 303)
