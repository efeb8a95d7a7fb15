"""Reads what a judge should know of an entry beside its scores: gates with their evidence, runs, energy and cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from challenge.calls.records import CallSuite
from challenge.compliance import queries as compliance
from challenge.compliance.records import Examination
from challenge.compliance.states import PASSING
from challenge.judging.evidence import Flag, GateLine, Round, RoundScore, rerun_flag
from challenge.runs import queries as runs
from challenge.runs import queries_papers as papers
from challenge.runs.records import Result, Run
from challenge.runs.records_papers import RunUsage
from challenge.runs.usage import cost_words, energy_words, seconds_words
from challenge.standings.policy import read_tasks
from challenge.submissions.records import Submission
from challenge.teams import queries as teams

FACTS = "model.json"
NOT_MEASURED = "Not reported: running the model was not measured here."


@dataclass(frozen=True)
class Evidence:
    """An entry's gates and flags, and the name in the store of what the engine says of its model, if it is one."""

    gates: tuple[GateLine, ...]
    flags: tuple[Flag, ...]
    model_sha256: str | None


def evidence_of(session: Session, submission: Submission, suite: CallSuite | None, *, unranked: str | None) -> Evidence:
    """Return the gates and flags of an entry; `unranked` is the reason why the deciding board does not rank it.

    Flags of other instruments (answers too similar, contamination) are added here, once there is a record of them.
    """
    tried = [
        (run, runs.result_of(session, run.id))
        for run in runs.runs_of_submission(session, submission.id)
        if suite is not None and run.suite_id == suite.id and run.outcome is not None
    ]
    titles = _titles(suite)
    scored = [run for run, result in tried if result is not None]
    took = papers.usage_of(session, scored[-1].id) if scored else None
    kept = papers.papers_of(session, scored[-1].id) if scored else {}
    return Evidence(
        gates=(
            _eligibility(session, submission.team_id),
            _licence(session, submission),
            GateLine("Ranked on the private board", unranked is None, unranked or "It is.", ()),
        ),
        flags=(rerun_flag(_rounds(tried, compared=len(scored) > 1), titles), _energy(took)),
        model_sha256=kept[FACTS].sha256 if FACTS in kept else None,
    )


def _titles(suite: CallSuite | None) -> Mapping[str, str]:
    return {task.name: task.title for task in read_tasks(suite.summary)} if suite is not None else {}


def _eligibility(session: Session, team_id: int) -> GateLine:
    ruling = teams.ruling_of(session, team_id)
    if ruling is None:
        return GateLine("Eligibility", None, "There is no ruling yet.", ())
    tested = "an admin ruled" if ruling.made_by is not None else "the platform's tests say"
    answer = "eligible" if ruling.eligible else "not eligible"
    found = tuple(f"{one['test']}: {one['sentence']}" for one in ruling.findings)
    reason = (f"Reason: {ruling.reason}",) if ruling.reason else ()
    return GateLine("Eligibility", ruling.eligible, f"The team is {answer}, {tested}.", reason + found)


def _licence(session: Session, submission: Submission) -> GateLine:
    examination = compliance.examination_of(session, submission.id)
    verdict = compliance.verdict_in_force(session, submission.id)
    if examination is None or verdict is None:
        return GateLine("Licence", None, "The package is not examined yet.", ())
    decision = compliance.decision_of(session, submission.id)
    who = "officers decided" if decision else "the platform concluded"
    reason = (f"The officers' reason: {decision.reason}",) if decision else ()
    return GateLine(
        "Licence", verdict in PASSING, f"Verdict {verdict.replace('_', ' ')}, {who}.", reason + _found(examination)
    )


def _found(examination: Examination) -> tuple[str, ...]:
    stated = (
        f"Declared: {examination.declared or 'nothing'}",
        f"Text found in the package: {examination.detected or 'none that is known word for word'}",
        f"Concluded: {examination.concluded or 'nothing'}",
    )
    return stated + tuple(_sentence(reason) for reason in examination.reasons)


def _sentence(reason: Mapping[str, object]) -> str:
    line = f"line {reason['line']}" if reason.get("line") else ""
    where = ", ".join(str(part) for part in (reason.get("file"), line) if part)
    return f"{where}: {reason['sentence']}" if where else str(reason["sentence"])


def _rounds(tried: Sequence[tuple[Run, Result | None]], *, compared: bool) -> list[Round]:
    """Read the scores of every round on the private part; only where there are two of them to compare."""
    rounds = []
    for run, result in tried:
        found = runs.task_scores(result, private=True) if result is not None and compared else []
        scores = tuple(_score(one) for one in found if one.part == "private")
        rounds.append(Round(run.round, str(run.outcome), result is not None, scores))
    return rounds


def _score(one: runs.TaskScore) -> RoundScore:
    low, high = (Decimal(bound) for bound in one.interval) if one.interval else (None, None)
    return RoundScore(one.task, Decimal(one.score), low, high)


def _energy(took: RunUsage | None) -> Flag:
    if took is None:
        return Flag("Energy and cost", NOT_MEASURED)
    cost = f", {cost_words(took.cost_micros)} of processor time" if took.cost_micros else ""
    return Flag(
        "Energy and cost",
        f"{energy_words(took.energy_joules, took.energy_method)}; {seconds_words(took.milliseconds)} on "
        f"{took.device or 'a device that was not named'}, {seconds_words(took.cpu_milliseconds)} of processors, "
        f"{took.peak_megabytes:,} MB at most{cost}.",
    )
