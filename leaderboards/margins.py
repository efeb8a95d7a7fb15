"""How far an interval reaches around a score or an entrant's points, also where nothing varied or the clip bites.

A policy asks for it by `unvaried`: bounds; one that does not has intervals from the spread alone, as there were before.

Where all G clusters of a task have the same score, their spread is 0 and says nothing about other clusters. A share p
of those may differ as long as (1 − p)^G ≥ 1 − confidence, so p ≤ 1 − (1 − confidence)^(1/G), about 3/G at 95 % (Hanley
and Lippman-Hand 1983, JAMA 249:1743). A cluster that differs lies anywhere between the task's bounds, and so the score
s between s − p·(s − least) and s + p·(most − s); a bound that the policy does not give is none.

Points follow the delta method where the clip does not bite. Where it does, or where nothing varied, a task's points
move between those of the two ends of its score's interval; such moves join the rest as the root of the sum of squares.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import hypot, isnan

from leaderboards.decimals import as_written
from leaderboards.policy import Policy, TaskPolicy, Unvaried
from leaderboards.uncertainty import Uncertainty
from leaderboards.utility import TaskUtility, share, utility_of


@dataclass(frozen=True)
class Reach:
    """How far an interval goes down and up from what it is about, in units of that, each at least 0."""

    down: float
    up: float


def reach_of_score(score: Fraction, *, half: float, clusters: int, task: TaskPolicy, policy: Policy) -> Reach | None:
    """Return the reach of a score's interval; None where fewer than two clusters leave its spread unknown.

    half: half-width from the spread of the `clusters`, NaN where it is unknown. task: one of the `policy`'s.
    """
    if isnan(half):
        return None
    if half > 0 or policy.unvaried is Unvaried.SPREAD:
        return Reach(half, half)
    differing = 1 - (1 - policy.confidence) ** (1 / clusters)
    down = 0.0 if task.least is None else max(float(score - as_written(task.least)), 0.0)
    up = 0.0 if task.most is None else max(float(as_written(task.most) - score), 0.0)
    return Reach(differing * down, differing * up)


def reach_of_points(
    found: tuple[TaskUtility, ...], place: int, *, half: float, uncertainty: Uncertainty, policy: Policy
) -> Reach:
    """Return the reach of the interval of one entrant's points, `half` being what the delta method gives.

    found: the entrant's results by task, in the policy's order; place: the entrant's, in `uncertainty`.
    """
    down, up = half, half
    if policy.unvaried is Unvaried.SPREAD:
        return Reach(down, up)
    for number, (one, task) in enumerate(zip(found, policy.tasks, strict=True)):
        spread = float(uncertainty.half_widths[number][place])
        if one.score is None or (spread > 0 and not one.clipped):
            continue
        reach = reach_of_score(one.score, half=spread, clusters=uncertainty.clusters[number], task=task, policy=policy)
        if reach is None:
            continue
        ends = (
            utility_of(one.score - Fraction(reach.down), task),
            utility_of(one.score + Fraction(reach.up), task),
        )
        worth = share(policy, task)
        down = hypot(down, float(worth * (one.utility - min(*ends, one.utility))))
        up = hypot(up, float(worth * (max(*ends, one.utility) - one.utility)))
    return Reach(down, up)
