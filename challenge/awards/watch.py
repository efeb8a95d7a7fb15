"""When the platform looks at a release again: what it could not find out, what was missing, and what was accepted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from challenge.awards.months import add_months

DAY = timedelta(days=1)
DAYS_OF_SILENCE = 3
"""On so many different days nobody answered before an officer hears of it."""


@dataclass(frozen=True)
class Watch:
    """How often an accepted release is looked at again, and for how long; both in days, 0 for not at all."""

    every: int
    span: int


@dataclass(frozen=True)
class Proved:
    """What is known of a proof that is handed in: when it is due, since when accepted, and whether a hub is named."""

    due_at: datetime
    accepted_at: datetime | None
    has_hub: bool
    zone: str


@dataclass(frozen=True)
class Look:
    """The latest look at it: when it ended, whether nobody could tell, and whether nothing is released yet."""

    ended_at: datetime
    is_unknown: bool
    is_missing: bool


def next_look(proved: Proved, latest: Look, watch: Watch) -> datetime | None:
    """Return when a release is to be looked at again after its latest look; None where it need not be.

    What is unknown is asked again a day later. What is on a hub and accepted is looked at every few days for as long
    as the watch lasts. Where it is not yet released, that is daily in the last month before it is due.
    """
    is_accepted = proved.accepted_at is not None
    if is_accepted and not proved.has_hub:
        return None
    if latest.is_unknown:
        following = latest.ended_at + DAY
    elif proved.has_hub and watch.every and (is_accepted or latest.is_missing):
        following = latest.ended_at + timedelta(days=watch.every)
        if latest.is_missing:
            daily = max(latest.ended_at + DAY, add_months(proved.due_at, -1, proved.zone))
            following = min(following, daily) if daily <= proved.due_at else following
    else:
        return None
    if proved.accepted_at is not None and following > proved.accepted_at + timedelta(days=watch.span):
        return None
    return following
