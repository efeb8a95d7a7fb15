"""One thread and two, and another kernel, give the same bits: all that is added up by a BLAS is an integer."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import hashlib
from fractions import Fraction
import numpy as np
from leaderboards.comparisons import Paired, PairedTask, permutation_tests
from leaderboards.guards import Answers, likeness

rng = np.random.default_rng(1)
task = PairedTask("qa", rng.integers(0, 100, (30, 700)), Fraction(3), Fraction(36_000), Fraction(0), Fraction(1, 7))
tests = permutation_tests(Paired(tuple(map(str, range(30))), (task,)), draws=500, seed=3)
answers = Answers(tuple(map(str, range(40))), rng.integers(0, 4, (40, 5_000), np.int32), np.zeros(5_000, np.int32))
print(hashlib.sha256(likeness(answers).z().tobytes() + repr(tests).encode()).hexdigest())
"""


def digest(**settings: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])} | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_threads_and_kernels_leave_no_trace() -> None:
    one = digest(OPENBLAS_NUM_THREADS="1")
    assert len(one) == 65
    assert digest(OPENBLAS_NUM_THREADS="2") == one
    assert digest(OPENBLAS_NUM_THREADS="1", OPENBLAS_CORETYPE="Haswell") == one
