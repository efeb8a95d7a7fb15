"""Builds boards in a process of its own and writes what that took: `python -m tests.bench.building build|naive`."""

import io
import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select, update

from challenge.app import open_house
from challenge.foundation.settings import Settings
from challenge.standings.operations_rebuild import rebuild_due
from challenge.standings.records import Standing
from challenge.teams.records import Team
from challenge.web.house import House
from leaderboards import Policy, ScoreTable, rank
from tests.bench.machine import peak_megabytes


def build(house: House) -> dict[str, float]:
    """Build the boards, then once more after one team has changed its name, as a worker that goes on working does."""
    now = house.clock.now()
    wall, cpu = _timed(lambda: rebuild_due(house.database, house.files, now=now))
    megabytes = peak_megabytes()
    with house.database.transaction() as session:
        first = select(Team.id).order_by(Team.id).limit(1).scalar_subquery()
        session.execute(update(Team).where(Team.id == first).values(name=f"Renamed at {now:%H:%M:%S.%f}"))
    later = now + timedelta(minutes=1)  # a large board rests half a minute
    _, again = _timed(lambda: rebuild_due(house.database, house.files, now=later))
    return {"wall": wall, "cpu": cpu, "megabytes": megabytes, "again_cpu": again}


def naive(house: House) -> dict[str, float]:
    """Bootstrap the ranks of the same boards in a plain loop over draws, and call the instrument by itself.

    The loop's intervals hold for each entry alone and say nothing about all of them together, so it does less.
    """
    with house.database.reading() as session:
        latest = session.scalars(select(Standing).order_by(Standing.board_id, Standing.version.desc())).all()
        standings = list({one.board_id: one for one in reversed(latest)}.values())
    boards = []
    for standing in standings:
        with house.files.open(standing.scores_sha256) as stream:
            frame = pd.read_parquet(io.BytesIO(stream.read()))
        boards.append((Policy.from_dict(json.loads(standing.policy)), ScoreTable.from_frame(frame)))
    wall, cpu = _timed(lambda: [_bootstrap(scores, policy) for policy, scores in boards])
    megabytes = peak_megabytes()
    _, alone = _timed(lambda: [rank(scores, policy) for policy, scores in boards])
    return {"wall": wall, "cpu": cpu, "megabytes": megabytes, "rank_cpu": alone}


def _bootstrap(scores: ScoreTable, policy: Policy) -> NDArray[np.float64]:
    rng = np.random.default_rng(policy.seed)
    ranks = np.empty((policy.draws, len(scores.entrants)))
    for draw in range(policy.draws):
        points = np.zeros(len(scores.entrants))
        for task, block in zip(policy.tasks, (scores.task(task.name) for task in policy.tasks), strict=True):
            assert block is not None
            chosen = rng.integers(0, len(block.items), len(block.items))
            mean = block.values[:, chosen].mean(axis=1) / task.unit
            points += task.weight * np.clip((mean - task.floor) / (task.ceiling - task.floor), 0, 1)
        ranks[draw] = (-points).argsort().argsort() + 1
    return np.percentile(ranks, [2.5, 97.5], axis=0)


def _timed(deed: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    deed()
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    opened = open_house(Settings.from_environment())
    sys.stdout.write(json.dumps({"build": build, "naive": naive}[sys.argv[1]](opened)))
    opened.database.close()
