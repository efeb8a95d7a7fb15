"""A starter is the suite a team may hold: labels of the public items, and the names of the private ones."""

import csv
import io
import json
from pathlib import Path

import yaml

from evaluation.suites.fields import MANIFEST
from evaluation.suites.inputs import inputs_file
from evaluation.suites.loading import load_suite, suite_files
from evaluation.suites.suite import Inputs, SuiteError, Truth
from evaluation.suites.truth_rows import items_file
from evaluation.tasks import Answer, Part, written
from evaluation.yaml_reading import read_yaml


def starter_files(path: str | Path) -> dict[str, bytes]:
    """Make the files of a suite's starter, without any private label or cluster; raises SuiteError."""
    suite = load_suite(path)
    if suite.starter_of:
        raise SuiteError(f"{MANIFEST}: starter_of: this is a starter already; give the full suite")
    declared = read_yaml(suite_files(path)[MANIFEST].decode("utf-8-sig"))
    if not isinstance(declared, dict):
        raise SuiteError(f"{MANIFEST}: write a mapping of keys and values here")
    text = yaml.safe_dump({**declared, "starter_of": suite.digest}, sort_keys=True, allow_unicode=True)
    files = {MANIFEST: text.encode()}
    for task in suite.tasks:
        files[items_file(task.name)] = _public_rows(suite.truths[task.name])
        if task.name in suite.inputs:
            shown = _shown_items(suite.truths[task.name], whole=declared.get("starter_inputs") == "all")
            files[inputs_file(task.name)] = _input_rows(suite.inputs[task.name], shown)
    return files


def write_starter(path: str | Path, folder: str | Path) -> None:
    """Write a suite's starter into a new or empty folder; raises SuiteError or OSError."""
    target = Path(folder)
    files = starter_files(path)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SuiteError(f"{target}: exists and is not an empty folder; name a new one")
    for name, content in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


def _public_rows(truth: Truth) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["item", "label"])
    # Sorted, since the order of the full file may follow the labels.
    for item, label, part in sorted(zip(truth.items, truth.labels, truth.parts, strict=True)):
        writer.writerow([item, _label(label) if part is Part.PUBLIC else ""])
    return buffer.getvalue().encode()


def _shown_items(truth: Truth, *, whole: bool) -> list[str]:
    return sorted(item for item, part in zip(truth.items, truth.parts, strict=True) if whole or part is Part.PUBLIC)


def _input_rows(inputs: Inputs, items: list[str]) -> bytes:
    rows = (json.dumps({"item": item, **inputs[item]}, ensure_ascii=False, sort_keys=True) for item in items)
    return "".join(f"{row}\n" for row in rows).encode()


def _label(label: Answer | None) -> str:
    if label is None:
        raise SuiteError("a public item has no label")
    return written(label)
