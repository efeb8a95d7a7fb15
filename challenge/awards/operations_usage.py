"""Keeps the hours that a site reports, one figure a month."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.awards import queries, rules
from challenge.awards.months import is_month, month_of, months_of
from challenge.awards.records import Allocation, Usage
from challenge.calls import queries as calls
from challenge.foundation.audit import write_line
from challenge.foundation.permits import Actor, Invalid, demand

MOST_HOURS = 10**12


def report_usage(
    session: Session, *, actor: Actor, allocation: Allocation, period: str, hours: int, now: datetime
) -> Usage:
    """Keep the hours used on an allocation in a month, as 2027-03.

    The same report twice changes nothing; another figure for the same month takes the place of the first and is
    logged with it. Hours over the allocation are kept too: they were used. Raises Refused by rule, Invalid for a
    month outside the access time or hours that are no number of hours.
    """
    award = queries.award(session, allocation.award_id)
    demand(rules.why_not_report(actor, queries.stake_in(session, actor.account_id, award)))
    call = queries.call_of(session, award)
    zone = calls.rules_of(session, call).zone
    if not is_month(period):
        raise Invalid("Write a month as 2027-03.", "period")
    months = months_of(allocation.access_starts, allocation.access_ends, zone)
    if sentence := rules.why_not_month(period, months=months, present=month_of(now, zone)):
        raise Invalid(sentence, "period")
    if not 0 <= hours <= MOST_HOURS:
        raise Invalid("Write a whole number of hours, 0 or more.", "hours")
    usage = session.scalar(select(Usage).where(Usage.allocation_id == allocation.id, Usage.period == period))
    if usage is not None and usage.hours == hours:
        return usage
    before = usage.hours if usage is not None else None
    if usage is None:
        usage = Usage(allocation_id=allocation.id, period=period)
        session.add(usage)
    usage.hours, usage.reported_at, usage.reported_by = hours, now, actor.account_id or 0
    session.flush()
    write_line(
        session,
        actor=actor,
        verb="report_usage",
        subject=f"allocation {allocation.id}",
        now=now,
        particulars={"month": period, "hours": hours, "before": before},
    )
    return usage
