"""Guards of a board: against learning the public items, against copying, and a look back at what it taught."""

from leaderboards.guards.answers import NO_ANSWER, Answers, answers_of, read_answers, read_lineage
from leaderboards.guards.ladder import Rung, climb, public_scores, step
from leaderboards.guards.shake_up import Move, Optimism, ShakeUp, shake_up, tau
from leaderboards.guards.similarity import (
    FamilyLikeness,
    Flag,
    Likeness,
    Lineage,
    SimilarityReport,
    likeness,
    similarity,
)

__all__ = [
    "NO_ANSWER",
    "Answers",
    "FamilyLikeness",
    "Flag",
    "Likeness",
    "Lineage",
    "Move",
    "Optimism",
    "Rung",
    "ShakeUp",
    "SimilarityReport",
    "answers_of",
    "climb",
    "likeness",
    "public_scores",
    "read_answers",
    "read_lineage",
    "shake_up",
    "similarity",
    "step",
    "tau",
]
