"""A small evaluation whose result is known: a host that gets it wrong is out of order and not believed."""

import hashlib
import io
import json
import tempfile
import zipfile
from pathlib import Path

from challenge.runs.executors_job import Evaluate, Job
from challenge.runs.states import Outcome

MANIFEST = """\
name: known-sample
version: "1"
title: Known sample
split: {seed: 1, public_share: 1}
tasks:
- {name: sample, title: Sample, kind: classification, metric: accuracy, floor: 0, ceiling: 1, labels: ["no", "yes"]}
"""
TRUTH = "item,label\na,yes\nb,no\nc,yes\nd,no\n"
PREDICTIONS = "task,item,prediction\nsample,a,yes\nsample,b,no\nsample,c,yes\nsample,d,yes\n"
KNOWN = {"task": "sample", "part": "public", "items": 4, "sum": 30_000, "score": "0.750000"}


def why_unfit(evaluate: Evaluate, folder: Path) -> str:
    """Evaluate the sample below `folder`; return why this host is out of order, the empty text if it is not."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="sample-", dir=folder, ignore_cleanup_errors=True) as name:
        suite, predictions = Path(name, "suite.zip"), Path(name, "predictions")
        try:
            suite.write_bytes(_packed())
            predictions.write_text(PREDICTIONS)
            finished = evaluate(_job(suite, predictions), lambda _progress: True)
        except OSError as error:
            return f"The known sample could not be evaluated: {error}"
    if finished.outcome is not Outcome.SCORED:
        return f"The known sample ended as {finished.outcome}: {finished.explanation}"
    try:
        (found,) = json.loads(finished.meta)["tasks"]
        told = {key: found[key] for key in KNOWN}
    except (ValueError, KeyError, TypeError):
        return "The known sample's report cannot be read."
    return "" if told == KNOWN else f"The known sample came out as {told}, not as {KNOWN}."


def _packed() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("suite.yaml", MANIFEST)
        archive.writestr("items/sample.csv", TRUTH)
    return packed.getvalue()


def _job(suite: Path, predictions: Path) -> Job:
    def sha256(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    return Job("known sample", suite, sha256(suite), "", predictions, sha256(predictions))
