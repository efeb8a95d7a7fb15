"""Decisions, awards, allocations of hours, their usage, and release obligations."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenge.awards.states import AwardKind, DecisionState, ObligationState
from challenge.calls.records import Call
from challenge.foundation.database import Record, one_of
from challenge.people.records import Account
from challenge.submissions.records import Submission
from challenge.teams.records import Team


class Decision(Record):
    """One decision on a call's winners: everything it was computed from, in one canonical document."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint(
            "(signed_at IS NOT NULL) = (state = 'signed') AND (signed_by IS NOT NULL) = (state = 'signed')",
            name="signed_only_if_signed",
        ),
        CheckConstraint("signed_by IS NULL OR signed_by <> proposed_by", name="two_people_decide"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id))
    number: Mapped[int]
    state: Mapped[DecisionState] = mapped_column(one_of(DecisionState, "decision_state_is_known"))
    document: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    bundle_sha256: Mapped[str] = mapped_column(String(64))
    """The bundle in the store from which anybody recomputes the decision; named in the document too."""
    before: Mapped[str] = mapped_column(String(64))
    """Digest of the call's decision before this one."""
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")


class Award(Record):
    """A winner's award or a place on the reserve list; exists once the decision is signed."""

    __tablename__ = "awards"
    __table_args__ = (
        UniqueConstraint("decision_id", "submission_id"),
        CheckConstraint("money_cents >= 0 AND (kind = 'winner' OR money_cents = 0)", name="money_only_for_winners"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey(Decision.id), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id))
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id))
    kind: Mapped[AwardKind] = mapped_column(one_of(AwardKind, "award_kind_is_known"))
    position: Mapped[int]
    money_cents: Mapped[int] = mapped_column(BigInteger)


class Allocation(Record):
    """GPU-hours on one machine, for one award, for a time."""

    __tablename__ = "allocations"
    __table_args__ = (
        UniqueConstraint("award_id", "machine"),
        CheckConstraint("hours > 0", name="an_allocation_has_hours"),
        CheckConstraint("access_ends > access_starts", name="access_ends_after_it_starts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey(Award.id), index=True)
    machine: Mapped[str] = mapped_column(String(60))
    hours: Mapped[int] = mapped_column(BigInteger)
    access_starts: Mapped[datetime]
    access_ends: Mapped[datetime]


class Usage(Record):
    """Hours used, as a site reported them; the same report twice is one row."""

    __tablename__ = "usages"
    __table_args__ = (
        UniqueConstraint("allocation_id", "period"),
        CheckConstraint("hours >= 0", name="usage_is_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey(Allocation.id), index=True)
    period: Mapped[str] = mapped_column(String(7))
    """Month, as 2027-03."""
    hours: Mapped[int] = mapped_column(BigInteger)
    reported_at: Mapped[datetime]
    reported_by: Mapped[int] = mapped_column(ForeignKey(Account.id))


class Obligation(Record):
    """A winner's duty to release the model or to publish, with its proof."""

    __tablename__ = "obligations"
    __table_args__ = (
        CheckConstraint("(proved_at IS NULL) = (state = 'open')", name="proof_unless_open"),
        CheckConstraint("(accepted_by IS NOT NULL) = (state = 'accepted')", name="accepted_by_only_if_accepted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey(Award.id), unique=True)
    state: Mapped[ObligationState] = mapped_column(one_of(ObligationState, "obligation_state_is_known"))
    due_at: Mapped[datetime]
    proof_hub: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """Hub, model and commit where the model is released there."""
    proof_url: Mapped[str] = mapped_column(String(500), default="")
    proof_sha256: Mapped[str] = mapped_column(String(64), default="")
    proof_doi: Mapped[str] = mapped_column(String(200), default="")
    proved_at: Mapped[datetime | None]
    proved_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    accepted_reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was accepted although the platform found something; empty where it found nothing."""
    reopened_reason: Mapped[str] = mapped_column(Text, default="")
    """Why the last proof was not accepted; empty where none was turned down."""
    reminders: Mapped[int] = mapped_column(default=0)
    """How many of the reminders before this due date the winner has had, or would have been too late for."""


class Extension(Record):
    """A due date that an admin put off; extensions are added, never changed."""

    __tablename__ = "extensions"
    __table_args__ = (
        CheckConstraint("due_after > due_before", name="an_extension_gives_time"),
        CheckConstraint("length(reason) >= 20", name="an_extension_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey(Obligation.id), index=True)
    due_before: Mapped[datetime]
    due_after: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    officer_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    at: Mapped[datetime]
