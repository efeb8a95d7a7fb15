"""Writes to a team what was found about its licence, and what was decided."""

from datetime import datetime

from sqlalchemy.orm import Session

from challenge.compliance.evidence import verdict_in_words
from challenge.compliance.records import Examination, OfficerDecision
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.outbox import write_letter
from challenge.submissions.records import Submission
from challenge.teams import queries as teams
from evaluation.licences.publication import UNANSWERED

MOST_REASONS = 10


def tell_verdict(
    session: Session,
    submission: Submission,
    examination: Examination,
    *,
    now: datetime,
    earlier: Examination | None = None,
    decision: OfficerDecision | None = None,
) -> None:
    """Tell a team the verdict of a scan; of a further one only what differs from the `earlier` is news.

    Where a `decision` of officers is in force, it stays so: the letter says that first, and asks for nothing.
    """
    if earlier is not None and _says(earlier) == _says(examination):
        return
    words = verdict_in_words(examination.verdict or "waiting")
    lines = [f"The licence of “{submission.title}” ({submission.reference}) was examined: {words}."]
    if earlier is not None:
        before = verdict_in_words(earlier.verdict or "waiting")
        lines.append(f"This is scan {examination.number}; scan {earlier.number} said {before}.")
    if decision is not None:
        decided = verdict_in_words(decision.verdict)
        lines.append(f"What officers decided stays in force: {decided}.")
    for reason in examination.reasons[:MOST_REASONS]:
        place = f"{reason['file']}: " if reason.get("file") else ""
        remedy = "" if decision is not None else f" What to do: {reason['remedy']}"
        lines.append(f"{place}{reason['sentence']}{remedy}")
    if len(examination.reasons) > MOST_REASONS:
        lines.append(f"{len(examination.reasons) - MOST_REASONS} more stand on the page.")
    if examination.verdict is LicenceVerdict.NEEDS_REVIEW and decision is None:
        lines.append("An officer looks at it and decides; you hear of it here.")
    lines.append(f"All of it is on the page /compliance/{submission.reference}.")
    said = words if decision is None else "examined again; the decision stays in force"
    _tell(session, submission, f"{submission.reference}: licence {said}", "\n\n".join(lines), now)


def tell_decision(session: Session, submission: Submission, decision: OfficerDecision, now: datetime) -> None:
    """Tell a team what the officers decided, and why."""
    words = verdict_in_words(decision.verdict)
    body = f"Two officers decided about the licence of “{submission.title}”: {words}.\n\nThe reason: {decision.reason}"
    _tell(session, submission, f"{submission.reference}: licence {words}", body, now)


def _says(examination: Examination) -> tuple[object, ...]:
    """Return what of a scan is news; how a registry failed to answer is none."""
    said = [
        (reason.get("code"), reason.get("file"), "" if reason.get("code") == UNANSWERED else reason.get("sentence"))
        for reason in examination.reasons
    ]
    return examination.verdict, said


def _tell(session: Session, submission: Submission, subject: str, body: str, now: datetime) -> None:
    for _membership, account in teams.members_of(session, submission.team_id):
        write_letter(session, account_id=account.id, subject=subject, body=body, now=now)
