"""Files that commands write whichever way an entry was come by: its answers, and what is wrong with it."""

import csv
import io
import json
from pathlib import Path

from evaluation.commands.score import PROBLEMS
from evaluation.engines.answers import Answers
from evaluation.reports import write_whole
from evaluation.suites import Suite
from evaluation.tasks import written


def answers_file(suite: Suite, answers: Answers) -> str:
    """Write the answers as the file of predictions a team would have sent."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["task", "item", "prediction"])
    for task in suite.tasks:
        for item, answer in zip(suite.truths[task.name].items, answers[task.name], strict=True):
            writer.writerow([task.name, item, written(answer)])
    return buffer.getvalue()


def write_problem(folder: Path, name: str, error: Exception) -> None:
    """Write why there is no report into problems.json: the name of the reason, and its sentence."""
    problem = {"line": 0, "column": "", "found": type(error).__name__, "sentence": str(error)}
    text = json.dumps({"count": 1, "kind": name, "problems": [problem]}, ensure_ascii=False, indent=1, sort_keys=True)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / PROBLEMS, text.encode() + b"\n")
