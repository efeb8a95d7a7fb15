"""Utilities as cells of a heat map: a shade for the eye, and the number that it stands for."""

from decimal import Decimal
from typing import NamedTuple

from challenge.standings.policy import SuiteTask
from challenge.standings.ranking import TaskScore

STEPS = 20
"""Shades beside the lightest: one for every five hundredths of utility; their colours are in static/standings.css."""


class Cell(NamedTuple):
    """One task of one entry."""

    shade: int
    """From 0 at the floor to `STEPS` at the ceiling."""
    text: str
    """The utility in hundredths."""
    mark: str
    """What else is to be said: held at the floor, held at the ceiling, no result; empty where nothing is."""


FLOORED, CAPPED, MISSING = "floor", "ceiling", "no result"
SIGNS = {FLOORED: "▾", CAPPED: "▴", MISSING: MISSING}
"""What stands beside the number in a dense table."""


def cell(score: TaskScore, task: SuiteTask | None) -> Cell:
    """Turn an entry's result on a task into a cell."""
    utility = float(score.utility)
    return Cell(round(utility * STEPS), f"{utility * 100:.1f}", _mark(score, task, utility))


def _mark(score: TaskScore, task: SuiteTask | None, utility: float) -> str:
    if score.score is None:
        return MISSING
    if task is None or 0 < utility < 1:
        return ""
    # at an anchor to the last digit is no clipping
    anchor, mark = (task.floor, FLOORED) if utility == 0 else (task.ceiling, CAPPED)
    return "" if Decimal(score.score) == Decimal(anchor) else mark
