"""One pure function makes a board: scores and policy in; points, ranks and their intervals out, the same every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import version

import numpy as np

from leaderboards.completeness import complete, demand_known_tasks, gaps
from leaderboards.decimals import as_written, from_exact, from_float
from leaderboards.entries import Entry, Ranking, TaskScore
from leaderboards.intervals import RankIntervals, nothing_known, rank_intervals
from leaderboards.margins import Reach, reach_of_points, reach_of_score
from leaderboards.policy import Policy, TaskPolicy
from leaderboards.ranks import at_precision, shared_ranks
from leaderboards.scores import ScoreTable
from leaderboards.uncertainty import Uncertainty, interval_half_widths, measure
from leaderboards.utility import FULL_MARKS, TaskUtility, total, utilities

_LIBRARIES = ("numpy", "scipy")


def rank(scores: ScoreTable, policy: Policy) -> Ranking:
    """Rank every entrant with a complete result; the others are listed as unranked with the reason.

    Points run from 0 to 100. Where a task has fewer than two clusters no spread can be estimated: then se is None,
    intervals are 0 to 100, and ranks 1 to K. Raises ScoreError if the table names a task that the policy does not.
    """
    demand_known_tasks(scores, policy)
    asked = scores.without({one.entrant for one in scores.status})
    incomplete = gaps(asked, policy)
    whole = asked.without(incomplete)
    names = list(whole.entrants)
    found = utilities(whole, policy)
    uncertainty = measure(whole, policy, found=found)
    board = _Board(policy, names, found, [total(one) for one in found], uncertainty)
    return Ranking(
        entries=_entries(board),
        unranked=tuple(sorted((*scores.status, *incomplete.values()), key=lambda one: one.entrant)),
        policy_digest=policy.digest(),
        scores_digest=scores.digest(),
        versions=tuple((library, version(library)) for library in _LIBRARIES),
    )


def ranks_of(points: Sequence[Fraction], policy: Policy) -> list[int]:
    """Return the ranks that a board gives these points, where nobody asks for their intervals."""
    return shared_ranks(points, decimals=policy.decimals)


def spread_of(scores: ScoreTable, policy: Policy) -> tuple[tuple[str, ...], Uncertainty]:
    """Measure the spread of the points of all who are ranked: their names in order, and the uncertainty by that order.

    The table names no task but the policy's.
    """
    whole = complete(scores, policy)
    return whole.entrants, measure(whole, policy, found=utilities(whole, policy))


@dataclass(frozen=True, eq=False)
class _Board:
    """All that is known before ranks: entrants by name, their utilities, exact points and uncertainty."""

    policy: Policy
    names: list[str]
    found: list[tuple[TaskUtility, ...]]
    points: list[Fraction]
    uncertainty: Uncertainty


def _entries(board: _Board) -> tuple[Entry, ...]:
    ranks = ranks_of(board.points, board.policy)
    intervals = _intervals(board)
    order = sorted(range(len(ranks)), key=lambda place: (ranks[place], board.names[place]))
    half_widths = interval_half_widths(board.uncertainty, board.policy)
    near = ~(intervals.beats | intervals.beats.T)
    best_first = np.array(order, dtype=np.int64)
    entries = []
    for place in order:
        points = from_exact(board.points[place])
        low, high, se = from_exact(Fraction(0)), from_exact(Fraction(FULL_MARKS)), None
        if board.uncertainty.known:
            se = from_float(float(np.sqrt(board.uncertainty.covariance[place, place])))
            half, found = float(half_widths[place]), board.found[place]
            reach = reach_of_points(found, place, half=half, uncertainty=board.uncertainty, policy=board.policy)
            low = max(low, points - from_float(reach.down))
            high = min(high, points + from_float(reach.up))
        others: list[int] = best_first[near[place, best_first]].tolist()
        entries.append(
            Entry(
                entrant=board.names[place],
                points=points,
                se=se,
                low=low,
                high=high,
                rank=ranks[place],
                rank_low=int(intervals.rank_low[place]),
                rank_high=int(intervals.rank_high[place]),
                tasks=_tasks(board, place),
                inseparable_from=tuple([board.names[other] for other in others if other != place]),
            )
        )
    return tuple(entries)


def _intervals(board: _Board) -> RankIntervals:
    size, policy = len(board.names), board.policy
    if not board.uncertainty.known or size < 2:
        return nothing_known(size)
    return rank_intervals(
        np.array([float(one) for one in board.points]),
        board.uncertainty.covariance,
        confidence=as_written(policy.confidence),
        draws=policy.draws,
        seed=policy.seed,
        compared=np.array([at_precision(one, decimals=policy.decimals) for one in board.points], dtype=np.int64),
        variance=board.uncertainty.variance,
        freedom=board.uncertainty.freedom,
        few=board.uncertainty.few,
    )


def _tasks(board: _Board, place: int) -> tuple[TaskScore, ...]:
    shown = []
    whole, uncertainty = board.policy, board.uncertainty
    for number, (task, policy) in enumerate(zip(board.found[place], whole.tasks, strict=True)):
        score, reach = None, None
        if task.score is not None:
            score = from_exact(task.score)
            half, clusters = float(uncertainty.half_widths[number][place]), uncertainty.clusters[number]
            reach = reach_of_score(task.score, half=half, clusters=clusters, task=policy, policy=whole)
        low, high = _around(score, reach, policy)
        shown.append(
            TaskScore(
                task=task.task,
                score=score,
                utility=from_exact(task.utility),
                points=from_exact(task.points),
                low=low,
                high=high,
                items=task.items,
            )
        )
    return tuple(shown)


def _around(score: Decimal | None, reach: Reach | None, policy: TaskPolicy) -> tuple[Decimal | None, Decimal | None]:
    """Compute the interval of a task's score, cut where no score can lie; None where there is none."""
    if score is None or reach is None:
        return None, None
    low, high = score - from_float(reach.down), score + from_float(reach.up)
    if policy.least is not None:
        low = max(low, min(score, from_float(policy.least)))
    if policy.most is not None:
        high = min(high, max(score, from_float(policy.most)))
    return low, high
