"""Archives that were asked for, which is the queue, too; and from which archive a call came."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from challenge.archives.contents import People
from challenge.archives.states import ArchiveState
from challenge.calls.records import Call
from challenge.foundation.database import Record, one_of
from challenge.foundation.leases import Leased
from challenge.people.records import Account


class Archive(Leased, Record):
    """An archive that an admin asked for; its file lies in the store until `kept_until`."""

    __tablename__ = "archives"
    __table_args__ = (
        CheckConstraint("(ended_at IS NOT NULL) = (state = 'ended')", name="archive_ended_at_only_if_ended"),
        CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'running') AND (token IS NOT NULL) = (state = 'running')",
            name="archive_leased_only_if_running",
        ),
        CheckConstraint("sha256 = '' OR state = 'ended'", name="an_archive_has_its_file_at_the_end"),
        CheckConstraint(
            "(sha256 = '') = (kept_until IS NULL)", name="the_file_of_an_archive_is_kept_for_a_time"
        ),
        CheckConstraint("attempts >= 0 AND done >= 0 AND total >= 0", name="counts_of_an_archive_are_not_negative"),
        Index("ix_archives_state", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id), index=True)
    people: Mapped[People] = mapped_column(one_of(People, "how_people_stand_is_known"))
    left_out: Mapped[list[str]] = mapped_column(JSON)
    """Kinds of files that are left out, in the order of their names."""
    state: Mapped[ArchiveState] = mapped_column(one_of(ArchiveState, "archive_state_is_known"))
    worker: Mapped[str] = mapped_column(String(80), default="")
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes."""
    explanation: Mapped[str] = mapped_column(Text, default="")
    """How it ended, or why the latest attempt did not do."""
    sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of the file in the store; empty before it is written, and once it is no longer kept."""
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    manifest_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Equal for equal content, whoever wrote it and when."""
    kept_until: Mapped[datetime | None]
    asked_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    asked_at: Mapped[datetime]


class BroughtArchive(Record):
    """The archive that a call of this site was brought in by."""

    __tablename__ = "brought_archives"

    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id), primary_key=True)
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[str] = mapped_column(String(64))
    """Of the site that wrote it."""
    signature: Mapped[str] = mapped_column(String(128))
    people: Mapped[People] = mapped_column(one_of(People, "how_people_stood_is_known"))
    left_out: Mapped[list[str]] = mapped_column(JSON)
    brought_at: Mapped[datetime]
