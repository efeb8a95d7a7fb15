"""Rules of comparison, one file each with one signature: the board's own rule and those it is held against."""

from collections.abc import Mapping
from types import MappingProxyType

from leaderboards.aggregates import (
    average_rank,
    bradley_terry,
    copeland,
    fixed_anchor,
    interquartile_mean,
    mean_win_rate,
    median_rank,
    min_max,
    raw_mean,
    z_score,
)
from leaderboards.aggregates.results import Gaps, Results
from leaderboards.aggregates.rule import Rule
from leaderboards.aggregates.strengths import Strengths, fit_strengths, penalised_strengths
from leaderboards.ranks import among_best, places

_FILES = (
    fixed_anchor,
    raw_mean,
    min_max,
    z_score,
    average_rank,
    mean_win_rate,
    bradley_terry,
    copeland,
    median_rank,
    interquartile_mean,
)
RULES: Mapping[str, Rule] = MappingProxyType({file.RULE.name: file.RULE for file in _FILES})
"""Every rule by its name, the primary one first. A new rule is a new file in this list; the laws test it at once."""
PRIMARY = fixed_anchor.RULE

__all__ = [
    "PRIMARY",
    "RULES",
    "Gaps",
    "Results",
    "Rule",
    "Strengths",
    "among_best",
    "fit_strengths",
    "penalised_strengths",
    "places",
]
