"""Freezes, publishes, hides and veils boards; making and rebuilding them lives beside, in operations_rebuild."""

import secrets
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from challenge.foundation.audit import write_line
from challenge.foundation.permits import Actor, demand
from challenge.standings import queries, rules, rules_veil
from challenge.standings.operations_rebuild import ensure_boards, rebuild_due
from challenge.standings.pseudonyms import veil_key
from challenge.standings.records import Board
from challenge.standings.states import Veil, Visibility
from challenge.submissions.records import Submission
from challenge.teams.queries import is_competitor

__all__ = ["ensure_boards", "freeze_board", "hide_board", "name_entries", "publish_board", "rebuild_due", "veil_board"]


def freeze_board(session: Session, *, actor: Actor, board: Board, now: datetime) -> None:
    """Let a board stand still for good; raise Refused while anything can still move it."""
    _demand_apart(session, actor, board)
    stand = queries.stand_of(session, board)
    demand(rules.why_not_freeze(actor, stand, queries.work_on(session, board)))
    board.frozen_at = now
    _note(session, actor, "freeze_board", board, now)


def publish_board(session: Session, *, actor: Actor, board: Board, now: datetime) -> None:
    """Show a board to everybody from its present version on; raise Refused where the rules say not yet."""
    _demand_apart(session, actor, board)
    demand(rules.why_not_publish(actor, queries.stand_of(session, board), queries.work_on(session, board)))
    standing = queries.standing_of(session, board)
    # the present version may have been made after this request came in; the public begins with it all the same
    board.published_at = max(now, standing.made_at) if standing else now
    board.visibility = Visibility.PUBLISHED
    _note(session, actor, "publish_board", board, now)


def hide_board(session: Session, *, actor: Actor, board: Board, now: datetime) -> None:
    """Take a board from the public; raise Refused once it is frozen and public."""
    _demand_apart(session, actor, board)
    demand(rules.why_not_hide(actor, queries.stand_of(session, board)))
    board.visibility, board.published_at = Visibility.HIDDEN, None
    _note(session, actor, "hide_board", board, now)


def veil_board(session: Session, *, actor: Actor, board: Board, veil: Veil, now: datetime) -> None:
    """Show a board's entries under pseudonyms to the public, or to the judges too; raise Refused.

    The key is drawn once: a board that is veiled again shows the pseudonyms that it showed before.
    """
    _demand_apart(session, actor, board)
    demand(rules_veil.why_not_veil(actor, queries.stand_of(session, board), veil))
    if not board.veil_key:
        largest = session.scalar(select(func.max(Submission.number)).where(Submission.call_id == board.call_id))
        board.veil_key = veil_key(secrets.token_hex(16), largest=largest or 0)
    board.veil = veil
    _note(session, actor, "veil_board", board, now, veil=veil.value)


def name_entries(session: Session, *, actor: Actor, board: Board, now: datetime) -> None:
    """Lift a board's veil: everybody who may see the board reads names from now on; raise Refused."""
    _demand_apart(session, actor, board)
    demand(rules_veil.why_not_lift(actor, queries.stand_of(session, board)))
    board.veil = Veil.NOBODY
    _note(session, actor, "name_entries", board, now)


def _demand_apart(session: Session, actor: Actor, board: Board) -> None:
    demand(rules.why_not_steer(competes=is_competitor(session, actor.account_id, board.call_id)))


def _note(session: Session, actor: Actor, verb: str, board: Board, now: datetime, **more: object) -> None:
    session.flush()
    particulars: dict[str, object] = {"version": board.version, "fingerprint": board.fingerprint, **more}
    write_line(session, actor=actor, verb=verb, subject=f"board {board.id}", now=now, particulars=particulars)
