"""What it takes to build a call's boards anew, public and private part together, on the demonstration's suite."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from sqlalchemy import delete, update

from challenge.standings.records import Board, Standing
from tests.bench.crowd import Crowd, Yardstick, stage_crowd, stage_results
from tests.bench.figures import Figure
from tests.bench.ground import environment, ground
from tests.bench.serving import ROOT

SIZES = ((100, 1, 2_000, 5), (1_000, 1, 2_000, 3), (1_000, 10, 2_000, 3), (1_000, 1, 10_000, 1))
"""Teams, submissions of each (the board ranks a team's latest), draws, rounds."""
NAIVE = "naive bootstrap of ranks, numpy"
RANK = "the instrument's rank() alone"
Costs = dict[str, float]
"""What a process of its own told: `wall` and `cpu` in seconds, `megabytes` at its peak, by what was done."""


def figures() -> Iterator[Figure]:
    """Yield wall time, CPU time and peak memory by number of submissions, each round in a fresh process."""
    yardstick = Yardstick.make()
    for teams, each, draws, rounds in SIZES:
        with ground() as cast:
            crowd = stage_crowd(cast, teams, draws=draws)
            stage_results(crowd, yardstick, each=each)
            ours, naive = [], []
            for _ in range(rounds):
                _forget(crowd)
                ours.append(_in_a_process(crowd, "build"))
                naive.append(_in_a_process(crowd, "naive"))
        yield from _told(f"{teams * each:,} submissions of {teams:,} teams, {draws:,} draws", ours, naive)


def _told(size: str, ours: list[Costs], naive: list[Costs]) -> Iterator[Figure]:
    def all_of(costs: list[Costs], name: str) -> list[float]:
        return [one[name] for one in costs]

    yield Figure(size, all_of(ours, "wall"), "s", all_of(naive, "wall"), NAIVE)
    yield Figure("  its CPU time", all_of(ours, "cpu"), "CPU-s", all_of(naive, "cpu"), NAIVE)
    yield Figure("  the same", all_of(ours, "cpu"), "CPU-s", all_of(naive, "rank_cpu"), RANK)
    yield Figure("  once more after one change", all_of(ours, "again_cpu"), "CPU-s", all_of(naive, "rank_cpu"), RANK)
    yield Figure("  peak memory of the process", all_of(ours, "megabytes"), "MB", all_of(naive, "megabytes"), NAIVE)


def _forget(crowd: Crowd) -> None:
    """Take every board back to where it was never built."""
    with crowd.cast.house.database.transaction() as session:
        session.execute(delete(Standing))
        session.execute(update(Board).values(version=0, fingerprint=""))


def _in_a_process(crowd: Crowd, deed: str) -> Costs:
    house = crowd.cast.house
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.building", deed], cwd=ROOT, env={**os.environ, **environment(house)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    costs: Costs = json.loads(done.stdout)
    return costs
