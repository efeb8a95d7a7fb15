"""How many programs of a model are tested in a second, each in a sandbox of its own, beside Python alone."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from evaluation.engines import Outcome, tried, why_not_code
from evaluation.engines.testing import PYTHON
from tests.bench.figures import Figure
from tests.evaluation.public_sets.here import FOLDER, humaneval_rows

PROBLEMS, ROUNDS = 41, 3
"""Every fourth problem of HumanEval, with its canonical solution."""


def figures() -> Iterator[Figure]:
    """Yield rates and processor time; nothing where there is no sandbox or no HumanEval."""
    file = FOLDER / "humaneval/HumanEval.jsonl.gz"
    why_not = why_not_code() or (None if file.exists() else f"HumanEval is not here: {file}")
    if why_not:
        sys.stderr.write(f"{why_not}\n")
        return
    rows = humaneval_rows()[:: 164 // PROBLEMS]
    pairs = [
        (row["prompt"] + row["canonical_solution"], f"{row['test']}\ncheck({row['entry_point']})\n") for row in rows
    ]
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        began, used = time.perf_counter(), 0.0
        for program, tests in pairs:
            found = tried(program, tests)
            assert found.outcome is Outcome.PASSED, found
            used += found.cpu_seconds
        ours.append((time.perf_counter() - began, used))
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        for program, tests in pairs:
            subprocess.run([PYTHON, "-I", "-c", f"{program}\n{tests}"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        bare.append((time.perf_counter() - began, used))
    alone = "program and tests in one Python, no sandbox"
    count = len(pairs)
    rates = [[count / seconds for seconds, _ in rounds] for rounds in (ours, bare)]
    yield Figure("programs tested, one after the other", rates[0], "1/s", rates[1], alone)
    costs = [[used / count * 1000 for _, used in rounds] for rounds in (ours, bare)]
    yield Figure("  processor time of each", costs[0], "CPU-ms", costs[1], alone)
