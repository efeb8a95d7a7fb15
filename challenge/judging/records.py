"""The panel, the finalists, declarations of conflict, reviews and consensus."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenge.calls.records import Call
from challenge.foundation.database import Record, one_of
from challenge.judging.states import ReviewState
from challenge.judging.writing import Written
from challenge.people.records import Account
from challenge.submissions.records import Submission


class Panellist(Record):
    """A judge's seat on a call's panel."""

    __tablename__ = "panellists"

    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), primary_key=True)
    is_chair: Mapped[bool] = mapped_column(default=False)
    affiliation: Mapped[str] = mapped_column(String(200), default="")
    appointed_at: Mapped[datetime]
    appointed_by: Mapped[int] = mapped_column(ForeignKey(Account.id))


class Finalist(Record):
    """A submission that the panel judges, and why it is on the list."""

    __tablename__ = "finalists"

    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    named_at: Mapped[datetime]


class SettledTie(Record):
    """An admin's decision on entries that are tied at the maximum of the shortlist; a later one takes its place."""

    __tablename__ = "settled_ties"
    __table_args__ = (CheckConstraint("length(reason) >= 10", name="a_settled_tie_has_a_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id), index=True)
    tied: Mapped[list[str]] = mapped_column(JSON)
    """References of all who are tied."""
    taken: Mapped[list[str]] = mapped_column(JSON)
    """References of those who come before the panel."""
    reason: Mapped[str] = mapped_column(Text)
    settled_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    at: Mapped[datetime]


class Declaration(Record):
    """A judge's word on whether there is a conflict of interest; given before anything of the entry is shown."""

    __tablename__ = "declarations"
    __table_args__ = (
        UniqueConstraint("account_id", "submission_id"),
        CheckConstraint("NOT conflict OR length(statement) > 0", name="a_conflict_is_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), index=True)
    conflict: Mapped[bool]
    statement: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Review(Record):
    """One version of a judge's review; a changed review is a further version."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("account_id", "submission_id", "version"),
        CheckConstraint("(submitted_at IS NOT NULL) = (state = 'submitted')", name="submitted_at_only_if_submitted"),
        CheckConstraint("confidence BETWEEN 1 AND 3", name="confidence_is_from_1_to_3"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), index=True)
    version: Mapped[int]
    state: Mapped[ReviewState] = mapped_column(one_of(ReviewState, "review_state_is_known"))
    halves: Mapped[dict[str, int]] = mapped_column(JSON)
    """Score by criterion in half marks, 0 to 10."""
    comments: Mapped[dict[str, str]] = mapped_column(JSON)
    strengths: Mapped[str] = mapped_column(Text, default="", server_default="")
    weaknesses: Mapped[str] = mapped_column(Text, default="", server_default="")
    confidence: Mapped[int | None]
    """How near the entry is to the judge's own field, 1 to 3; None in drafts, and in reviews before it was asked."""
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]

    @property
    def written(self) -> Written:
        """What the judge wrote, as one piece."""
        return Written(self.halves, self.comments, self.strengths, self.weaknesses, self.confidence)


class Consensus(Record):
    """What the panel agreed on for one finalist; a changed consensus is a further version with its reason."""

    __tablename__ = "consensuses"
    __table_args__ = (
        UniqueConstraint("submission_id", "version"),
        CheckConstraint("length(statement) >= 20", name="a_consensus_is_explained"),
        CheckConstraint("version = 1 OR length(reason) >= 20", name="a_changed_consensus_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id))
    version: Mapped[int]
    halves: Mapped[dict[str, int]] = mapped_column(JSON)
    statement: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was changed; empty in the first version."""
    recorded_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    at: Mapped[datetime]
