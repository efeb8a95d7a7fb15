"""Reads what lies behind the entries of a board, as far as one reader is told of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.states import EntryKind
from challenge.calls.suites import SuiteSummary, read_summary
from challenge.foundation.canonical import instant_text
from challenge.runs.records import Result, Run
from challenge.runs.records_papers import RunUsage
from challenge.standings.queries import Glance
from challenge.standings.queries_shown import Shown
from challenge.standings.rules_every_eval_ever import Told
from challenge.standings.states import Part
from challenge.submissions.records import Submission


@dataclass(frozen=True)
class Behind:
    """What is told of the run and the submission behind an entry; empty where it is not told, or not known."""

    engine: str = ""
    hardware: str = ""
    deployment: str = "unknown"
    model_sha256: str = ""
    evaluated_at: str = ""
    """An instant in UTC."""
    title: str = ""
    hub_model: str = ""
    """Its name on a hub, as owner/name."""
    hub_commit: str = ""


NOTHING_BEHIND = Behind()
DEPLOYED = {EntryKind.MODEL: "self_deployed", EntryKind.ENDPOINT: "externally_managed"}
"""Who runs the model: the platform itself, or whoever stands behind an endpoint; of predictions nobody here knows."""


@dataclass(frozen=True)
class Origin:
    """Whose board it is, and of which suite."""

    call: str
    """Key of the call."""
    title: str
    authority: str
    board_id: int
    part: Part
    suite: str
    """Key of the suite."""
    suite_title: str
    suite_sha256: str
    takes: EntryKind
    starter_sha256: str
    tasks: SuiteSummary
    behind: Mapping[str, Behind]
    """By entrant, as the reader knows it."""

    @property
    def collection(self) -> str:
        """The folder of the board's documents."""
        return f"{self.call}-{self.suite}-{self.part}"


def origin_of(session: Session, seen: Glance, said: Shown, told: Told) -> Origin:
    """Return whose board this is, and of its entries what the reader is told."""
    call, suite = calls.call(session, seen.call_id), calls.suite(session, seen.suite_id)
    return Origin(
        call=call.key,
        title=call.title,
        authority=calls.rules_of(session, call).authority,
        board_id=seen.board_id,
        part=seen.stand.part,
        suite=suite.key,
        suite_title=suite.title,
        suite_sha256=suite.digest,
        takes=suite.takes,
        starter_sha256=suite.starter_sha256,
        tasks=read_summary(suite.summary),
        behind=_behind(session, said, told) if told >= Told.NAMES else {},
    )


def _behind(session: Session, said: Shown, told: Told) -> Mapping[str, Behind]:
    """Read the run that counts of every entry, with its submission; neither ever changes once the run has ended."""
    runs = [aside.run_id for aside in said.asides.values() if aside.run_id is not None]
    found = session.execute(
        select(
            Submission.reference, Submission.entry, Submission.title, Submission.hub, Run.ended_at, Result.report,
            RunUsage.device,
        )
        .select_from(Run)
        .join(Submission, Submission.id == Run.submission_id)
        .join(Result, Result.run_id == Run.id)
        .outerjoin(RunUsage, RunUsage.run_id == Run.id)
        .where(Run.id.in_(runs))
    )  # fmt: skip
    return {said.entrant(row.reference): _one(row, told) for row in found}


def _one(row: Any, told: Told) -> Behind:
    report = json.loads(row.report)
    fields = {"engine": str(report.get("engine", "")), "hardware": row.device or ""}
    if told >= Told.MODELS:
        fields |= {
            "deployment": DEPLOYED.get(row.entry, "unknown"),
            "model_sha256": str(report.get("predictions", "")) if row.entry is EntryKind.MODEL else "",
            "evaluated_at": instant_text(row.ended_at) if row.ended_at else "",
        }
    if told >= Told.WORDS:
        hub = row.hub or {}
        fields |= {"title": row.title, "hub_model": hub.get("model", ""), "hub_commit": hub.get("commit", "")}
    return Behind(**fields)
