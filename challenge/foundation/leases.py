"""Hands the rows of a table out to workers, each for a time, and to one worker at once; the table is the queue.

Whoever takes a row gets a token that was never given before, a fencing token: what comes back counts only with the
token that the row has by then. So a worker that was silent for too long, and whose row another holds, is refused.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, String, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from challenge.foundation.moves import move


class Leased:
    """The columns of whatever is handed out, beside `state`, `done` and `total`; a CHECK ties a lease to its state."""

    if TYPE_CHECKING:
        state: Any
        done: Any
        total: Any

    attempts: Mapped[int] = mapped_column(default=0)
    """Since it was asked for, or asked for again."""
    token: Mapped[str | None] = mapped_column(String(32))
    """Fencing token of the lease; whoever comes with another is refused."""
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    """Beginning of the latest attempt."""
    ended_at: Mapped[datetime | None]


R = TypeVar("R", bound=Leased)
_AS_WRITTEN = {"synchronize_session": False, "populate_existing": True}
"""A statement that writes returns its row as it then is, whatever the session knew of it."""


@dataclass(frozen=True)
class Leases(Generic[R]):
    """The leases of one table."""

    record: type[R]
    key: InstrumentedAttribute[int]
    """Its primary key."""
    waiting: StrEnum
    running: StrEnum
    moves: Mapping[Any, frozenset[Any]]
    blank: Mapping[str, object]
    """What says how far a row is, as it stands before anything is done."""

    def take(self, session: Session, turn: Select[int], *, lease: timedelta, now: datetime, **also: object) -> R | None:
        """Take the first row of `turn`, in one statement; None if there is none, and to several workers different ones.

        `also` is written along. SQLite lets one write at a time, PostgreSQL skips what is locked.
        """
        next_one = turn.limit(1).with_for_update(of=self.record, skip_locked=True).scalar_subquery()
        taken = (
            update(self.record)
            .where(self.key == next_one)
            .values(
                state=self.running,
                token=secrets.token_hex(16),
                lease_until=now + lease,
                attempts=self.record.attempts + 1,
                started_at=now,
                **self.blank,
                **also,
            )
        )
        return session.scalars(taken.returning(self.record), execution_options=_AS_WRITTEN).one_or_none()

    def renew(
        self, session: Session, key: int, token: str, *, lease: timedelta, now: datetime, **also: object
    ) -> R | None:
        """Renew a lease, and write `also` along, in one statement; return the row, None where the lease is lost."""
        kept = update(self.record).where(*self._holds(key, token)).values(lease_until=now + lease, **also)
        return session.scalars(kept.returning(self.record), execution_options=_AS_WRITTEN).one_or_none()

    def held(self, session: Session, key: int, token: str) -> R | None:
        """Return the row that a token holds, locked until the transaction ends; None if it holds none."""
        query = select(self.record).where(*self._holds(key, token)).with_for_update()
        return session.scalar(query.execution_options(populate_existing=True))

    def deserted(self, session: Session, *, now: datetime) -> R | None:
        """Return a row whose lease has ended, locked; None if there is none.

        One in a transaction: what its end moves must not be asked for with what another's end moved in hand.
        """
        query = (
            select(self.record)
            .where(self.record.state == self.running, self.record.lease_until <= now)
            .order_by(self.key)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return session.scalars(query.execution_options(populate_existing=True)).one_or_none()

    def let_go(self, row: R, to: StrEnum) -> None:
        """End the lease of a row, locked by the caller, and move it on; raise IllegalMove where it may not go there.

        One that waits again has nothing done.
        """
        move(row, to, self.moves)
        row.token = row.lease_until = None
        if to is self.waiting:
            for name, value in self.blank.items():
                setattr(row, name, value)

    def _holds(self, key: int, token: str) -> tuple[ColumnElement[bool], ...]:
        return self.key == key, self.record.token == token, self.record.state == self.running
