"""Measures by the instrument how far two boards of one suite differ, from the item scores that they were made from."""

import json
import threading
from functools import lru_cache
from typing import NamedTuple

from challenge.foundation.files import FileStore
from challenge.standings.operations_items import read_scores
from challenge.standings.shake_up import Measured, Optimism
from leaderboards import Policy, guards
from leaderboards.refusals import GuardError

_TURN = threading.Lock()
"""One at a time in a process: all the item scores of two boards are in memory meanwhile."""


class Kept(NamedTuple):
    """What a standing keeps of its origin: the digest of its item scores, and its policy as text."""

    scores_sha256: str
    policy: str


@lru_cache(maxsize=64)
def measured(files: FileStore, public: Kept, private: Kept) -> Measured | None:
    """Compare two standings of one suite by the private policy, on the tasks that both parts have.

    Kept by the digests of the scores, so it is computed once for two versions; names are references. None where nobody
    has every item of both parts. Raises ItemsDamaged where the item scores are no more.
    """
    policies = [json.loads(one.policy) for one in (public, private)]
    here, there = ({task["name"] for task in plain["tasks"]} for plain in policies)
    tasks = [task for task in policies[1]["tasks"] if task["name"] in here & there]
    if not tasks:
        return None
    with _TURN:
        before, after = (read_scores(files, one.scores_sha256, tasks=here & there) for one in (public, private))
        try:
            found = guards.shake_up(before, after, Policy.from_dict({**policies[1], "tasks": tasks}))
        except GuardError:
            return None
    return Measured(
        tau=found.tau,
        mean=_optimism(found.optimism),
        by_reference={move.entrant: _optimism(move.optimism) for move in found.moves},
    )


def _optimism(found: guards.Optimism) -> Optimism:
    return Optimism(found.points, found.low, found.high)
