"""What is kept beside a run's result: the log of what happened, what the model said, and what running it took."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from challenge.foundation.database import Record
from challenge.people.records import Account
from challenge.runs.records import Run


class RunEvent(Record):
    """One thing that happened to a run, in a sentence that its team may read; never changed."""

    __tablename__ = "run_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id), index=True)
    at: Mapped[datetime]
    sentence: Mapped[str] = mapped_column(String(300))


class RunUsage(Record):
    """What running a model took, and what that cost; no part of the report, which is the same on every machine."""

    __tablename__ = "run_usages"
    __table_args__ = (
        CheckConstraint("energy_method IN ('measured', 'estimated', 'none')", name="energy_method_is_known"),
        CheckConstraint(
            "milliseconds >= 0 AND cpu_milliseconds >= 0 AND peak_megabytes >= 0 AND energy_joules >= 0 "
            "AND cost_micros >= 0",
            name="usage_is_not_negative",
        ),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id), primary_key=True)
    milliseconds: Mapped[int] = mapped_column(BigInteger)
    cpu_milliseconds: Mapped[int] = mapped_column(BigInteger)
    peak_megabytes: Mapped[int]
    device: Mapped[str] = mapped_column(String(80))
    energy_joules: Mapped[int] = mapped_column(BigInteger)
    """Of the last attempt; 0 where the method is `none`."""
    energy_method: Mapped[str] = mapped_column(String(20))
    cost_micros: Mapped[int] = mapped_column(BigInteger)
    """Millionths of a euro, at the price of a processor's hour that was set when the run ended; 0: none was set."""


class RunPaper(Record):
    """A file that the engine left beside the report, kept in the store."""

    __tablename__ = "run_papers"

    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)


class PaperRelease(Record):
    """That an admin let the team read what speaks of hidden items, and why; once."""

    __tablename__ = "paper_releases"

    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id), primary_key=True)
    released_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    released_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
