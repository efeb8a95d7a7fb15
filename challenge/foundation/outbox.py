"""Keeps letters until they are sent: written with the deed they report, sent later by the worker."""

from datetime import datetime

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from challenge.foundation.database import Record


class Letter(Record):
    """A letter to one account, shown on the site and, where mail is set up, sent."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(index=True)
    """The addressee; people stand in a later room, so this is a number and no foreign key."""
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")


def write_letter(session: Session, *, account_id: int, subject: str, body: str, now: datetime) -> Letter:
    """Put a letter into the outbox, in the transaction of the deed it reports."""
    letter = Letter(account_id=account_id, subject=subject[:200], body=body, written_at=now)
    session.add(letter)
    return letter


def letters_of(session: Session, account_id: int, *, limit: int = 100) -> list[Letter]:
    """Return the newest letters of an account, newest first."""
    return list(
        session.scalars(select(Letter).where(Letter.account_id == account_id).order_by(Letter.id.desc()).limit(limit))
    )


def unsent(session: Session, *, limit: int = 50) -> list[Letter]:
    """Return letters that wait to be sent, oldest first; given up after ten attempts."""
    return list(
        session.scalars(
            select(Letter).where(Letter.sent_at.is_(None), Letter.attempts < 10).order_by(Letter.id).limit(limit)
        )
    )
