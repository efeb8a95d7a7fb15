"""One prediction file is read for the whole suite, streamed, and either wholly accepted or explained."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from evaluation.predictions.answer_texts import MEASURED, WORDY, measured
from evaluation.predictions.columns import read_columns
from evaluation.predictions.problems import Problems, StopReading
from evaluation.predictions.row_reading import read_rows
from evaluation.predictions.rows import PredictionLimits
from evaluation.predictions.text_blocks import Unusual
from evaluation.suites import Suite
from evaluation.tasks import Answer


@dataclass(frozen=True)
class Predictions:
    """The answers of one file, per task in the order of the suite's items, and the file's SHA-256."""

    answers: Mapping[str, tuple[Answer, ...]]
    sha256: str


def read_predictions(
    path: str | Path, suite: Suite, *, limits: PredictionLimits | None = None, measured_too: bool = False
) -> Predictions:
    """Read a file of the columns task, item, prediction (CSV, JSON Lines or Parquet by its content).

    `measured_too` takes answers that only an engine of ours can know, as in the reference entries of a suite.
    Raises PredictionsUnreadable with the first 20 problems and the count of all, OSError if it cannot be opened.
    """
    bounds = limits or PredictionLimits()
    if not any(task.kind in WORDY for task in suite.tasks):
        bounds = replace(bounds, text=0)
    problems = Problems()
    answers: Mapping[str, tuple[Answer, ...]] = {}
    sha256 = ""
    with Path(path).open("rb") as file:
        try:
            unasked = [task.name for task in suite.tasks if task.kind in MEASURED]
            if unasked and not measured_too:
                raise problems.stop(0, "", "", f"cannot answer this suite: {measured(unasked)}")
            size = file.seek(0, 2)
            file.seek(0)
            if size > bounds.file_bytes:
                raise problems.stop(0, "", "", f"has {size:,} bytes; at most {bounds.file_bytes:,} are read.")
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            answers = _answers(file, suite, bounds, problems)
        except StopReading:
            pass
    problems.check()
    return Predictions(answers, sha256)


def _answers(
    file: BinaryIO, suite: Suite, limits: PredictionLimits, problems: Problems
) -> Mapping[str, tuple[Answer, ...]]:
    try:
        file.seek(0)
        return read_columns(file, suite, limits=limits)
    except Unusual:
        file.seek(0)
        return read_rows(file, suite, limits=limits, problems=problems)
