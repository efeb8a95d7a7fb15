"""Teams, their members, invitations, and rulings on whether a team is eligible."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenge.calls.records import Call
from challenge.foundation.database import Record
from challenge.people.records import Account


class Team(Record):
    """An organisation that enters one call."""

    __tablename__ = "teams"
    __table_args__ = (
        UniqueConstraint("call_id", "skeleton"),
        CheckConstraint("headcount >= 0 AND turnover_cents >= 0 AND balance_cents >= 0", name="sizes_are_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id), index=True)
    name: Mapped[str] = mapped_column(String(120))
    skeleton: Mapped[str] = mapped_column(String(240))
    """The name as the eye reads it; two teams of a call may not look alike."""
    country: Mapped[str] = mapped_column(String(2))
    controlled_from: Mapped[str] = mapped_column(String(2))
    """Country from which the organisation is controlled."""
    headcount: Mapped[int]
    turnover_cents: Mapped[int] = mapped_column(BigInteger)
    balance_cents: Mapped[int] = mapped_column(BigInteger)
    founded: Mapped[int]
    """Year."""
    registration: Mapped[str] = mapped_column(String(60), default="")
    experience: Mapped[str] = mapped_column(Text, default="")
    """Evidence of work with large models, in the team's words."""
    honour_declared_at: Mapped[datetime | None]
    honour_declared_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    created_at: Mapped[datetime]


class Membership(Record):
    """A person's place in a team; one team a call."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("call_id", "account_id"),)

    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id))
    is_captain: Mapped[bool]
    joined_at: Mapped[datetime]


class Invitation(Record):
    """A link by which one person may join a team, once, for a while."""

    __tablename__ = "invitations"
    __table_args__ = (CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used_by_only_if_used"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    withdrawn_at: Mapped[datetime | None]


class EligibilityRuling(Record):
    """Whether a team is eligible, with every reason; rulings are added, the latest counts."""

    __tablename__ = "eligibility_rulings"
    __table_args__ = (CheckConstraint("made_by IS NULL OR length(reason) >= 10", name="a_persons_ruling_has_a_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id), index=True)
    eligible: Mapped[bool]
    findings: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    """Each test with `test`, `passed` and `sentence`."""
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    """None: the platform's own test; else the admin who ruled otherwise."""
    reason: Mapped[str] = mapped_column(Text, default="")
