"""Instrument 2, the jury: judges are assigned, their agreement is measured, and their marks brought onto one scale."""

from leaderboards.jury.calibration import CalibratedEntry, Calibration, JudgeShift, State, calibrate
from leaderboards.jury.connections import Group, groups
from leaderboards.jury.reviews import Mark, Reviews, read_reviews

__all__ = [
    "CalibratedEntry",
    "Calibration",
    "Group",
    "JudgeShift",
    "Mark",
    "Reviews",
    "State",
    "calibrate",
    "groups",
    "read_reviews",
]
