"""Keeps letters until they are sent: written with the deed they report, sent later by the worker."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, Text, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from challenge.foundation.database import Record

MOST_ATTEMPTS = 10
SHORTEST_PAUSE = timedelta(minutes=1)


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
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    """Not to be sent before this; set whenever somebody takes the letter up."""
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


def is_any_due(session: Session, *, now: datetime) -> bool:
    """Tell whether a letter waits to be sent."""
    return session.scalar(select(Letter.id).where(_due(now)).limit(1)) is not None


def take_due(session: Session, *, now: datetime, limit: int = 50) -> list[Letter]:
    """Take up letters to send them, oldest first, and return them; nobody else gets them meanwhile.

    Taking a letter up is an attempt, after which it is due again: first after a minute, then after twice as long
    each time. So it is not lost with the worker that took it up, and a server that says "later" is asked over eight
    hours. After ten attempts it is given up; it stays on the site.
    """
    taken = session.scalars(
        select(Letter).where(_due(now)).order_by(Letter.id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    for letter in taken:
        letter.due_at = now + SHORTEST_PAUSE * 2**letter.attempts
        letter.attempts += 1
    session.flush()
    return list(taken)


def postpone_due(session: Session, *, now: datetime) -> None:
    """Let every letter that is due wait for a while, without counting an attempt: there is nobody to send it to."""
    session.execute(update(Letter).where(_due(now)).values(due_at=now + SHORTEST_PAUSE))


def _due(now: datetime) -> ColumnElement[bool]:
    is_due = or_(Letter.due_at.is_(None), Letter.due_at <= now)
    return and_(Letter.sent_at.is_(None), Letter.attempts < MOST_ATTEMPTS, is_due)
