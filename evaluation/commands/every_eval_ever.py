"""The command `every-eval-ever` writes the scores of a report in the schema by which evaluations are exchanged."""

import hashlib
import json
import sys
from argparse import Namespace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from evaluation.commands.exits import Exit
from evaluation.every_eval_ever import Log, Model, Source, Suited, measured
from evaluation.every_eval_ever.names import model_id
from evaluation.intervals import intervals_of
from evaluation.reports import META, Report, ReportError, read_report, write_whole
from evaluation.suites import Suite, load_suite

BESIDE = 4_194_304
JOULES_A_WATT_HOUR = 3600


def run_every_eval_ever(options: Namespace) -> Exit:
    """Write one document and print where it lies; raises SuiteError for a bad suite and OSError for missing files."""
    organisation, _, name = options.model.partition("/")
    if not organisation.strip() or not name.strip() or "/" in name:
        return _failed(f"--model: {options.model!r} is not of the form ORGANISATION/NAME, as in acme/small-1.")
    suite = load_suite(options.suite)
    try:
        report = read_report(options.report)
        made = options.retrieved_at or datetime.fromtimestamp((options.report / META).stat().st_mtime, UTC)
        log = log_of(report, suite, options.report, model=options.model, evaluator=options.evaluator, made=made)
    except ReportError as error:
        return _failed(f"{options.report}: {error}")
    path = options.out / log.path
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, log.to_json().encode())
    sys.stdout.write(f"{path}\n")
    return Exit.DONE


def log_of(report: Report, suite: Suite, folder: Path, *, model: str, evaluator: str, made: datetime) -> Log:
    """Put a report's scores together with what lies beside it; raises ReportError where it is of another suite.

    `made` is when the scores were put together, an instant with its zone. The same bytes come of the same arguments.
    """
    if report.suite != suite.digest:
        raise ReportError(f"the report is of the suite {report.suite[:12]}…, and this one is {suite.digest[:12]}…")
    organisation, _, name = model.partition("/")
    facts, usage = _beside(folder / "model.json"), _beside(folder / "usage.json")
    tasks = {task.name: task for task in suite.tasks}
    return Log(
        collection=suite.name,
        entry=f"{organisation}-{name}",
        state=hashlib.sha256(report.to_json().encode()).hexdigest()[:16],
        made=str(int(made.timestamp())),
        source=Source(
            name=suite.title,
            organisation=evaluator,
            relationship="first_party" if evaluator == organisation else "third_party",
        ),
        model=Model(
            id=model_id(organisation, name),
            name=name,
            developer=organisation,
            deployment="self_deployed" if facts else "unknown",
            details=_model_details(facts) | _usage_details(usage),
        ),
        engine=report.engine,
        suite=Suited(
            title=suite.title,
            details={"suite": suite.name, "suite_version": suite.version, "suite_sha256": suite.digest},
        ),
        results=tuple(
            measured(
                f"{suite.name}.{one.task}.{one.part}",
                metric=one.metric,
                score=one.score,
                items=one.items,
                found=found,
                data={"task": one.task, "part": one.part.value},
                parameters={"k": tasks[one.task].k} if one.metric == "pass_at_k" else None,
            )
            for one, found in zip(report.tasks, intervals_of(report), strict=True)
        ),
    )


def _model_details(facts: dict[str, Any]) -> dict[str, str]:
    """Say of a model what `model.json` does: the digest of its files, and the SHA-256 of each file of weights."""
    try:
        weights = {
            str(file["name"]): str(file["sha256"])
            for file in facts["files"]
            if str(file["name"]).lower().endswith((".safetensors", ".onnx"))
        }
        told = {"model_files_sha256": str(facts["digest"]), "parameters": str(facts["parameters"])}
    except (KeyError, TypeError):
        return {}
    return {**told, "weights_sha256": json.dumps(weights, sort_keys=True, ensure_ascii=False)}


def _usage_details(usage: dict[str, Any]) -> dict[str, str]:
    """Say what running it took, as `usage.json` does."""
    try:
        told = {"hardware": str(usage["device"]), "wall_seconds": str(usage["seconds"])}
        if usage["energy_method"] == "none":
            return told
        hours = Decimal(str(usage["energy_joules"])) / JOULES_A_WATT_HOUR
        return {**told, "energy_wh": f"{hours:.4f}", "energy_method": str(usage["energy_method"])}
    except (KeyError, TypeError, ArithmeticError):
        return {}


def _beside(path: Path) -> dict[str, Any]:
    """Read what a run left beside its report; nothing where it left none."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(BESIDE))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _failed(sentence: str) -> Exit:
    sys.stderr.write(f"{sentence}\n")
    return Exit.BAD_INPUT
