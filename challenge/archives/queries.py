"""Which archives were asked for, and from which one a call came."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from challenge.archives import rules
from challenge.archives.contents import FileKind, People, Wish
from challenge.archives.records import Archive, BroughtArchive
from challenge.archives.states import ArchiveState
from challenge.calls.records import Call
from challenge.foundation.earlier import EarlierLine, EarlierLog
from challenge.foundation.permits import Actor, NotFound, WhyNot
from challenge.judging.records import Panellist
from challenge.teams.queries import is_competitor


def brought(session: Session, call_id: int) -> BroughtArchive | None:
    """Return the archive that a call came by, None if it was made here."""
    return session.get(BroughtArchive, call_id)


def archives_of(session: Session, call_id: int) -> list[Archive]:
    """Return the archives that were asked for of a call, newest first."""
    return list(session.scalars(select(Archive).where(Archive.call_id == call_id).order_by(Archive.id.desc())))


def archive_of(session: Session, call_id: int, archive_id: int) -> Archive:
    """Return one of a call's archives; raise NotFound where it has none of that number."""
    found = session.get(Archive, archive_id)
    if found is None or found.call_id != call_id:
        raise NotFound
    return found


def earlier_page(session: Session, log: EarlierLog, *, before: int, limit: int) -> list[EarlierLine]:
    """Return lines of an earlier log, newest first, from below line number `before`."""
    query = select(EarlierLine).where(EarlierLine.log_id == log.id, EarlierLine.number < before)
    return list(session.scalars(query.order_by(EarlierLine.number.desc()).limit(limit)))


def usual_wish(session: Session, call_id: int) -> Wish:
    """Return what an archive of a call holds unless somebody says otherwise: whatever it came with, else everything."""
    came = brought(session, call_id)
    if came is None:
        return Wish(People.NAMES)
    return Wish(came.people, tuple(FileKind(kind) for kind in came.left_out))


def why_not_read(session: Session, actor: Actor, call: Call) -> WhyNot:
    """Tell why this reader may not see the archives of a call."""
    return rules.why_not_read(actor, **_ties(session, actor, call))


def why_not_ask(session: Session, actor: Actor, call: Call) -> WhyNot:
    """Tell why this actor may not ask for an archive of a call now."""
    query = select(Archive.id).where(Archive.call_id == call.id, Archive.state != ArchiveState.ENDED).limit(1)
    under_way = session.scalar(query) is not None
    return rules.why_not_ask(actor, **_ties(session, actor, call), under_way=under_way)


def _ties(session: Session, actor: Actor, call: Call) -> dict[str, bool]:
    """Return whether an actor competes in a call, and whether they sit on its panel."""
    seat = session.get(Panellist, (call.id, actor.account_id)) if actor.account_id is not None else None
    return {"competes": is_competitor(session, actor.account_id, call.id), "sits": seat is not None}


def is_any_waiting(session: Session) -> bool:
    """Tell whether an archive waits to be written."""
    return session.scalar(select(Archive.id).where(Archive.state == ArchiveState.WAITING).limit(1)) is not None


def schema_of(session: Session) -> str:
    """Return the number of the migration that the database has the shape of."""
    return str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
