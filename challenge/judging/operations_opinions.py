"""Asks the instrument for second opinions on a board; the answer is kept by what it was computed from."""

import json
from decimal import Decimal
from functools import lru_cache
from math import isfinite

import numpy as np

from challenge.judging.opinions import Opinions, OtherRule
from challenge.standings.ranking import read_ranking
from leaderboards.aggregates import PRIMARY, RULES, Results
from leaderboards.other_tasks import points_over_tasks
from leaderboards.ranks import among_best, places


@lru_cache(maxsize=8)
def second_opinions(ranking: str, policy: str, *, winners: int) -> dict[str, Opinions]:
    """Compute second opinions on every ranked entry, by reference, from a standing's ranking and policy as kept.

    They rest on the task scores of the published ranking, so that anybody can compute them from the board's own file.
    """
    board, plain = read_ranking(ranking), json.loads(policy)
    if not board.entries:
        return {}
    tasks = plain["tasks"]
    signs = np.array([1.0 if task["higher_is_better"] else -1.0 for task in tasks])
    scores = np.full((len(board.entries), len(tasks)), np.nan)
    names = [task["name"] for task in tasks]
    for row, entry in enumerate(board.entries):
        for found in entry.tasks:
            if found.score is not None:
                scores[row, names.index(found.task)] = float(found.score)
    results = Results(
        entrants=tuple(entry.entrant for entry in board.entries),
        tasks=tuple(names),
        scores=scores * signs,
        floors=signs * np.array([float(task["floor"]) for task in tasks]),
        ceilings=signs * np.array([float(task["ceiling"]) for task in tasks]),
        weights=np.array([float(task["weight"]) for task in tasks]),
    )
    others = [rule for rule in RULES.values() if rule is not PRIMARY]
    worths = [rule(results) for rule in others]
    placed = [places(worth) for worth in worths]
    best = [among_best(worth, winners) for worth in worths]
    over = points_over_tasks(results, confidence=float(plain["confidence"]))
    return {
        entrant: Opinions(
            rules=tuple(
                OtherRule(
                    rule.title,
                    rule.definition,
                    int(placed[n][row]),
                    bool(best[n][row]),
                    rule.independent,
                )
                for n, rule in enumerate(others)
            ),
            low=_bound(float(over.low[row]), known=isfinite(float(over.errors[row]))),
            high=_bound(float(over.high[row]), known=isfinite(float(over.errors[row]))),
        )
        for row, entrant in enumerate(results.entrants)
    }


def _bound(value: float, *, known: bool) -> Decimal | None:
    return Decimal(f"{value:.4f}") if known else None
