"""One thread or two, this processor's kernel or another's, rows in any order: the same digests, to the last bit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIGESTS = """
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
import numpy as np, pandas as pd
from leaderboards import Policy, ScoreTable, TaskPolicy, rank, write_bundle
from leaderboards.aggregates import RULES
from leaderboards.resampling import resample

rng = np.random.default_rng(5)
parts = []
for task, unit in (("right", 1), ("graded", 10_000)):
    values = rng.integers(0, unit + 1, (60, 700)) // np.arange(1, 61)[:, None] * 2 // 3
    values[7] = values[6]
    parts.append(pd.DataFrame({
        "entrant": np.repeat([f"E{n:02}" for n in range(60)], 700), "task": task,
        "item": np.tile([f"i{n:03}" for n in range(700)], 60),
        "cluster": np.tile([f"c{n // (1 if task == 'right' else 3):03}" for n in range(700)], 60),
        "value": values.ravel()}))
frame = pd.concat(parts)
if sys.argv[1] == "shuffled":
    frame = frame.sample(frac=1, random_state=1)
scores = ScoreTable.from_frame(frame)
policy = Policy((TaskPolicy("right", 0, 1, unit=1), TaskPolicy("graded", 0, 1, weight=0.3)), draws=1_000)
ranking = rank(scores, policy)
print(ranking.digest())
coarse = ScoreTable.from_frame(frame.assign(cluster=[f"k{int(name[1:]) % 20:02}" for name in frame["cluster"]]))
print(rank(coarse, replace(policy, few_clusters="signs")).digest())
for name in ("average_rank", "mean_win_rate", "fixed_anchor", "z_score", "copeland", "median_rank"):
    print(resample(scores, policy, rule=RULES[name], draws=1_200 if name == "average_rank" else 200).digest())
with TemporaryDirectory() as folder:
    print(write_bundle(Path(folder) / "b.json", policy=policy, scores=scores, ranking=ranking))
"""


def digests(order: str = "sorted", **chosen: str) -> list[str]:
    found = subprocess.run(
        [sys.executable, "-c", DIGESTS, order],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"} | chosen,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return found.stdout.split()


@pytest.fixture(scope="module")
def expected() -> list[str]:
    return digests()


@pytest.mark.parametrize(
    ("order", "chosen"),
    [
        ("sorted", {"OPENBLAS_NUM_THREADS": "2"}),
        ("sorted", {"OPENBLAS_CORETYPE": "Haswell"}),
        ("shuffled", {"OPENBLAS_NUM_THREADS": "2"}),
    ],
)
def test_boards_draws_and_bundles_are_the_same_bits(order: str, chosen: dict[str, str], expected: list[str]) -> None:
    assert digests(order, **chosen) == expected
    assert [len(one) for one in expected] == [64] * 9
    assert len(set(expected)) == 9
