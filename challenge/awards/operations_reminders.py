"""Reminds winners of what they owe, before it is due and on the day."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.awards import queries
from challenge.awards.records import Award, Obligation
from challenge.awards.reminders import MONTHS_BEFORE, reminders_due
from challenge.awards.states import ObligationState
from challenge.calls import queries as calls
from challenge.calls.dates import instant_words
from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.database import Database
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import PLATFORM
from challenge.teams import queries as teams

HORIZON = timedelta(days=31 * MONTHS_BEFORE[0])
"""No reminder comes earlier before a due date, so duties that lie further off need not be looked at."""


def remind_due(database: Database, *, now: datetime) -> int:
    """Write to every winner whose next reminder has come; return how many were written to."""
    with database.reading() as session:
        near = _near(session, now)
    done = 0
    for obligation_id in near:
        with database.transaction() as session:
            done += _remind(session, obligation_id, now)
    return done


def _near(session: Session, now: datetime) -> list[int]:
    """Return open duties with a reminder still to come whose due date is near enough for one."""
    query = select(Obligation.id).where(
        Obligation.state == ObligationState.OPEN,
        Obligation.reminders < len(MONTHS_BEFORE),
        Obligation.due_at <= now + HORIZON,
    )
    return list(session.scalars(query.order_by(Obligation.due_at)))


def _remind(session: Session, obligation_id: int, now: datetime) -> int:
    """Write the latest reminder that has come and was not written; 1 if there was one.

    After a pause of the worker only the latest is written: the earlier ones would say what no longer holds.
    """
    query = select(Obligation).where(Obligation.id == obligation_id).with_for_update(skip_locked=True)
    duty = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if duty is None or duty.state is not ObligationState.OPEN:
        return 0
    award = queries.award(session, duty.award_id)
    call = queries.call_of(session, award)
    zone = calls.rules_of(session, call).zone
    come = reminders_due(duty.due_at, now=now, zone=zone)
    if come <= duty.reminders:
        return 0
    duty.reminders = come
    _write(session, award, duty, call, zone, now)
    said: dict[str, object] = {"due": duty.due_at, "months_before": MONTHS_BEFORE[come - 1]}
    subject = f"obligation {duty.id}"
    write_line(session, actor=PLATFORM, verb="remind_release", subject=subject, now=now, particulars=said)
    return 1


def _write(session: Session, award: Award, duty: Obligation, call: Call, zone: str, now: datetime) -> None:
    """Write to the winner's members; admins have overdue releases on their desk."""
    day = instant_words(duty.due_at, zone=zone)
    if duty.due_at <= now:
        subject = f"Your release for {call.title} is due"
        body = f"The time to release your model, or to publish your findings, ended on {day}. Hand in the proof now. "
        body += "If you need longer, write to the organiser, who may extend the time and gives the reason on record."
    else:
        subject = f"Your release for {call.title} is due on {day}"
        body = (
            f"Until {day} you release the model of your entry under an open-source licence, or publish your findings. "
        )
        body += "Then hand in the commit on the hub, the address with the SHA-256 of the file, or the DOI."
    body += f"\n\nYour award: /awards/{award.id}"
    for member, _ in teams.members_of(session, award.team_id):
        write_letter(session, account_id=member.account_id, subject=subject, body=body, now=now)
