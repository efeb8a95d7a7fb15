"""When a winner is reminded of its duty to release: three months and one month before it is due, and on the day."""

from datetime import datetime

from challenge.awards.months import add_months

MONTHS_BEFORE = (3, 1, 0)
"""In a duty of twelve months these are the ends of the ninth, the eleventh and the twelfth."""


def reminders_due(due: datetime, *, now: datetime, zone: str) -> int:
    """Count the reminders whose moment has come, 0 to 3; months are counted in `zone`."""
    return sum(add_months(due, -months, zone) <= now for months in MONTHS_BEFORE)
