"""Says where a call stands in its own calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from challenge.calls.document import Phase, Rules


class Moment(StrEnum):
    """Where an instant lies, seen from a phase."""

    AHEAD = "ahead"
    UNDER_WAY = "under_way"
    OVER = "over"


@dataclass(frozen=True)
class Line:
    """One phase of a timetable as it stands at an instant."""

    phase: Phase
    moment: Moment
    left: timedelta
    """Time until the phase opens or, once it is under way, until it closes; nothing afterwards."""


def timetable(rules: Rules, *, now: datetime) -> list[Line]:
    """Return the phases of a call as they stand at `now`."""
    return [_line(phase, now) for phase in rules.phases]


def next_line(rules: Rules, *, now: datetime) -> Line | None:
    """Return the phase that is under way, else the next one ahead; None once all are over."""
    lines = timetable(rules, now=now)
    under_way = [line for line in lines if line.moment is Moment.UNDER_WAY]
    ahead = [line for line in lines if line.moment is Moment.AHEAD]
    return next(iter([*under_way, *ahead]), None)


def _line(phase: Phase, now: datetime) -> Line:
    if phase.covers(now):
        return Line(phase, Moment.UNDER_WAY, phase.closes - now)
    if now < phase.opens:
        return Line(phase, Moment.AHEAD, phase.opens - now)
    return Line(phase, Moment.OVER, timedelta())
