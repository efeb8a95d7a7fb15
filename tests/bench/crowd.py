"""Stages a crowd: many teams that have handed in and been scored on the demonstration's suite, written as rows."""

import copy
import hashlib
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import insert, select, update

from challenge.calls.operations_suite import PreparedSuite, prepare_suite
from challenge.calls.records import Call, CallSuite
from challenge.commands.demo.suites import write_suite
from challenge.foundation.canonical import digest
from challenge.foundation.permits import Actor
from challenge.runs.records import Result, Run
from challenge.runs.states import Outcome, RunState
from challenge.submissions.records import Quota, Submission
from challenge.submissions.states import Route
from challenge.teams.records import Team
from evaluation import Suite, load_suite
from evaluation.reports.files import items_bytes
from evaluation.reports.report import ITEM_SCHEMA
from tests.cast import Cast
from tests.stage import DOCUMENT, stage_call, stage_team

PLENTY = 10**6
SEED = 20260302


@dataclass
class Crowd:
    """An open call with its teams and their captains, in the order in which they were founded."""

    cast: Cast
    call: Call
    teams: list[tuple[Team, Actor]]


def stage_crowd(cast: Cast, size: int, *, draws: int = 2000) -> Crowd:
    """Set up an open call with so many eligible teams, none of which runs out of quota."""
    now = cast.now
    phases = copy.deepcopy(DOCUMENT["phases"])
    for phase, (opens, closes) in zip(phases, ((-10, 20), (20, 60), (90, 455)), strict=True):
        phase["opens"], phase["closes"] = now + timedelta(days=opens), now + timedelta(days=closes)
    ranking = {**DOCUMENT["ranking"], "draws": draws}
    call = stage_call(cast, phases=phases, ranking=ranking)
    teams = []
    for number in range(size):
        captain = cast.person(f"Captain{number}")
        teams.append((stage_team(cast, call, f"Team {number:05d} of the crowd", captain), captain))
    with cast.house.database.transaction() as session:
        session.execute(update(Quota).values(allowed=PLENTY))
    return Crowd(cast, call, teams)


@dataclass(frozen=True)
class Yardstick:
    """The demonstration's suite, as the call and as its engine know it."""

    suite: Suite
    prepared: PreparedSuite

    @classmethod
    def make(cls) -> "Yardstick":
        """Make the suite from its data sets."""
        with tempfile.TemporaryDirectory() as folder:
            write_suite(Path(folder) / "suite")
            return cls(load_suite(Path(folder) / "suite"), prepare_suite(Path(folder) / "suite"))

    def items(self, rng: np.random.Generator, ability: float) -> bytes:
        """Return the item scores of a made-up entry, in the form in which the engine writes them."""
        columns: dict[str, list[Any]] = {name: [] for name in ITEM_SCHEMA.names}
        for task in self.suite.tasks:
            truth = self.suite.truths[task.name]
            spread = rng.random(len(truth.items))
            floor, ceiling = float(task.floor), float(task.ceiling)
            scores = (
                (spread < ability) if task.metric == "accuracy" else floor + 2 * spread * ability * (ceiling - floor)
            )
            columns["task"] += [task.name] * len(truth.items)
            columns["item"] += truth.items
            columns["cluster"] += truth.clusters
            columns["part"] += [part.value for part in truth.parts]
            columns["value"] += np.rint(np.maximum(scores, 0) * task.unit).astype(int).tolist()
        return items_bytes(pa.table(columns, schema=ITEM_SCHEMA))


def stage_results(crowd: Crowd, yardstick: Yardstick, *, each: int) -> None:
    """Let every team hand in `each` entries, all of them scored; the call measures by the demonstration's suite."""
    rng = np.random.default_rng(SEED)
    rows = [
        _entry(crowd, team, captain, number, _keep(crowd.cast, yardstick.items(rng, rng.uniform(0.6, 0.95))))
        for number, (team, captain) in enumerate(crowd.teams * each, start=1)
    ]
    now = crowd.cast.now
    with crowd.cast.house.database.transaction() as session:
        suite = session.scalars(select(CallSuite).where(CallSuite.call_id == crowd.call.id)).one()
        suite.title, suite.digest, suite.summary = (
            yardstick.prepared.title, yardstick.prepared.digest, yardstick.prepared.summary,
        )  # fmt: skip
        session.execute(insert(Submission), [row for row, _ in rows])
        ids = dict(session.execute(select(Submission.reference, Submission.id)).all())
        session.execute(
            insert(Run),
            [
                {"submission_id": ids[row["reference"]], "suite_id": suite.id, "suite_digest": suite.digest, "round": 1,
                 "state": RunState.ENDED, "outcome": Outcome.SCORED, "attempts": 1, "asked_at": now,
                 "started_at": now, "ended_at": now}
                for row, _ in rows
            ],
        )  # fmt: skip
        runs = dict(session.execute(select(Run.submission_id, Run.id)).all())
        session.execute(
            insert(Result),
            [
                {"run_id": runs[ids[row["reference"]]], "report": "{}", "items_sha256": items,
                 "digest": digest(["{}", items]), "at": now}
                for row, items in rows
            ],
        )  # fmt: skip


def _entry(crowd: Crowd, team: Team, captain: Actor, number: int, items: str) -> tuple[dict[str, Any], str]:
    return {
        "call_id": crowd.call.id, "number": number, "reference": f"trial-{number:05d}", "team_id": team.id,
        "phase": "entry", "submitted_by": captain.account_id, "submitted_at": crowd.cast.now, "title": f"Entry {number}",
        "abstract": "What it is and why.", "declared_licence": "Apache-2.0", "route": Route.WEIGHTS, "doi": "",
        "requests": {"LUMI": 2_000_000, "Leonardo": 1_000_000}, "predictions_sha256": "1" * 64,
        "predictions_name": "predictions.csv", "predictions_size": 24_000, "call_digest": "0" * 64,
        "idempotency_key": f"{number:032d}",
    }, items  # fmt: skip


def _keep(cast: Cast, content: bytes) -> str:
    """Put a file where the store keeps it, without waiting for the disk: staging is not what is measured."""
    name = hashlib.sha256(content).hexdigest()
    path = cast.house.files.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name
