"""Two finalists side by side: how far apart, how sure, and whether the difference matters in practice."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import inf, sqrt
from typing import Any

from scipy.special import stdtrit

from leaderboards.comparisons.completeness import complete
from leaderboards.comparisons.paired import Paired, TaskDifference, paired
from leaderboards.comparisons.permutation import PermutationTest, permutation_tests
from leaderboards.comparisons.practical import Practical, sign_test, signed_rank_test
from leaderboards.decimals import from_exact, from_float, spelled
from leaderboards.policy import Policy
from leaderboards.refusals import ComparisonError
from leaderboards.scores import ScoreTable
from leaderboards.utility import FULL_MARKS


@dataclass(frozen=True)
class Gap:
    """How many points the first is above the second; the interval is None where no spread can be estimated."""

    points: Decimal
    se: Decimal | None
    low: Decimal | None
    high: Decimal | None

    def to_dict(self) -> dict[str, Any]:
        """Return the four numbers as decimal strings, null where there is none."""
        return {
            "points": spelled(self.points),
            "se": spelled(self.se),
            "low": spelled(self.low),
            "high": spelled(self.high),
        }


@dataclass(frozen=True)
class Finalists:
    """A comparison of two entrants on the items of a table.

    gap: of the points over all tasks, Welch's degrees of freedom; tasks: what each contributes to it, in points, with
    an interval of its own; permutation: over the clusters of the items, the tasks being fixed; sign and signed_rank:
    over the tasks, each on its own scale from 0 (floor) to 100 (ceiling), with a region of ± rope on that scale.
    """

    first: str
    second: str
    gap: Gap
    tasks: tuple[tuple[str, Gap], ...]
    permutation: PermutationTest
    rope: Fraction
    sign: Practical
    signed_rank: Practical
    policy_digest: str
    scores_digest: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types in which every real number is a decimal string."""
        test = self.permutation
        return {
            "first": self.first,
            "second": self.second,
            "difference": self.gap.to_dict(),
            "tasks": [{"task": task, **gap.to_dict()} for task, gap in self.tasks],
            "permutation": {"p": spelled(from_exact(test.p)), "clusters": test.clusters, "draws": test.draws},
            "rope": spelled(from_exact(self.rope)),
            "sign": self.sign.to_dict(),
            "signed_rank": self.signed_rank.to_dict(),
            "policy_digest": self.policy_digest,
            "scores_digest": self.scores_digest,
        }


def compare(scores: ScoreTable, policy: Policy, first: str, second: str, *, rope: Fraction) -> Finalists:
    """Compare two entrants with the policy's confidence, draws and seed; `rope` is in points of a single task.

    Raises ComparisonError where one of the two is unknown, lacks a result, or is the other.
    """
    if first == second:
        raise ComparisonError(f"{first!r} is named twice; name two entrants.")
    table = complete(scores, policy, entrants=(first, second))
    given = paired(table, policy)
    rows = table.entrants.index(first), table.entrants.index(second)
    found = given.difference(*rows)
    test = permutation_tests(given, draws=policy.draws, seed=policy.seed, pairs=[rows])[0]
    steps = _steps(given, rows)
    return Finalists(
        first=first,
        second=second,
        gap=gap(found, policy),
        tasks=tuple((one.task, gap((one,), policy)) for one in found),
        permutation=test,
        rope=rope,
        sign=sign_test(steps, rope=rope, draws=policy.draws, seed=policy.seed),
        signed_rank=signed_rank_test(steps, rope=rope, draws=policy.draws, seed=policy.seed),
        policy_digest=policy.digest(),
        scores_digest=scores.digest(),
    )


def gap(tasks: tuple[TaskDifference, ...], policy: Policy) -> Gap:
    """Add up the differences of tasks, with t(ν)·SE by Welch (1947) and Satterthwaite (1946)."""
    points = sum((one.points for one in tasks), Fraction(0))
    variances = [one.variance for one in tasks]
    if any(variance is None for variance in variances):
        return Gap(from_exact(points), None, None, None)
    known = [Fraction(0) if variance is None else variance for variance in variances]
    total = sum(known, Fraction(0))
    error = sqrt(total)
    below = sum(
        (variance**2 / (one.clusters - 1) for variance, one in zip(known, tasks, strict=True) if variance), Fraction(0)
    )
    freedom = inf if below == 0 else float(total**2 / below)
    half = from_float(float(stdtrit(min(freedom, 1e7), (1 + policy.confidence) / 2)) * error)
    middle = from_exact(points)
    return Gap(middle, from_float(error), middle - half, middle + half)


def _steps(given: Paired, rows: tuple[int, int]) -> list[Fraction]:
    """Compute the differences of utility on each task, times 100: on its own scale, whatever its weight."""
    steps = []
    for task in given.tasks:
        one, other = (task.points(int(task.sums[row].sum())) for row in rows)
        steps.append(FULL_MARKS * (one - other) / (abs(task.slope) * (task.most - task.least)))
    return steps
