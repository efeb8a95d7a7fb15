"""Accounts, the roles they hold, the sittings they have open, and failed attempts to sign in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from challenge.foundation.database import Record, one_of
from challenge.foundation.permits import Role


class Account(Record):
    """A person."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("email = lower(email)", name="an_address_is_kept_in_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class RoleGrant(Record):
    """A role that an account holds beyond `team`, which everybody has."""

    __tablename__ = "role_grants"

    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role, "role_is_known"), primary_key=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))


class Sitting(Record):
    """One signed-in browser; ends at sign-out, when idle, and after a fixed time at the latest."""

    __tablename__ = "sittings"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class FailedAttempt(Record):
    """A sign-in that failed, counted per address of mail and per address of network."""

    __tablename__ = "failed_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[datetime]
