"""Asks the instrument for the verdict on a package; whatever hinders it becomes a reason that somebody can act on."""

import logging
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.document import PhaseKind
from challenge.calls.records import Call
from challenge.compliance.operations_endpoints import unseen
from challenge.compliance.records import Examination
from challenge.foundation.files import FileStore
from challenge.submissions.queries_fetches import package_of
from challenge.submissions.records import Submission
from challenge.submissions.states import Route
from challenge.teams import queries as teams
from evaluation import ArchiveError
from evaluation.licences import Outcome, Period, Policy, Reason, Verdict, verdict
from evaluation.publications.looking import Registry, look_up

log = logging.getLogger(__name__)
RESTORE = "The organiser restores the file."


@dataclass(frozen=True)
class Task:
    """What an examination looks at, read before it begins."""

    examination_id: int
    submission_id: int
    package_sha256: str | None
    declared: str
    route: Route
    doi: str
    authors: tuple[str, ...]
    """The team's members; one of them, or the team as an organisation, must have written what is published."""
    organisation: str
    since: date | None
    """The day on which the call began to take submissions; what was published earlier is not of this challenge."""
    endpoint: str = ""
    """Address of the endpoint that is evaluated; empty where a model or predictions are."""


def registry_at(address: str) -> Registry | None:
    """Return the registry of DOIs at an address, None where there is none to ask."""
    return Registry(address=address) if address else None


def task_of(session: Session, examination: Examination) -> Task:
    """Read what an examination looks at."""
    submission = session.get_one(Submission, examination.submission_id)
    package, rules = package_of(session, submission), calls.rules_of(session, session.get_one(Call, submission.call_id))
    opening = rules.phase(PhaseKind.SUBMISSION)
    return Task(
        examination_id=examination.id,
        submission_id=submission.id,
        package_sha256=package.sha256 if package else None,
        declared=submission.declared_licence,
        route=submission.route,
        doi=submission.doi,
        authors=tuple(account.name for _, account in teams.members_of(session, submission.team_id)),
        organisation=teams.team(session, submission.team_id).name,
        since=opening.opens.astimezone(ZoneInfo(rules.zone)).date() if opening else None,
        endpoint=submission.endpoint["url"] if submission.endpoint else "",
    )


def found_by(task: Task, files: FileStore, policy: Policy, registry: Registry | None) -> Verdict:
    """Return the verdict on a task; the registry of DOIs is asked where the findings are published."""
    package = files.path(task.package_sha256) if task.package_sha256 else None
    if package is not None and not package.exists():
        sentence = "The platform's store has lost the package; this is not the team's fault."
        return _hindered(task, Outcome.NEEDS_REVIEW, "PACKAGE_LOST", sentence, RESTORE)
    try:
        found = _verdict(task, package, files, policy, registry)
    except Exception:  # a package that breaks the check must not stop those behind it
        log.exception("examination %s broke down", task.examination_id)
        sentence = "The check itself broke down on this package; this is not the team's fault."
        return _hindered(task, Outcome.NEEDS_REVIEW, "CHECK_BROKEN", sentence, "A person looks at the package.")
    if not task.endpoint:
        return found
    is_article = task.route is Route.PUBLICATION
    return unseen(found, endpoint=task.endpoint, has_package=package is not None, is_article=is_article)


def _verdict(task: Task, package: Path | None, files: FileStore, policy: Policy, registry: Registry | None) -> Verdict:
    try:
        return verdict(
            package,
            declared=task.declared or None,
            policy=policy,
            route=task.route.value,
            doi=task.doi or None,
            publications=(lambda doi: look_up(doi, registry)) if registry else None,
            authors=task.authors,
            organisation=task.organisation,
            unasked=Outcome.NEEDS_REVIEW,
            period=Period(since=task.since),
        )
    except ArchiveError as error:
        if not files.is_whole(task.package_sha256 or ""):
            sentence = "The platform's store holds other bytes than were handed in; this is not the team's fault."
            return _hindered(task, Outcome.NEEDS_REVIEW, "PACKAGE_LOST", sentence, RESTORE)
        # where the platform keeps its files is nobody's business
        sentence = f"The package cannot be read: {str(error).removeprefix(f'{package}: ')}."
        remedy = "Submit again, with a plain zip of the files themselves."
        return _hindered(task, Outcome.NON_COMPLIANT, "PACKAGE_UNREADABLE", sentence, remedy)


def _hindered(task: Task, outcome: Outcome, code: str, sentence: str, remedy: str) -> Verdict:
    reason = Reason(code, sentence, "", 0, remedy, outcome=outcome)
    return Verdict(outcome, (reason,), task.declared or None, (), None, None)
