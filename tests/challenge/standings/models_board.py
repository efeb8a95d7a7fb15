"""Sets up a board on which models were run: by their package, from a hub, and behind an endpoint."""

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from challenge.calls.operations_suite import keep_suite, prepare_suite
from challenge.calls.records import CallSuite
from challenge.calls.states import EntryKind
from challenge.runs.records import Result, Run
from challenge.runs.records_papers import RunUsage
from challenge.runs.states import Outcome, RunState
from evaluation import load_suite, read_predictions, score
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, keep
from tests.stage import stage_call, stage_submission, stage_team

MODEL_SHA256 = "ab" * 32
HUB = {"hub": "https://hub.example", "model": "acme/small-1", "commit": "c0" * 20}
ENDPOINT = {"url": "https://models.example/v1", "model": "their-model", "route": "chat"}
MANIFEST: dict[str, Any] = {
    "name": "numbers", "version": "1", "title": "Numbers", "split": {"seed": 3, "public_share": 0.5},
    "tasks": [
        {"name": "topic", "title": "Topics", "kind": "classification", "metric": "accuracy", "floor": 0.5, "ceiling": 1,
         "labels": ["yes", "no"], "ask": {"by": "features", "features": ["width", "height"]}},
        {"name": "size", "title": "Sizes", "kind": "regression", "metric": "root_mean_squared_error", "floor": 10,
         "ceiling": 0, "unit": 1000, "ask": {"by": "features", "features": ["width", "height"]}},
    ],
}  # fmt: skip
TRUTH = {
    "topic": {f"t{n}": "yes" if n % 3 else "no" for n in range(12)},
    "size": {f"s{n}": str(n * 1.5) for n in range(12)},
}
ENTRIES: dict[str, tuple[int, dict[str, Any]]] = {
    "Alder": (0, {"entry": EntryKind.MODEL}),
    "Birch": (2, {"entry": EntryKind.MODEL, "hub": HUB}),
    "Cedar / Söhne": (4, {"entry": EntryKind.ENDPOINT, "endpoint": ENDPOINT}),
}
"""By team: how many answers of each task are wrong, and what it handed in."""


def stage_models(cast: Cast, folder: Path) -> Field:
    """Set up an open call with a suite for models, three entries of every kind, and their boards."""
    suite = load_suite(_suite(folder / "suite"))
    prepared = prepare_suite(folder / "suite")
    file, starter = keep_suite(cast.house.files, prepared)
    field = Field(cast, stage_call(cast, takes=prepared.takes), {}, {}, {})
    with cast.house.database.transaction() as session:
        row = session.scalars(select(CallSuite).where(CallSuite.call_id == field.call.id)).one()
        row.title, row.digest, row.summary = prepared.title, prepared.digest, prepared.summary
        row.file_sha256, row.starter_sha256 = file.sha256, starter.sha256
    for number, (name, (wrong, what)) in enumerate(ENTRIES.items(), start=1):
        field.captains[name] = cast.person(f"Captain{number}")
        field.teams[name] = stage_team(cast, field.call, name, field.captains[name])
        package = b"zip" if what["entry"] is EntryKind.MODEL and "hub" not in what else None
        none = {"predictions_sha256": None, "predictions_name": "", "predictions_size": 0}
        field.entries[name] = stage_submission(
            cast, field.teams[name], field.captains[name], number, package=package, **none, **what
        )
        report = score(suite, read_predictions(_answers(folder / f"{number}.csv", wrong), suite))
        meta = json.loads(report.to_json()) | {"predictions": MODEL_SHA256}
        _stage_run(cast, field, name, json.dumps(meta), keep(cast, report.items))
    field.rebuild()
    return field


def _stage_run(cast: Cast, field: Field, name: str, meta: str, items_sha256: str) -> None:
    submission = field.entries[name]
    with cast.house.database.transaction() as session:
        suite = session.scalars(select(CallSuite).where(CallSuite.call_id == submission.call_id)).one()
        run = Run(
            submission_id=submission.id, suite_id=suite.id, suite_digest=suite.digest, round=1, state=RunState.ENDED,
            outcome=Outcome.SCORED, attempts=1, asked_at=cast.now, started_at=cast.now, ended_at=cast.now,
        )  # fmt: skip
        session.add(run)
        session.flush()
        digest = hashlib.sha256(items_sha256.encode()).hexdigest()
        session.add(Result(run_id=run.id, report=meta, items_sha256=items_sha256, digest=digest, at=cast.now))
        if submission.entry is EntryKind.MODEL:
            session.add(
                RunUsage(
                    run_id=run.id, milliseconds=2000, cpu_milliseconds=1800, peak_megabytes=300, device="Xeon 8480+",
                    energy_joules=7200, energy_method="measured", cost_micros=40_000,
                )
            )  # fmt: skip


def _suite(folder: Path) -> Path:
    for name in ("items", "inputs"):
        (folder / name).mkdir(parents=True)
    (folder / "suite.yaml").write_text(yaml.safe_dump(MANIFEST))
    for task, rows in TRUTH.items():
        (folder / f"items/{task}.csv").write_text("item,label\n" + "".join(f"{k},{v}\n" for k, v in rows.items()))
        asked = [{"item": item, "width": int(item[1:]), "height": 2} for item in rows]
        (folder / f"inputs/{task}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked))
    return folder


def _answers(path: Path, wrong: int) -> Path:
    """Write answers of which the first few of each task are wrong."""
    lines = ["task,item,prediction"]
    for task, rows in TRUTH.items():
        for place, (item, right) in enumerate(rows.items()):
            other = {"yes": "no", "no": "yes"}.get(right) or str(float(right) + 2 + place)
            lines.append(f"{task},{item},{other if place < wrong else right}")
    path.write_text("\n".join(lines) + "\n")
    return path
