"""The command `score` prints a table of scores and may write the report for a platform to take in."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from evaluation.commands.columns import aligned
from evaluation.commands.exits import Exit
from evaluation.predictions import PredictionsUnreadable, read_predictions
from evaluation.reports import Report, write_report, write_whole
from evaluation.scoring import score
from evaluation.suites import load_suite

PROBLEMS = "problems.json"


def run_score(options: Namespace) -> Exit:
    """Score a prediction file; raises SuiteError for a bad suite and OSError for files out of reach."""
    suite = load_suite(options.suite)
    try:
        predictions = read_predictions(options.predictions, suite)
    except PredictionsUnreadable as error:
        for sentence in error.sentences():
            sys.stderr.write(f"{sentence}\n")
        if options.out:
            _write_problems(error, options.out)
        return Exit.UNREADABLE
    report = score(suite, predictions, only=options.only, progress=_progress if options.progress else None)
    if options.out:
        write_report(report, options.out)
    sys.stdout.write(table(report))
    return Exit.DONE


def table(report: Report) -> str:
    """Write the scores as an aligned table, and the notes below it as sentences."""
    rows = [("task", "part", "metric", "items", "score")]
    rows += [(task.task, task.part, task.metric, f"{task.items:,}", task.score) for task in report.tasks]
    return aligned(rows, right=frozenset({3, 4})) + "".join(
        f"{sentence}\n" for sentence in dict.fromkeys(note.sentence for note in report.notes)
    )


def _progress(done: int, total: int, task: str) -> None:
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
