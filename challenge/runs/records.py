"""Runs and their results; this table is the queue."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenge.calls.records import CallSuite
from challenge.foundation.database import Record, one_of
from challenge.foundation.leases import Leased
from challenge.people.records import Account
from challenge.runs.states import Outcome, RunState
from challenge.submissions.records import Submission


class Run(Leased, Record):
    """One evaluation of one submission on one version of a suite."""

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("submission_id", "suite_digest", "round"),
        CheckConstraint("(outcome IS NOT NULL) = (state = 'ended')", name="outcome_only_if_ended"),
        CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'running') AND (token IS NOT NULL) = (state = 'running')",
            name="leased_only_if_running",
        ),
        CheckConstraint("(ended_at IS NOT NULL) = (state = 'ended')", name="ended_at_only_if_ended"),
        CheckConstraint("(cancel_asked_at IS NULL) = (cancel_asked_by IS NULL)", name="somebody_asked_to_cancel"),
        CheckConstraint("attempts >= 0 AND done >= 0 AND total >= 0", name="counts_of_a_run_are_not_negative"),
        Index("ix_runs_state_lease", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), index=True)
    suite_id: Mapped[int] = mapped_column(ForeignKey(CallSuite.id))
    suite_digest: Mapped[str] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(default=1)
    """Rejudging opens a further round; earlier results stay."""
    state: Mapped[RunState] = mapped_column(one_of(RunState, "run_state_is_known"))
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, "outcome_is_known"))
    worker: Mapped[str] = mapped_column(String(80), default="")
    cancel_asked_at: Mapped[datetime | None]
    cancel_asked_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    doing: Mapped[str] = mapped_column(String(80), default="")
    asked_at: Mapped[datetime]
    explanation: Mapped[str] = mapped_column(Text, default="")
    quota_note: Mapped[str] = mapped_column(String(200), default="")
    """What became of the submission's place in the quota, as the team was told."""
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What is wrong with the file, for the team; where the team is not at fault, the engine's words for the office."""


class Result(Record):
    """What a scored run reported; once, and never changed."""

    __tablename__ = "results"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey(Run.id), unique=True)
    report: Mapped[str] = mapped_column(Text)
    """The engine's canonical `meta.json`."""
    intervals: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")
    """Canonical JSON: for each score of the report, in its order, null or the bounds of its 95 % interval as texts."""
    items_sha256: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Worker(Record):
    """A worker process and when it was last heard of, busy or idle."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why it can run no models; empty where it can, and where no call asks for it."""
    open: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """What the sandbox of its machine does not hold, a sentence each."""
