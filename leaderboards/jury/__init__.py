"""Instrument 2, the jury: judges are assigned, their agreement is measured, and their marks brought onto one scale."""

from leaderboards.jury.affinities import Affinities, read_affinities, read_pairs
from leaderboards.jury.agreement import Alpha, Disagreement, Scale, agreement, alpha_of, disagreements
from leaderboards.jury.assignment import Assignment, Demand, assign
from leaderboards.jury.calibration import CalibratedEntry, Calibration, JudgeShift, State, calibrate
from leaderboards.jury.connections import Group, groups
from leaderboards.jury.reviews import Mark, Reviews, read_reviews

__all__ = [
    "Affinities",
    "Alpha",
    "Assignment",
    "CalibratedEntry",
    "Calibration",
    "Demand",
    "Disagreement",
    "Group",
    "JudgeShift",
    "Mark",
    "Reviews",
    "Scale",
    "State",
    "agreement",
    "alpha_of",
    "assign",
    "calibrate",
    "disagreements",
    "groups",
    "read_affinities",
    "read_pairs",
    "read_reviews",
]
