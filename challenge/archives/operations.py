"""Asks for archives and hands the writing of them out to workers; their files are kept for a fortnight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.archives import queries
from challenge.archives.contents import FileKind, People, Wish
from challenge.archives.manifest import Manifest
from challenge.archives.records import Archive
from challenge.archives.states import MOVES, ArchiveState
from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.files import Stored
from challenge.foundation.leases import Leases
from challenge.foundation.permits import PLATFORM, Actor, Invalid, demand

KEPT = timedelta(days=14)
MOST_ATTEMPTS = 3
GIVEN_UP = "Three attempts broke off without a word, as when a machine goes down. Ask for another archive."
ARCHIVES: Leases[Archive] = Leases(
    record=Archive,
    key=Archive.id,
    waiting=ArchiveState.WAITING,
    running=ArchiveState.RUNNING,
    moves=MOVES,
    blank={"done": 0, "total": 0},
)


@dataclass(frozen=True)
class ArchiveClaim:
    """An archive that a worker is to write."""

    archive_id: int
    token: str
    call_id: int
    wish: Wish


def ask_archive(
    session: Session, *, actor: Actor, call: Call, people: People, left_out: Sequence[FileKind], now: datetime
) -> Archive:
    """Let an archive of a call be written; raise Refused by rule, Invalid where a kind may not be left out."""
    session.execute(select(Call.id).where(Call.id == call.id).with_for_update(key_share=True))  # two admins at once
    demand(queries.why_not_ask(session, actor, call))
    wish = Wish(people, tuple(sorted(left_out)))
    if sentence := wish.why_not:
        raise Invalid(sentence, "leave_out")
    archive = Archive(
        call_id=call.id,
        people=people,
        left_out=list(wish.left_out),
        state=ArchiveState.WAITING,
        attempts=0,
        asked_by=actor.account_id,
        asked_at=now,
    )
    session.add(archive)
    session.flush()
    particulars: dict[str, object] = {"archive": archive.id, "people": people.value, "left_out": list(wish.left_out)}
    subject = f"call {call.key}"
    write_line(session, actor=actor, verb="ask_archive", subject=subject, now=now, particulars=particulars)
    return archive


def claim_archive(session: Session, *, worker: str, lease: timedelta, now: datetime) -> ArchiveClaim | None:
    """Take the archive whose turn it is; None if none waits."""
    turn = select(Archive.id).where(Archive.state == ArchiveState.WAITING).order_by(Archive.id)
    archive = ARCHIVES.take(session, turn, lease=lease, now=now, worker=worker[:80])
    if archive is None:
        return None
    left_out = tuple(FileKind(kind) for kind in archive.left_out)
    return ArchiveClaim(archive.id, archive.token or "", archive.call_id, Wish(archive.people, left_out))


def beat_archive(
    session: Session, *, claim: ArchiveClaim, done: int, total: int, lease: timedelta, now: datetime
) -> bool:
    """Renew a lease and note how far the writing is, in bytes; False where the lease is lost."""
    found = ARCHIVES.renew(session, claim.archive_id, claim.token, lease=lease, now=now, done=done, total=total)
    return found is not None


def end_archive(session: Session, *, claim: ArchiveClaim, manifest: Manifest, stored: Stored, now: datetime) -> bool:
    """Write down where an archive lies, once; False where another holds it by now."""
    archive = ARCHIVES.held(session, claim.archive_id, claim.token)
    if archive is None:
        return False
    archive.sha256, archive.size, archive.manifest_sha256 = stored.sha256, stored.size, manifest.sha256
    archive.kept_until = now + KEPT
    absent = len(manifest.absent)
    said = f"The store has lost {absent:,} of the files that its records name; it is whole but for them."
    _end(session, archive, said if absent else "It is whole.", now)
    return True


def fail_archive(session: Session, *, claim: ArchiveClaim, explanation: str, now: datetime) -> bool:
    """Note why an attempt did not do; it is tried again while attempts are left. False where the lease is lost."""
    archive = ARCHIVES.held(session, claim.archive_id, claim.token)
    if archive is None:
        return False
    if archive.attempts >= MOST_ATTEMPTS:
        _end(session, archive, explanation, now)
    else:
        archive.explanation = explanation
        ARCHIVES.let_go(archive, ArchiveState.WAITING)
    return True


def hand_back_archive(session: Session, *, claim: ArchiveClaim) -> bool:
    """Let go of an archive because the worker is leaving; the attempt does not count."""
    archive = ARCHIVES.held(session, claim.archive_id, claim.token)
    if archive is None:
        return False
    archive.attempts -= 1
    ARCHIVES.let_go(archive, ArchiveState.WAITING)
    return True


def sweep_archives(session: Session, *, now: datetime) -> bool:
    """Deal with one archive whose lease has ended: it waits again, or is given up; False if there is none."""
    archive = ARCHIVES.deserted(session, now=now)
    if archive is None:
        return False
    if archive.attempts >= MOST_ATTEMPTS:
        _end(session, archive, GIVEN_UP, now)
    else:
        ARCHIVES.let_go(archive, ArchiveState.WAITING)
    return True


def forget_file(session: Session, *, now: datetime) -> bool:
    """Stop speaking of one file that was kept long enough, so that clearing the store removes it; False if none was."""
    query = select(Archive).where(Archive.kept_until <= now).order_by(Archive.id).limit(1)
    archive = session.scalar(query.with_for_update(skip_locked=True))
    if archive is None:
        return False
    archive.sha256, archive.kept_until = "", None
    archive.explanation = "Its file was kept for a fortnight. Ask for another; equal content gives an equal one."
    return True


def note_written(session: Session, *, call: Call, manifest: Manifest, now: datetime) -> None:
    """Note that whoever works the command line wrote an archive."""
    particulars: dict[str, object] = {
        "manifest": manifest.sha256, "people": manifest.people.value, "left_out": sorted(manifest.left_out),
    }  # fmt: skip
    subject = f"call {call.key}"
    write_line(session, actor=PLATFORM, verb="write_archive", subject=subject, now=now, particulars=particulars)


def _end(session: Session, archive: Archive, explanation: str, now: datetime) -> None:
    ARCHIVES.let_go(archive, ArchiveState.ENDED)
    archive.ended_at, archive.explanation = now, explanation
    session.flush()
    call = session.get_one(Call, archive.call_id)
    particulars: dict[str, object] = {
        "archive": archive.id,
        "file": archive.sha256,
        "manifest": archive.manifest_sha256,
    }
    subject = f"call {call.key}"
    write_line(session, actor=PLATFORM, verb="end_archive", subject=subject, now=now, particulars=particulars)
