"""Reads boards and their standings, each only for those who may know of it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from challenge.calls.records import Call, CallSuite
from challenge.foundation.permits import OFFICES, VISITOR, Actor, NotFound
from challenge.standings.policy import is_official
from challenge.standings.queries_entries import plan_of, unfinished
from challenge.standings.ranking import Ranking, read_ranking
from challenge.standings.records import Board, Standing
from challenge.standings.rules import BoardStand, Work, is_insider, may_know
from challenge.standings.rules_veil import reads_pseudonyms
from challenge.standings.states import Part, Veil, Visibility
from challenge.submissions.records import Submission
from challenge.teams.queries import is_competitor


@dataclass(frozen=True)
class EntryStanding:
    """Where a submission stands on a board; `points` is a decimal as text."""

    points: str
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True)
class Opposite:
    """The board of the other part of the same suite, as far as what is shown of this one hangs on it."""

    board_id: int
    visibility: Visibility
    veil: Veil


@dataclass(frozen=True)
class Glance:
    """The little about a board that every request asks for."""

    board_id: int
    call_id: int
    suite_id: int
    stand: BoardStand
    published_at: datetime | None
    bundle_sha256: str | None
    """The bundle of the present standing, once somebody has asked for it."""
    veil_key: str
    veiled: bool = True
    """Whether the reader gets pseudonyms; so does everybody of whom nothing else is known."""
    opposite: Opposite | None = None
    reader: Actor = VISITOR
    """Who looks, as the rules of boards know them."""


_OTHER = aliased(Board)
_GLANCE = (
    select(
        Board.call_id, Board.suite_id, Board.part, Board.visibility, Board.version, Board.frozen_at, Board.published_at,
        Board.veil, Board.veil_key, Call.state, Standing.bundle_sha256, _OTHER.id.label("other_id"),
        _OTHER.visibility.label("other_visibility"), _OTHER.veil.label("other_veil"),
    )
    .join(Call, Call.id == Board.call_id)
    .outerjoin(_OTHER, and_(_OTHER.suite_id == Board.suite_id, _OTHER.id != Board.id))
    .outerjoin(Standing, and_(Standing.board_id == Board.id, Standing.version == Board.version))
    .where(Board.id == bindparam("board_id"))
)  # fmt: skip
"""Built once: putting the statement together would take a fifth of a page that is kept."""


def board(session: Session, board_id: int) -> Board:
    """Return a board whoever asks; raise NotFound if there is none."""
    found = session.get(Board, board_id)
    if found is None:
        raise NotFound
    return found


def boards_of_call(session: Session, call_id: int) -> list[Board]:
    """Return all boards of a call whoever asks, suite by suite, the public part first."""
    return list(
        session.scalars(select(Board).where(Board.call_id == call_id).order_by(Board.suite_id, Board.part.desc()))
    )


def stand_of(session: Session, board_: Board) -> BoardStand:
    """Return what the rules ask about a board."""
    return glance(session, board_.id).stand


def work_on(session: Session, board_: Board) -> Work:
    """Return what keeps a board from standing still."""
    plan, standing = plan_of(session, board_), standing_of(session, board_)
    wanted = is_official(plan.policy) and not (standing is not None and is_official(policy_of(standing)))
    return Work(unfinished=unfinished(session, board_), due=plan.is_due, unofficial=wanted)


def glance(session: Session, board_id: int) -> Glance:
    """Return the little about a board that every request asks for, in one statement; raise NotFound."""
    # on the connection itself: the session's own layer finds no objects here, and costs a third of the question
    row = session.connection().execute(_GLANCE, {"board_id": board_id}).one_or_none()
    if row is None:
        raise NotFound
    stand = BoardStand(row.part, row.visibility, row.state, row.frozen_at is not None, row.version, row.veil)
    return Glance(
        board_id=board_id,
        call_id=row.call_id,
        suite_id=row.suite_id,
        stand=stand,
        published_at=row.published_at,
        bundle_sha256=row.bundle_sha256,
        veil_key=row.veil_key,
        veiled=row.veil is not Veil.NOBODY,
        opposite=Opposite(row.other_id, row.other_visibility, row.other_veil) if row.other_id is not None else None,
    )


def glance_for(session: Session, actor: Actor, board_id: int) -> Glance:
    """Return a glance at a board; raise NotFound where there is none, or none that `actor` may know of."""
    seen = glance(session, board_id)
    reader = reader_in(session, actor, seen.call_id)
    if not may_know(reader, seen.stand):
        raise NotFound
    return replace(seen, reader=reader, veiled=reads_pseudonyms(reader, seen.stand))


def reader_in(session: Session, actor: Actor, call_id: int) -> Actor:
    """Return somebody as the boards of a call know them: whoever is of a team in it is that, whatever their office."""
    # asked only of those who have one
    if not actor.has(*OFFICES) or not is_competitor(session, actor.account_id, call_id):
        return actor
    return actor.without_office()


def boards_for(session: Session, actor: Actor, call: Call) -> list[Board]:
    """Return the boards of a call that `actor` may know of."""
    reader = reader_in(session, actor, call.id)
    boards = boards_of_call(session, call.id)
    return [board_ for board_ in boards if may_know(reader, glance(session, board_.id).stand)]


def suite_titles(session: Session, call_id: int) -> dict[int, str]:
    """Return the titles of a call's suites by id."""
    return dict(session.execute(select(CallSuite.id, CallSuite.title).where(CallSuite.call_id == call_id)).all())


def standing_of(session: Session, board_: Board, version: int | None = None) -> Standing | None:
    """Return a board's standing, the latest unless a version is given; None before the first."""
    wanted = board_.version if version is None else version
    return session.scalar(select(Standing).where(Standing.board_id == board_.id, Standing.version == wanted))


def standing_for(session: Session, seen: Glance, version: int) -> Standing:
    """Return one version of a board; raise NotFound where there is none, or none that the reader may know of.

    To the public a board begins with the version that was current when it was published: what was hidden stays so.
    """
    found = session.scalar(select(Standing).where(Standing.board_id == seen.board_id, Standing.version == version))
    if found is None:
        raise NotFound
    demand_version(session, seen, version)
    return found


def demand_version(session: Session, seen: Glance, version: int) -> None:
    """Raise NotFound for a version that there is not, or that lies before all that the reader may know of."""
    if not first_version_for(session, seen) <= version <= seen.stand.version or version == 0:
        raise NotFound


def first_version_for(session: Session, seen: Glance) -> int:
    """Return the oldest version of a board that its reader may see."""
    if is_insider(seen.reader):
        return 1
    if seen.published_at is None:
        return seen.stand.version
    earlier = select(func.max(Standing.version)).where(
        Standing.board_id == seen.board_id, Standing.made_at <= seen.published_at
    )
    return session.scalar(earlier) or 1


def history_of(session: Session, seen: Glance, *, first: int, limit: int = 20) -> list[tuple[int, datetime, str]]:
    """Return version, instant and ranking digest of a board's newest standings, from version `first` on."""
    rows = session.execute(
        select(Standing.version, Standing.made_at, Standing.ranking_digest)
        .where(Standing.board_id == seen.board_id, Standing.version >= first)
        .order_by(Standing.version.desc())
        .limit(limit)
    )
    return [(version, made_at, digest) for version, made_at, digest in rows]


def ranking_of(standing: Standing) -> Ranking:
    """Return the ranking that a standing keeps."""
    return read_ranking(standing.ranking)


def names_of(standing: Standing) -> dict[str, str]:
    """Return the teams' names at the moment of a standing, by submission reference."""
    names: dict[str, str] = json.loads(standing.names)
    return names


def policy_of(standing: Standing) -> dict[str, Any]:
    """Return the ranking policy that a standing was computed by."""
    plain: dict[str, Any] = json.loads(standing.policy)
    return plain


def entry_points(session: Session, call_id: int, part: Part) -> dict[int, EntryStanding]:
    """Return where every ranked submission stands on a part of the call's first suite, by submission id.

    A call decides by its first suite; further suites have boards of their own beside it. Empty before the board is
    built. Asks nobody for permission: it is for decisions, not for pages.
    """
    first = select(func.min(CallSuite.id)).where(CallSuite.call_id == call_id).scalar_subquery()
    board_ = session.scalar(select(Board).where(Board.suite_id == first, Board.part == part))
    standing = standing_of(session, board_) if board_ is not None else None
    if standing is None:
        return {}
    entries = ranking_of(standing).entries
    # only the entries are looked up: they are few beside all that was ever handed in
    found = session.execute(
        select(Submission.reference, Submission.id).where(Submission.reference.in_([one.entrant for one in entries]))
    )
    ids = {row.reference: row.id for row in found}
    return {
        ids[entry.entrant]: EntryStanding(entry.points, entry.rank, entry.rank_low, entry.rank_high)
        for entry in entries
    }


def own_references(session: Session, *, team_id: int) -> set[str]:
    """Return the references of everything a team handed in."""
    return set(session.scalars(select(Submission.reference).where(Submission.team_id == team_id)))
