"""Computes by the instrument how far a standing's best n hang on choices that could have been made otherwise."""

import json
import threading
from decimal import Decimal
from functools import lru_cache
from math import isfinite

from challenge.foundation.files import FileStore
from challenge.standings.choices import Choice, Choices, Column, OverTasks
from challenge.standings.operations_items import read_scores
from leaderboards import Policy
from leaderboards.aggregates import RULES, Results, places
from leaderboards.decimals import from_float
from leaderboards.other_tasks import points_over_tasks
from leaderboards.sensitivity import sensitivity, worths_by_rule

BESIDE = 4
"""How many entrants below the cut are shown with their points over other tasks."""
_TURN = threading.Lock()
"""One at a time in a process: all the item scores of a board are in memory meanwhile."""


@lru_cache(maxsize=64)
def choices(files: FileStore, scores_sha256: str, policy_text: str, winners: int) -> Choices:
    """Vary rule, tasks and weights of a standing with at least one ranked entry; raise ItemsDamaged without its scores.

    Kept by the digest of the scores and the policy, so it is computed once a version; names are references.
    """
    with _TURN:
        policy = Policy.from_dict(json.loads(policy_text))
        results = Results.of(read_scores(files, scores_sha256), policy)
    worths = worths_by_rule(results)
    found = sensitivity(results, places=winners, seed=policy.seed, worths=worths)
    # an entrant's place under each rule, and the order of the page by that under the call's own
    ranked = {name: [int(one) for one in places(worth)] for name, worth in worths.items()}
    primary = next(iter(ranked.values()))
    order = sorted(range(len(results.entrants)), key=lambda row: (primary[row], results.entrants[row]))
    over = points_over_tasks(results, confidence=policy.confidence)
    leading = [row for row in order if primary[row] <= winners + BESIDE]
    return Choices(
        places=winners,
        best=found.best,
        entrants=tuple(results.entrants[row] for row in order),
        columns=tuple(
            Column(rule.name, rule.title, rule.definition, tuple(ranked[rule.name][row] for row in order))
            for rule in RULES.values()
        ),
        varied=tuple(Choice(one.choice.value, one.name, one.best, one.joined, one.gone) for one in found.variations),
        draws=found.sweep.draws,
        among_best=found.sweep.among_best,
        over_tasks=tuple(
            OverTasks(
                results.entrants[row],
                from_float(float(over.points[row])),
                _bound(float(over.low[row]), known=isfinite(over.errors[row])),
                _bound(float(over.high[row]), known=isfinite(over.errors[row])),
            )
            for row in leading
        ),
    )


def _bound(value: float, *, known: bool) -> Decimal | None:
    return from_float(value) if known else None
