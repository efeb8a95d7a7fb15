"""What must hold of a call's runs once nothing waits, however many workers there were and however they died."""

import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from challenge.foundation.audit import AuditLine, first_break
from challenge.foundation.outbox import Letter
from challenge.runs.records import Result, Run
from challenge.runs.states import Outcome, RunState
from challenge.submissions.records import Quota, QuotaEntry, Submission
from challenge.submissions.states import QuotaMove
from challenge.web.house import House

CHARGED = {Outcome.SCORED, Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY}


@dataclass(frozen=True)
class Balance:
    """The numbers of an evening, for the record."""

    outcomes: dict[str, int]
    attempts: int
    retaken: int
    """Attempts beyond the first: how often a run was taken up again."""


def balance(house: House) -> Balance:
    """Check that every submission was evaluated once and is accounted for once; return the numbers."""
    with house.database.reading() as session:
        runs = list(session.scalars(select(Run).order_by(Run.id)))
        results = list(session.scalars(select(Result)))
        submissions = {submission.id: submission for submission in session.scalars(select(Submission))}
        quotas = list(session.scalars(select(Quota)))
        ledger = list(session.scalars(select(QuotaEntry)))
        letters = list(session.scalars(select(Letter).where(Letter.body.contains("the page of the run"))))
        endings = list(session.scalars(select(AuditLine).where(AuditLine.verb == "end_run")))
        openings = session.scalar(select(func.count()).where(AuditLine.verb == "open_runs"))
        assert first_break(session) is None, "the chain of the audit log does not hold"

    assert {run.state for run in runs} == {RunState.ENDED}, "a run was lost on its way"
    assert Counter(run.submission_id for run in runs) == dict.fromkeys(submissions, 1), "not one run a submission"
    assert openings in (0, len(submissions)), "runs of a submission were opened twice"
    scored = {run.id for run in runs if run.outcome is Outcome.SCORED}
    assert sorted(result.run_id for result in results) == sorted(scored), "not one result a scored run"
    assert all(house.files.has(result.items_sha256) for result in results), "a result's rows are not in the store"

    assert sorted(line.subject for line in endings) == sorted(f"run {run.id}" for run in runs), "not one ending a run"
    told = {line.subject: json.loads(line.particulars)["outcome"] for line in endings}
    assert told == {f"run {run.id}": str(run.outcome) for run in runs}, "the log tells another ending"
    pages = Counter(letter.body.split("/runs/")[1].rstrip(".") for letter in letters)
    assert pages == {str(run.id): 1 for run in runs}, "not one letter an ending"

    charged = Counter(submissions[run.submission_id].team_id for run in runs if run.outcome in CHARGED)
    booked: Counter[int] = Counter()
    for line in ledger:
        booked[line.team_id] += line.amount
    assert {quota.team_id: quota.used for quota in quotas} == {
        quota.team_id: charged[quota.team_id] for quota in quotas
    }
    assert all(quota.used == booked[quota.team_id] for quota in quotas), "a ledger does not add up to its row"
    back = Counter(line.submission_id for line in ledger if line.kind is QuotaMove.RETURNED)
    assert back == {run.submission_id: 1 for run in runs if run.outcome not in CHARGED}, (
        "a place came back twice, or not"
    )

    attempts = sum(run.attempts for run in runs)
    outcomes = Counter(str(run.outcome) for run in runs)
    return Balance(dict(sorted(outcomes.items())), attempts, attempts - len(runs))
