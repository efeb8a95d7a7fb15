"""The command `score` prints a table of scores and may write the report for a platform to take in."""

import io
import json
import sys
from argparse import Namespace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from evaluation.commands.columns import aligned
from evaluation.commands.exits import Exit
from evaluation.intervals import intervals_of
from evaluation.predictions import PredictionLimits, PredictionsUnreadable, read_predictions
from evaluation.predictions.csv_columns import csv_columns
from evaluation.predictions.jsonl_columns import jsonl_columns
from evaluation.reports import ITEM_SCHEMA, Report, items_bytes, write_report, write_whole
from evaluation.scoring import score
from evaluation.suites import load_suite

PROBLEMS = "problems.json"
ROOM_FOR_A_FILE = 64 * 2**20


def run_score(options: Namespace) -> Exit:
    """Score a prediction file; raises SuiteError for a bad suite and OSError for files out of reach."""
    suite = load_suite(options.suite)
    if options.progress:
        _make_ready()
        progress_line(0, suite.size, "")
    try:
        predictions = read_predictions(options.predictions, suite)
    except PredictionsUnreadable as error:
        for sentence in error.sentences():
            sys.stderr.write(f"{sentence}\n")
        if options.out:
            _write_problems(error, options.out)
        return Exit.UNREADABLE
    report = score(suite, predictions, only=options.only, progress=progress_line if options.progress else None)
    if options.out:
        write_report(report, options.out)
    if not options.quiet:
        sys.stdout.write(table(report))
    return Exit.DONE


def table(report: Report) -> str:
    """Write the scores with their 95 % intervals as an aligned table, and the notes below it as sentences."""
    rows = [("task", "part", "metric", "items", "score", "low", "high")]
    for task, found in zip(report.tasks, intervals_of(report), strict=True):
        bounds = (f"{found.low:.6f}", f"{found.high:.6f}") if found else ("-", "-")
        rows.append((task.task, task.part, task.metric, f"{task.items:,}", task.score, *bounds))
    return aligned(rows, right=frozenset({3, 4, 5, 6})) + "".join(
        f"{sentence}\n" for sentence in dict.fromkeys(note.sentence for note in report.notes)
    )


def _make_ready() -> None:
    """Take up what any file needs, and see that there is room for one; raises MemoryError.

    Libraries load parts of themselves, and start threads, only when first used. Whoever hears that scoring has begun
    may blame a want of memory or time on the predictions, so it is said only after this.
    """
    bytes(ROOM_FOR_A_FILE)  # before, as libraries that run out of memory break in uglier ways than Python does
    row = {"task": [""], "item": [""], "cluster": [""], "part": [""], "value": np.zeros(1, np.int64)}
    written = items_bytes(pa.table(row, schema=ITEM_SCHEMA))
    list(pq.ParquetFile(io.BytesIO(written)).iter_batches())
    for read, text in (
        (csv_columns, b"task,item,prediction\n,,\n"),
        (jsonl_columns, b'{"task":"","item":"","prediction":1}\n'),
    ):
        list(read(io.BytesIO(text), limits=PredictionLimits(), max_rows=2))
    bytes(ROOM_FOR_A_FILE)


def progress_line(done: int, total: int, task: str) -> None:
    """Print how far scoring is as a line of JSON on standard error."""
    sys.stderr.write(json.dumps({"done": done, "total": total, "task": task}) + "\n")
    sys.stderr.flush()


def _write_problems(error: PredictionsUnreadable, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    problems = [
        {"line": problem.line, "column": problem.column, "found": problem.found, "sentence": problem.sentence}
        for problem in error.problems
    ]
    text = json.dumps({"count": error.count, "problems": problems}, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(folder / PROBLEMS, text.encode() + b"\n")
