"""Instrument 2: a table of scores goes in; ranks with their uncertainty, winners and shares come out, recomputably."""

from leaderboards.bundle import write_bundle
from leaderboards.candidates import Candidate, Criterion, CriterionScore, Gate, SelectionRules
from leaderboards.entries import Entry, Ranking, TaskScore
from leaderboards.intervals import RankIntervals, rank_intervals
from leaderboards.policy import Missing, Policy, TaskPolicy
from leaderboards.ranking import rank
from leaderboards.ranks import shared_ranks
from leaderboards.refusals import BundleError, PolicyError, Refusal, ScoreError, SelectionError, SplitError
from leaderboards.scores import ScoreTable, Unranked, read_scores, read_status
from leaderboards.selection import Exclusion, Place, Selection
from leaderboards.shares import split_hours, split_money, weights_above
from leaderboards.shortlist import Shortlist, ShortlistRules, shortlist
from leaderboards.splits import HoursSplit, MoneySplit, within_budgets
from leaderboards.verification import Verification, verify_bundle
from leaderboards.winners import choose_winners

__all__ = [
    "BundleError",
    "Candidate",
    "Criterion",
    "CriterionScore",
    "Entry",
    "Exclusion",
    "Gate",
    "HoursSplit",
    "Missing",
    "MoneySplit",
    "Place",
    "Policy",
    "PolicyError",
    "RankIntervals",
    "Ranking",
    "Refusal",
    "ScoreError",
    "ScoreTable",
    "Selection",
    "SelectionError",
    "SelectionRules",
    "Shortlist",
    "ShortlistRules",
    "SplitError",
    "TaskPolicy",
    "TaskScore",
    "Unranked",
    "Verification",
    "choose_winners",
    "rank",
    "rank_intervals",
    "read_scores",
    "read_status",
    "shared_ranks",
    "shortlist",
    "split_hours",
    "split_money",
    "verify_bundle",
    "weights_above",
    "within_budgets",
    "write_bundle",
]
