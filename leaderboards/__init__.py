"""Instrument 2: a table of scores goes in; ranks with their uncertainty, winners and shares come out, recomputably."""

from leaderboards.bundle import write_bundle
from leaderboards.candidates import Candidate, Criterion, CriterionScore, Gate, SelectionRules
from leaderboards.cut import Cut, Distance, cut
from leaderboards.entries import Entry, Ranking, TaskScore
from leaderboards.intervals import RankIntervals, rank_intervals
from leaderboards.jury.reviews import Mark, Reviews
from leaderboards.policy import OFFICIAL_DRAWS, Missing, Policy, TaskPolicy
from leaderboards.ranking import rank
from leaderboards.ranks import shared_ranks
from leaderboards.refusals import BundleError, PolicyError, Refusal, ScoreError, SelectionError, SplitError
from leaderboards.scores import ScoreTable, Unranked, read_scores, read_status
from leaderboards.seeds import seed_from
from leaderboards.selection import Exclusion, Place, Selection
from leaderboards.shares import split_hours, split_money, weights_above
from leaderboards.shortlist import Shortlist, ShortlistRules, shortlist
from leaderboards.splits import HoursSplit, MoneySplit, within_budgets
from leaderboards.spread import Spread, composite_spread
from leaderboards.stability import Stability, StabilityPlan, Variation, stability
from leaderboards.verification import Verification, verify_bundle
from leaderboards.winners import choose_winners

__all__ = [
    "OFFICIAL_DRAWS",
    "BundleError",
    "Candidate",
    "Criterion",
    "CriterionScore",
    "Cut",
    "Distance",
    "Entry",
    "Exclusion",
    "Gate",
    "HoursSplit",
    "Mark",
    "Missing",
    "MoneySplit",
    "Place",
    "Policy",
    "PolicyError",
    "RankIntervals",
    "Ranking",
    "Refusal",
    "Reviews",
    "ScoreError",
    "ScoreTable",
    "Selection",
    "SelectionError",
    "SelectionRules",
    "Shortlist",
    "ShortlistRules",
    "SplitError",
    "Spread",
    "Stability",
    "StabilityPlan",
    "TaskPolicy",
    "TaskScore",
    "Unranked",
    "Variation",
    "Verification",
    "choose_winners",
    "composite_spread",
    "cut",
    "rank",
    "rank_intervals",
    "read_scores",
    "read_status",
    "seed_from",
    "shared_ranks",
    "shortlist",
    "split_hours",
    "split_money",
    "stability",
    "verify_bundle",
    "weights_above",
    "within_budgets",
    "write_bundle",
]
