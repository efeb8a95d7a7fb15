"""Lines of another site's log that came along with what it hands over, each with the proof that it stood there.

They are kept beside this site's own log and never mixed with it: a line is what the other site wrote, under its
number there, and the head that the other site signed stands for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from challenge.foundation.audit import AuditLine, LogLine
from challenge.foundation.database import Record


class EarlierLog(Record):
    """A part of another site's log, and the head of it that the site signed."""

    __tablename__ = "earlier_logs"
    __table_args__ = (
        UniqueConstraint("subject", "number"),
        CheckConstraint("size > 0 AND number > 0", name="an_earlier_log_has_lines"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120))
    """What it was brought along with, in the words of the log: "call large-ai"."""
    number: Mapped[int]
    """Counts the sites it has been on, from 1."""
    size: Mapped[int] = mapped_column(BigInteger)
    """How many lines, of whatever they speak, the signed head stands for."""
    root: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    """Of `head_document`, by that site's key."""


class EarlierLine(LogLine, Record):
    """A line of an earlier log, as that site wrote it."""

    __tablename__ = "earlier_lines"

    log_id: Mapped[int] = mapped_column(ForeignKey(EarlierLog.id), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    proof: Mapped[list[str]] = mapped_column(JSON)
    """The hashes beside its way up to the root."""
    withheld: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What of it was replaced for people's sake; its hash is then that of the line as it was."""


@dataclass(frozen=True)
class History:
    """What logs say of one thing, newest first: this site's, then those of the sites it came from."""

    here: Sequence[AuditLine]
    earlier: Sequence[EarlierLine]

    def __iter__(self) -> Iterator[AuditLine | EarlierLine]:
        """Yield every line, newest first."""
        yield from self.here
        yield from self.earlier

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self.here) + len(self.earlier)


def history_of(session: Session, subject: str) -> History:
    """Return what this site's log and those that came along say of a thing."""
    here = session.scalars(select(AuditLine).where(AuditLine.subject == subject).order_by(AuditLine.number.desc()))
    earlier = session.scalars(
        select(EarlierLine)
        .join(EarlierLog)
        .where(EarlierLine.subject == subject)
        .order_by(EarlierLog.number.desc(), EarlierLine.number.desc())
    )
    return History(list(here), list(earlier))


def earlier_logs(session: Session, subject: str) -> list[EarlierLog]:
    """Return the logs that came along with a thing, the oldest site's first."""
    return list(session.scalars(select(EarlierLog).where(EarlierLog.subject == subject).order_by(EarlierLog.number)))


def lines_of(session: Session, log: EarlierLog) -> list[EarlierLine]:
    """Return the lines of an earlier log, oldest first."""
    return list(session.scalars(select(EarlierLine).where(EarlierLine.log_id == log.id).order_by(EarlierLine.number)))


def former_keys(session: Session) -> frozenset[str]:
    """Return the public keys of the sites from which anything came here."""
    return frozenset(session.scalars(select(EarlierLog.public_key).distinct()))


def head_document(size: int, root: str) -> dict[str, object]:
    """Return what a site signs of its log: how many lines, and the root of the hash tree over their hashes."""
    return {"kind": "head of the log", "size": size, "root": root}
