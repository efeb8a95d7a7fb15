"""Prediction files of a million rows, read and checked against their suite: how long it takes, and how much memory."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
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

ROWS, ROUNDS = 1_000_000, 5
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
    """Yield the CPU time of reading each format, measured with `seconds`, beside two kinds of rivals.

    One parses the file and checks nothing; the other does the same job, with the names of the suite ready as ours are.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = written(folder)
        suite = load_suite(folder / "suite")
        names = suite.truths["risk"].names
        again = [seconds(lambda: replace(suite.truths["risk"]).names) for _ in range(ROUNDS)]
        yield Figure(f"{ROWS:,} names of a suite as a column, once a suite", again, "CPU-s")
        for what, file in files.items():
            own, theirs = in_turns(
                partial(read_predictions, file, suite),
                {"alone": plain_readers(file), "whole": checking_readers(file, "risk", names)},
                seconds,
            )
            yield beside(f"{what}: read and checked, beside parsing alone", own, theirs["alone"])
            yield beside(f"{what}: read and checked, beside the same job", own, theirs["whole"])
            plain = fastest(theirs["alone"])
            more = [one - other for one, other in zip(own, theirs["alone"][plain], strict=True)]
            yield Figure(f"  {what}: what checking adds to {plain}'s parsing", more, "CPU-s")
        whole = [seconds(lambda: score(suite, read_predictions(files["CSV"], suite))) for _ in range(ROUNDS)]
        yield Figure("  read, checked and scored by log_loss", whole, "CPU-s")
        if Path("/proc/self/clear_refs").exists():
            for what, file in files.items():
                yield Figure(f"  memory on top while {what} is read", [peak(folder / "suite", file)], "MB")


def in_turns(
    ours: Callable[[], object],
    rivals: Mapping[str, Mapping[str, Callable[[], object]]],
    seconds: Callable[..., float],
) -> tuple[list[float], dict[str, dict[str, list[float]]]]:
    """Measure ours and all rivals in turns; return our rounds, and those of every rival by what it does."""
    own: list[float] = []
    theirs: dict[str, dict[str, list[float]]] = {job: {name: [] for name in some} for job, some in rivals.items()}
    for _ in range(ROUNDS):
        own.append(seconds(ours))
        for job, some in rivals.items():
            for name, rival in some.items():
                theirs[job][name].append(seconds(rival))
    return own, theirs


def fastest(rounds: Mapping[str, Sequence[float]]) -> str:
    """Name the rival with the lowest median."""
    return min(rounds, key=lambda name: median(rounds[name]))


def beside(what: str, own: Sequence[float], rounds: Mapping[str, Sequence[float]]) -> Figure:
    """Set ours beside the fastest rival, and say what each took: its median and its best."""
    order = sorted(rounds, key=lambda name: median(rounds[name]))
    said = ", ".join(f"{name} {median(rounds[name]):.3f} (best {min(rounds[name]):.3f})" for name in order)
    return Figure(what, own, "CPU-s", rounds[order[0]], said)


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
