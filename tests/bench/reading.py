"""Prediction files of a million rows, read and checked against their suite: how long it takes, and how much memory."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from evaluation import load_suite, read_predictions, score
from tests.bench.figures import Figure
from tests.bench.reading_rivals import checking_readers, plain_readers

ROWS, ROUNDS = 1_000_000, 3
MANIFEST = """\
name: large
version: "1"
title: Large
split: {seed: 1, public_share: 0.5}
tasks:
- {name: risk, title: Risk, kind: probability, metric: log_loss, floor: 1, ceiling: 0}
"""
PEAK = """\
import sys
from evaluation import load_suite, read_predictions

def memory(line):
    return next(int(row.split()[1]) for row in open("/proc/self/status") if row.startswith(line)) / 1024

suite = load_suite(sys.argv[1])
open("/proc/self/clear_refs", "w").write("5")  # the highest so far is now what is there
before = memory("VmRSS")
read_predictions(sys.argv[2], suite)
print(memory("VmHWM") - before)
"""
"""Prints by how many MB a process grows at most while it reads; Linux only."""


def reading_figures(seconds: Callable[[Callable[[], object]], float]) -> Iterator[Figure]:
    """Yield the CPU time of reading each format, beside the fastest rival, measured with `seconds`."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = written(folder)
        suite = load_suite(folder / "suite")
        items = suite.truths["risk"].items
        for what, file in files.items():
            ours = partial(read_predictions, file, suite)
            yield beside(
                f"{ROWS:,} rows of {what}, read and checked", ours, checking_readers(file, "risk", items), seconds
            )
            yield beside("  the same, the rival reading alone", ours, plain_readers(file), seconds)
        whole = [seconds(lambda: score(suite, read_predictions(files["CSV"], suite))) for _ in range(ROUNDS)]
        yield Figure("  read, checked and scored by log_loss", whole, "CPU-s")
        if Path("/proc/self/clear_refs").exists():
            for what, file in files.items():
                yield Figure(f"  memory on top while {what} is read", [peak(folder / "suite", file)], "MB")


def beside(
    what: str, ours: Callable[[], object], rivals: Mapping[str, Callable[[], object]], seconds: Callable[..., float]
) -> Figure:
    """Measure ours and all rivals in turns, and set it beside the fastest of them."""
    own: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(ROUNDS):
        own.append(seconds(ours))
        for name, rival in rivals.items():
            theirs[name].append(seconds(rival))
    order = sorted(theirs, key=lambda name: median(theirs[name]))
    said = ", ".join(f"{name} {median(theirs[name]):.2f}" for name in order)
    return Figure(what, own, "CPU-s", theirs[order[0]], said)


def peak(suite: Path, file: Path) -> float:
    """Measure in a process of its own by how many MB it grows while it reads."""
    command = [sys.executable, "-c", PEAK, str(suite), str(file)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def written(folder: Path) -> dict[str, Path]:
    """Write a suite and its predictions in every format, and in CSV also in another order than the suite's."""
    (folder / "suite" / "items").mkdir(parents=True)
    (folder / "suite" / "suite.yaml").write_text(MANIFEST)
    items = "".join(f"item-{number},{number % 2}\n" for number in range(ROWS))
    (folder / "suite" / "items" / "risk.csv").write_text("item,label\n" + items)
    rng = np.random.default_rng(1)
    chances = [f"{chance:.6f}" for chance in rng.random(ROWS)]
    files = {
        "CSV": folder / "ordered.csv",
        "CSV in any order": folder / "shuffled.csv",
        "JSON Lines": folder / "ordered.jsonl",
        "Parquet": folder / "ordered.parquet",
    }
    rows = [f"risk,item-{number},{chance}\n" for number, chance in enumerate(chances)]
    files["CSV"].write_text("task,item,prediction\n" + "".join(rows))
    shuffled = "".join(rows[place] for place in rng.permutation(ROWS))
    files["CSV in any order"].write_text("task,item,prediction\n" + shuffled)
    objects = (
        f'{{"task": "risk", "item": "item-{number}", "prediction": {chance}}}\n'
        for number, chance in enumerate(chances)
    )
    files["JSON Lines"].write_text("".join(objects))
    names = [f"item-{number}" for number in range(ROWS)]
    floats = np.array(chances, dtype=np.float64)
    pq.write_table(pa.table({"task": ["risk"] * ROWS, "item": names, "prediction": floats}), files["Parquet"])
    return files
