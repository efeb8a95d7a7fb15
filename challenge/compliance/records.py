"""Examinations of packages with their evidence, and what officers propose and decide about them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from challenge.compliance.states import ExaminationState, LicenceVerdict, ProposalState
from challenge.foundation.database import Record, one_of
from challenge.people.records import Account
from challenge.submissions.records import Submission

WAITS, IS_OPEN = text("state = 'waiting'"), text("state = 'open'")


class Examination(Record):
    """One scan of a submission's package with the platform's own verdict; the latest that has ended is in force."""

    __tablename__ = "examinations"
    __table_args__ = (
        CheckConstraint("(verdict IS NOT NULL) = (state = 'ended')", name="verdict_only_if_ended"),
        UniqueConstraint("submission_id", "number", name="a_scan_has_a_number_of_its_own"),
        Index(
            "ix_examinations_one_waits", "submission_id", unique=True, sqlite_where=WAITS, postgresql_where=WAITS
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id))
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    """Counts the scans of a submission."""
    state: Mapped[ExaminationState] = mapped_column(one_of(ExaminationState, "examination_state_is_known"), index=True)
    verdict: Mapped[LicenceVerdict | None] = mapped_column(one_of(LicenceVerdict, "verdict_is_known"))
    declared: Mapped[str] = mapped_column(String(300), default="")
    detected: Mapped[str] = mapped_column(String(300), default="")
    concluded: Mapped[str] = mapped_column(String(300), default="")
    reasons: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    """Each with `code`, `sentence`, `file`, `line`, `last_line`, `words`, `remedy` and `outcome`."""
    ai_act_exempt: Mapped[bool | None]
    engine: Mapped[str] = mapped_column(String(80), default="")
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    """The officer who had it examined again; None where the platform did by itself."""
    why_asked: Mapped[str] = mapped_column(Text, default="", server_default="")
    not_before: Mapped[datetime | None]
    """When it is due; None where at once."""
    asked_again: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often the platform has by itself asked again, in a row, whoever had not answered."""
    ended_at: Mapped[datetime | None]


class ExaminationEvidence(Record):
    """What a verdict rests on, as its page shows it, and the documents that were written of it."""

    __tablename__ = "examination_evidence"

    examination_id: Mapped[int] = mapped_column(ForeignKey(Examination.id), primary_key=True)
    found: Mapped[dict[str, object]] = mapped_column(JSON)
    """Bounded in size; what was left out of it is said in `notes`."""
    documents: Mapped[dict[str, dict[str, object]]] = mapped_column(JSON, default=dict)
    """By name, each with `sha256` and `size` of the file in the store."""


class DecisionProposal(Record):
    """A decision that one officer proposes; it takes effect when another confirms it. One is open at a time."""

    __tablename__ = "decision_proposals"
    __table_args__ = (
        CheckConstraint("length(reason) >= 10", name="a_proposal_has_a_reason"),
        CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="a_proposal_is_open_until_somebody_ends_it",
        ),
        CheckConstraint("state <> 'turned_down' OR length(answer) >= 10", name="turning_down_has_a_reason"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'turned_down') OR ended_by <> proposed_by",
            name="another_officer_confirms_or_turns_down",
        ),
        CheckConstraint("state <> 'withdrawn' OR ended_by = proposed_by", name="whoever_proposed_it_withdraws"),
        Index(
            "ix_decision_proposals_one_is_open", "submission_id", unique=True,
            sqlite_where=IS_OPEN, postgresql_where=IS_OPEN,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), index=True)
    examination_id: Mapped[int] = mapped_column(ForeignKey(Examination.id))
    """The scan that was in force when it was proposed."""
    state: Mapped[ProposalState] = mapped_column(one_of(ProposalState, "proposal_state_is_known"))
    verdict: Mapped[LicenceVerdict] = mapped_column(one_of(LicenceVerdict, "proposed_verdict_is_known"))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    proposed_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    ended_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    """Why it was turned down; empty where it was confirmed or withdrawn."""


class OfficerDecision(Record):
    """What two officers decided about a licence; decisions are added, the latest of a submission counts."""

    __tablename__ = "officer_decisions"
    __table_args__ = (
        CheckConstraint("length(reason) >= 10", name="an_officers_decision_has_a_reason"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> officer_id", name="a_decision_takes_two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    examination_id: Mapped[int] = mapped_column(ForeignKey(Examination.id), index=True)
    """The scan that was in force when it was proposed; a later scan changes nothing about the decision."""
    verdict: Mapped[LicenceVerdict] = mapped_column(one_of(LicenceVerdict, "decided_verdict_is_known"))
    officer_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    """Who proposed it."""
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    """Who confirmed it; None for decisions from before two people were asked for."""
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
