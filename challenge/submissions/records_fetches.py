"""The fetching of models that were handed in by a commit on a hub; this table is the queue, too."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from challenge.foundation.database import Record, one_of
from challenge.foundation.leases import Leased
from challenge.submissions.records import Submission
from challenge.submissions.states import FetchOutcome, FetchState


class Fetch(Leased, Record):
    """What was fetched for one submission, which itself is never changed."""

    __tablename__ = "fetches"
    __table_args__ = (
        CheckConstraint("(outcome IS NOT NULL) = (state = 'ended')", name="fetch_outcome_only_if_ended"),
        CheckConstraint("(ended_at IS NOT NULL) = (state = 'ended')", name="fetch_ended_at_only_if_ended"),
        CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'running') AND (token IS NOT NULL) = (state = 'running')",
            name="fetch_leased_only_if_running",
        ),
        CheckConstraint(
            "(package_sha256 IS NOT NULL) = (state = 'ended' AND outcome = 'fetched')",
            name="a_package_only_where_it_was_fetched",
        ),
        CheckConstraint("attempts >= 0 AND done >= 0 AND total >= 0", name="counts_of_a_fetch_are_not_negative"),
        Index("ix_fetches_state_not_before", "state", "not_before"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), primary_key=True)
    state: Mapped[FetchState] = mapped_column(one_of(FetchState, "fetch_state_is_known"))
    outcome: Mapped[FetchOutcome | None] = mapped_column(one_of(FetchOutcome, "fetch_outcome_is_known"))
    not_before: Mapped[datetime]
    worker: Mapped[str] = mapped_column(String(80), default="")
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes of all files to be fetched; 0 until the hub has said what the commit holds."""
    doing: Mapped[str] = mapped_column(String(200), default="")
    package_sha256: Mapped[str | None] = mapped_column(String(64))
    package_name: Mapped[str] = mapped_column(String(200), default="")
    package_size: Mapped[int] = mapped_column(BigInteger, default=0)
    files: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """Files of the commit that were not fetched, each with `name` and `sentence`."""
    explanation: Mapped[str] = mapped_column(Text, default="")
    """How it ended, or why the latest attempt did not do."""
    quota_note: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime]


class Fetcher(Record):
    """A worker, and whether it can fetch models; the form asks here whether anybody can."""

    __tablename__ = "fetchers"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen_at: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(Text, default="")
    """Why it can fetch none, and what to do about it; empty where it can."""
