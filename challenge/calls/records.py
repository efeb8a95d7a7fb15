"""Calls, every version of their rules, and the suites they measure by."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenge.calls.states import CallState, EntryKind
from challenge.foundation.database import Record, one_of
from challenge.people.records import Account


class Call(Record):
    """A call for submissions; its rules are the current version's document."""

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("(opened_at IS NULL) = (state = 'draft')", name="opened_at_unless_draft"),
        CheckConstraint("(frozen_at IS NOT NULL) = (state = 'frozen')", name="frozen_at_only_if_frozen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[CallState] = mapped_column(one_of(CallState, "call_state_is_known"))
    version: Mapped[int]
    """Number of the version in force; stands still once the call is open."""
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]


class CallVersion(Record):
    """One version of a call's rules: the file as it was imported, and what was read from it."""

    __tablename__ = "call_versions"
    __table_args__ = (UniqueConstraint("call_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    """Canonical JSON of the validated rules, dates in UTC."""
    digest: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
    imported_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))


class CallSuite(Record):
    """A suite that a call measures by, kept as a packed file in the store."""

    __tablename__ = "call_suites"
    __table_args__ = (UniqueConstraint("call_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id))
    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    file_sha256: Mapped[str] = mapped_column(String(64))
    starter_sha256: Mapped[str] = mapped_column(String(64))
    """The public part that teams may download."""
    takes: Mapped[EntryKind] = mapped_column(
        one_of(EntryKind, "what_a_suite_takes_is_known"), default=EntryKind.PREDICTIONS
    )
    """What entries are evaluated on: models where its tasks say how a model is asked."""
    summary: Mapped[str] = mapped_column(Text)
    """Canonical JSON: tasks with title, metric, anchors, weights and counts of items; no labels."""
    added_at: Mapped[datetime]
