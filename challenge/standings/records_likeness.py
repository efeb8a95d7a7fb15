"""What came of pairs of entries whose answers are too alike."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from challenge.calls.records import CallSuite
from challenge.foundation.database import Record
from challenge.people.records import Account
from challenge.submissions.records import Submission


class LikenessNote(Record):
    """What an admin found out about a pair; notes are added and never changed."""

    __tablename__ = "likeness_notes"
    __table_args__ = (CheckConstraint("first_id < second_id", name="a_pair_has_one_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    suite_id: Mapped[int] = mapped_column(ForeignKey(CallSuite.id), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey(Submission.id))
    second_id: Mapped[int] = mapped_column(ForeignKey(Submission.id))
    note: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime]
    noted_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
