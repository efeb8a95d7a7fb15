"""Writes one line for every deed, each line carrying the hash of the line before.

A line is part of the deed's own transaction: there is no deed without its line, and no line without
its deed. Who changes, removes or reorders a line breaks the chain; who cuts off the end is found out by the
counter, and by every receipt that carries the head it was written under.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, CheckConstraint, String, Text, Update, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from challenge.foundation.canonical import canonical, digest
from challenge.foundation.database import Record
from challenge.foundation.permits import Actor

BEGINNING = "0" * 64
FIRST_HEAD = text("INSERT INTO audit_head (id, length, hash) VALUES (1, 0, :beginning) ON CONFLICT DO NOTHING")


class LogLine:
    """The columns of a line of a log, this site's or another's: who did what to which thing, when."""

    if TYPE_CHECKING:
        number: Any
        hash: Any

    at: Mapped[datetime]
    account_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(120), index=True)
    particulars: Mapped[str] = mapped_column(Text)
    """Canonical JSON, kept as text so that no database rewrites it."""
    before: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Drawn by lot, so that nobody finds out by trying what a hash stands for; empty in lines from before there was."""


class AuditLine(LogLine, Record):
    """One deed of this site."""

    __tablename__ = "audit_lines"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Record):
    """The length of the log and its last hash; the row every writer takes in turn."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one_head"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Break:
    """The first place where the log does not hold."""

    number: int
    sentence: str


def write_line(
    session: Session,
    *,
    actor: Actor,
    verb: str,
    subject: str,
    now: datetime,
    particulars: dict[str, object] | None = None,
) -> AuditLine:
    """Append one line in the session's own transaction and return it.

    `verb` is the operation's name ("submit"), `subject` the thing it was done to ("submission 12"),
    `particulars` plain data without floats. Writers take turns at the head's row.
    """
    # canonical() refuses floats: a log whose hash depends on a printer of floats cannot be replayed
    written = canonical(particulars or {}).decode()
    head = _take_head(session)
    line = AuditLine(
        number=head.length + 1,
        at=now,
        account_id=actor.account_id,
        actor_name=actor.name,
        verb=verb,
        subject=subject,
        particulars=written,
        before=head.hash,
        salt=secrets.token_hex(16),
    )
    line.hash = line_hash(line)
    session.add(line)
    head.length, head.hash = line.number, line.hash
    session.flush()
    return line


def line_hash(line: LogLine) -> str:
    """Return the hash over everything a line says and the hash of the line before."""
    said = [line.number, line.at, line.account_id, line.actor_name, line.verb, line.subject, line.particulars]
    return digest([line.before, *said, *([line.salt] if line.salt else [])])


def audit_head(session: Session) -> tuple[int, str]:
    """Return how many lines there are and the hash of the last."""
    head = session.get(AuditHead, 1)
    return (head.length, head.hash) if head else (0, BEGINNING)


def first_break(session: Session) -> Break | None:
    """Walk the whole log and return the first place where it does not hold, else None."""
    before, number = BEGINNING, 0
    for line in _lines(session):
        number += 1
        if line.number != number:
            return Break(number, f"Line {number} is missing: the next one is numbered {line.number}.")
        if line.before != before:
            return Break(number, f"Line {number} does not follow the line before it.")
        if line.hash != line_hash(line):
            return Break(number, f"Line {number} was changed after it was written.")
        before = line.hash
    length, hash_ = audit_head(session)
    if (length, hash_) != (number, before):
        return Break(number + 1, f"The log ends at line {number}, but its head says {length} lines were written.")
    return None


def _lines(session: Session) -> Iterator[AuditLine]:
    yield from session.scalars(select(AuditLine).order_by(AuditLine.number).execution_options(yield_per=1000))


def _take_head(session: Session) -> AuditHead:
    """Lock the head's row until the transaction ends, so that lines come one after the other."""
    touch = (
        update(AuditHead)
        .where(AuditHead.id == 1)
        .values(length=AuditHead.length)
        .execution_options(synchronize_session=False)  # the row is read anew below
    )
    if not _rows(session, touch):
        # two first writers may meet here; the second waits, finds the row and takes its turn
        session.execute(FIRST_HEAD, {"beginning": BEGINNING})
        session.execute(touch)
    head = session.get(AuditHead, 1, populate_existing=True)
    if head is None:
        raise LookupError("The audit log has no head.")
    return head


def _rows(session: Session, statement: Update) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
