"""Examinations of packages and the officer's decisions on them."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from challenge.compliance.states import ExaminationState, LicenceVerdict
from challenge.foundation.database import Record, one_of
from challenge.people.records import Account
from challenge.submissions.records import Submission


class Examination(Record):
    """The platform's own verdict on one submission's package."""

    __tablename__ = "examinations"
    __table_args__ = (CheckConstraint("(verdict IS NOT NULL) = (state = 'ended')", name="verdict_only_if_ended"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), unique=True)
    state: Mapped[ExaminationState] = mapped_column(one_of(ExaminationState, "examination_state_is_known"), index=True)
    verdict: Mapped[LicenceVerdict | None] = mapped_column(one_of(LicenceVerdict, "verdict_is_known"))
    declared: Mapped[str] = mapped_column(String(300), default="")
    detected: Mapped[str] = mapped_column(String(300), default="")
    concluded: Mapped[str] = mapped_column(String(300), default="")
    reasons: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    """Each with `code`, `sentence`, `file`, `line`, `remedy`."""
    ai_act_exempt: Mapped[bool | None]
    engine: Mapped[str] = mapped_column(String(80), default="")
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OfficerDecision(Record):
    """What an officer decided about an examination; decisions are added, the latest counts."""

    __tablename__ = "officer_decisions"
    __table_args__ = (CheckConstraint("length(reason) >= 10", name="an_officers_decision_has_a_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    examination_id: Mapped[int] = mapped_column(ForeignKey(Examination.id), index=True)
    verdict: Mapped[LicenceVerdict] = mapped_column(one_of(LicenceVerdict, "decided_verdict_is_known"))
    officer_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
