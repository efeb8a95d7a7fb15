"""Deletes keys of endpoints: when the team asks for it, and once its call is over."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from challenge.foundation.audit import write_line
from challenge.foundation.permits import PLATFORM, Actor, demand
from challenge.runs.queries_keys import keys_over, why_not_now
from challenge.submissions.records import EndpointKey, Submission


def delete_key(session: Session, *, actor: Actor, submission: Submission, now: datetime) -> None:
    """Delete the key of a team's endpoint for good; raise Refused where a rule says no."""
    _hold(session, submission.id)
    demand(why_not_now(session, actor, submission))
    _delete(session, actor, submission.id, "the team asked for it", now)


def delete_key_that_is_over(session: Session, *, submission_id: int, days: int, now: datetime) -> bool:
    """Delete a key that nobody needs any more; False where that is not so, or another worker was first."""
    _hold(session, submission_id)
    if submission_id not in keys_over(session, now=now, days=days):
        return False
    return _delete(session, PLATFORM, submission_id, f"its call is over since {days} days", now)


def _hold(session: Session, submission_id: int) -> None:
    """Let whoever opens a run of this submission wait, or be waited for."""
    session.execute(select(Submission.id).where(Submission.id == submission_id).with_for_update())


def _delete(session: Session, actor: Actor, submission_id: int, reason: str, now: datetime) -> bool:
    gone = delete(EndpointKey).where(EndpointKey.submission_id == submission_id).returning(EndpointKey.submission_id)
    if session.scalar(gone) is None:
        return False
    subject = f"submission {submission_id}"
    write_line(
        session, actor=actor, verb="delete_endpoint_key", subject=subject, now=now, particulars={"reason": reason}
    )
    return True
