"""Sets the stage of a test: a call, teams and submissions, written straight into the tables."""

import copy
import hashlib
import io
import json
from datetime import datetime, timedelta
from typing import Any

from challenge.calls.records import Call, CallSuite, CallVersion
from challenge.calls.states import CallState, EntryKind
from challenge.foundation.canonical import canonical, digest, instant_text
from challenge.foundation.permits import Actor
from challenge.people.names import skeleton
from challenge.submissions.records import Quota, Submission
from challenge.submissions.states import Route
from challenge.teams.records import EligibilityRuling, Membership, Team
from tests.cast import TODAY, Cast

DOCUMENT: dict[str, Any] = {
    "key": "trial",
    "title": "Trial Challenge",
    "summary": "A small call for rehearsals.",
    "authority": "Rehearsal Authority",
    "zone": "Europe/Brussels",
    "phases": [
        {"key": "entry", "title": "Submission", "kind": "submission", "opens": TODAY - timedelta(days=10),
         "closes": TODAY + timedelta(days=20), "submissions": 5, "failures": 10},
        {"key": "jury", "title": "Judging", "kind": "judging", "opens": TODAY + timedelta(days=20),
         "closes": TODAY + timedelta(days=60), "submissions": 0, "failures": 0},
        {"key": "access", "title": "Access", "kind": "access", "opens": TODAY + timedelta(days=90),
         "closes": TODAY + timedelta(days=455), "submissions": 0, "failures": 0},
    ],
    "criteria": [
        {"key": "excellence", "title": "Excellence", "question": "How sound and how new is it?", "threshold_halves": 6, "weight": 1},
        {"key": "impact", "title": "Impact", "question": "Whom will it help, and how much?", "threshold_halves": 6, "weight": 1},
        {"key": "implementation", "title": "Implementation", "question": "Will it be done?", "threshold_halves": 6, "weight": 1},
    ],
    "total_threshold_halves": 20,
    "suites": [{"key": "small", "folder": "suites/small"}],
    "ranking": {"confidence": "0.95", "draws": 2000, "seed": 7, "missing": "unranked", "decimals": 2},
    "selection": {"winners": 4, "finalists": 12, "board_weight": "0.5", "board_anchor": ["0", "100"],
                  "jury_anchor_halves": [20, 30], "tie_break": ["board_group", "criterion:excellence", "new_country", "panel_vote"]},
    "prize": {"cents": 100_000_000, "currency": "EUR", "minimum_cents": 0},
    "hours": [{"machine": "LUMI", "hours": 4_000_000, "unit": "one MI250X module for one hour"},
              {"machine": "Leonardo", "hours": 4_000_000, "unit": "one A100 for one hour"}],
    "eligibility": {"countries": ["BE", "FR", "LV", "PT", "DE"], "control": ["BE", "FR", "LV", "PT", "DE"], "sme": True,
                    "founded_after": None, "experience": True, "honour": True},
    "limits": {"predictions": 5_000_000, "package": 5_000_000},
    "routes": ["weights", "publication"],
    "obligation_months": 12,
}  # fmt: skip
SUITE_SUMMARY = {"tasks": [{"name": "topic", "title": "Topics", "metric": "accuracy", "floor": "0.5", "ceiling": "1",
                            "weight": "1", "higher_is_better": True, "unit": 10000, "public": 6, "private": 6}]}  # fmt: skip


def stage_call(
    cast: Cast, *, state: CallState = CallState.OPEN, takes: EntryKind = EntryKind.PREDICTIONS, **changes: Any
) -> Call:
    """Write a call with one version of its rules and one suite whose files are empty; `changes` go into the document."""
    document = _plain({**copy.deepcopy(DOCUMENT), **changes})
    with cast.house.database.transaction() as session:
        call = Call(
            key=document["key"],
            title=document["title"],
            state=state,
            version=1,
            created_at=cast.now,
            opened_at=None if state is CallState.DRAFT else cast.now,
            frozen_at=cast.now if state is CallState.FROZEN else None,
        )
        session.add(call)
        session.flush()
        session.add(
            CallVersion(
                call_id=call.id, number=1, text="", document=canonical(document).decode(), digest=digest(document),
                imported_at=cast.now, imported_by=None,
            )
        )  # fmt: skip
        session.add(
            CallSuite(
                call_id=call.id, key="small", title="Small suite", digest="5" * 64, file_sha256="0" * 64,
                starter_sha256="0" * 64, takes=takes, summary=json.dumps(SUITE_SUMMARY), added_at=cast.now,
            )
        )  # fmt: skip
    return call


def stage_team(
    cast: Cast, call: Call, name: str, captain: Actor, *, country: str = "BE", eligible: bool = True
) -> Team:
    """Write a team of one member, its captain, with its quota and the platform's ruling."""
    with cast.house.database.transaction() as session:
        team = Team(
            call_id=call.id, name=name, skeleton=skeleton(name), country=country, controlled_from=country, headcount=20,
            turnover_cents=100_000_000, balance_cents=50_000_000, founded=2020, registration="",
            experience="Trained a 7B model on 400,000 GPU-hours.", honour_declared_at=cast.now,
            honour_declared_by=captain.account_id, created_at=cast.now,
        )  # fmt: skip
        session.add(team)
        session.flush()
        session.add(
            Membership(
                team_id=team.id, account_id=captain.account_id, call_id=call.id, is_captain=True, joined_at=cast.now
            )
        )
        session.add(Quota(team_id=team.id, phase="entry", allowed=5, used=0, failures_allowed=10, failed=0))
        session.add(
            EligibilityRuling(
                team_id=team.id, eligible=eligible, findings=[{"test": "country", "passed": eligible, "sentence": "As staged."}],
                made_at=cast.now, made_by=None, reason="",
            )
        )  # fmt: skip
    return team


def stage_submission(
    cast: Cast, team: Team, captain: Actor, number: int, *, predictions: bytes = b"task,item,prediction\n",
    package: bytes | None = None, licence: str = "Apache-2.0", at: datetime | None = None, **changes: Any,
) -> Submission:  # fmt: skip
    """Write a submission with its files in the store; without receipt, quota entry, examination or run."""
    predicted = cast.house.files.put(io.BytesIO(predictions), limit=10**8)
    packed = cast.house.files.put(io.BytesIO(package), limit=10**8) if package is not None else None
    with cast.house.database.transaction() as session:
        submission = Submission(**{
            "call_id": team.call_id, "number": number, "reference": f"trial-{number:04d}", "team_id": team.id, "phase": "entry",
            "submitted_by": captain.account_id, "submitted_at": at or cast.now, "title": f"Entry {number}",
            "abstract": "What it is and why.", "declared_licence": licence, "route": Route.WEIGHTS, "doi": "",
            "requests": {"LUMI": 2_000_000, "Leonardo": 1_000_000}, "predictions_sha256": predicted.sha256,
            "predictions_name": "predictions.csv", "predictions_size": predicted.size,
            "package_sha256": packed.sha256 if packed else None, "package_name": "package.zip" if packed else "",
            "package_size": packed.size if packed else 0, "call_digest": "0" * 64,
            "idempotency_key": hashlib.sha256(f"{team.id}-{number}".encode()).hexdigest()[:32], **changes,
        })  # fmt: skip
        session.add(submission)
    return submission


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
