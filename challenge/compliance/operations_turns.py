"""Lets whoever writes about a submission's licence take turns."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.submissions.records import Submission


def take_turn(session: Session, submission_id: int) -> None:
    """Wait until nobody else writes about this submission's licence; what the other wrote is then seen."""
    session.execute(select(Submission.id).where(Submission.id == submission_id).with_for_update())
