"""What moves a team's quota: give a place back, charge a failure, grant more; the ledger always adds up to the row."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.document import Phase, PhaseKind
from challenge.foundation.audit import write_line
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.submissions import rules
from challenge.submissions.records import Quota, QuotaEntry, Submission
from challenge.submissions.states import QuotaMove
from challenge.teams import queries as teams
from challenge.teams.prose import tidy_text, why_not_text
from challenge.teams.records import Team

LONGEST_REASON = 300
USED_UP = " The failures that are given back are used up, so the place stays used."


def hold_quota(session: Session, team_id: int, phase: Phase) -> Quota:
    """Return a team's quota row in a phase, made if missing, held until the transaction ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {
        "team_id": team_id,
        "phase": phase.key,
        "allowed": phase.submissions,
        "used": 0,
        "failures_allowed": phase.failures,
        "failed": 0,
    }
    session.execute(insert(Quota).values(row).on_conflict_do_nothing())  # two first submissions may meet here
    return _held(session, team_id, phase.key)


def take_place(session: Session, quota: Quota) -> bool:
    """Use one place of a quota in one statement, only if one is left; tell whether it was."""
    free = (Quota.team_id == quota.team_id, Quota.phase == quota.phase, Quota.used < Quota.allowed)
    return _changed(session, quota, free, {"used": Quota.used + 1})


def return_quota(session: Session, *, submission: Submission, reason: str, now: datetime) -> bool:
    """Give a submission's place back, once, because the fault is the platform's; tell whether it was.

    Writes a line in the ledger and none in the audit log: the deed that calls it has its own.
    """
    quota = _held(session, submission.team_id, submission.phase)
    if QuotaMove.RETURNED in _moves(session, submission) or quota.used == 0:
        return False
    quota.used -= 1
    session.flush()
    _book(session, submission, QuotaMove.RETURNED, -1, reason, now)
    return True


def charge_failure(session: Session, *, submission: Submission, reason: str, now: datetime) -> bool:
    """Note that a submission could not be read, once; give its place back while failures are free.

    Returns whether the place came back. Writes ledger lines only, like `return_quota`.
    """
    quota = _held(session, submission.team_id, submission.phase)
    if _moves(session, submission) & {QuotaMove.FAILED, QuotaMove.RETURNED}:
        return False
    if quota.failed >= quota.failures_allowed or quota.used == 0:
        _book(session, submission, QuotaMove.FAILED, 0, reason[: LONGEST_REASON - len(USED_UP)] + USED_UP, now)
        return False
    quota.failed, quota.used = quota.failed + 1, quota.used - 1
    session.flush()
    _book(session, submission, QuotaMove.FAILED, 0, reason, now)
    freed = f"Failure {quota.failed} of the {quota.failures_allowed} that are given back."
    _book(session, submission, QuotaMove.RETURNED, -1, freed, now)
    return True


def grant_quota(
    session: Session, *, actor: Actor, team: Team, phase: str, amount: int, reason: str, now: datetime
) -> Quota:
    """Allow a team `amount` more submissions in a phase, on record; raise Refused or Invalid."""
    demand(rules.why_not_grant(actor, teams.stake_in(session, actor.account_id, team)))
    call = calls.call(session, team.call_id)
    open_to_entries = [each for each in calls.rules_of(session, call).phases if each.kind is PhaseKind.SUBMISSION]
    found = [each for each in open_to_entries if each.key == phase]
    if not found:
        raise Invalid("Choose a submission phase of the call.", "phase")
    if not 1 <= amount <= rules.MOST_GRANTED:
        raise Invalid(f"Grant 1 to {rules.MOST_GRANTED} submissions at once.", "amount")
    reason = tidy_text(reason)
    sentence = why_not_text(reason, least=rules.LEAST_REASON, most=LONGEST_REASON)
    if sentence:
        raise Invalid(sentence, "reason")
    quota = hold_quota(session, team.id, found[0])
    quota.allowed += amount
    session.flush()
    session.add(QuotaEntry(team_id=team.id, phase=phase, kind=QuotaMove.GRANTED, amount=amount, reason=reason, at=now))
    body = f"The organiser grants team {team.name} {amount} more in {found[0].title}.\n\nReason: {reason}"
    for _, account in teams.members_of(session, team.id):
        write_letter(session, account_id=account.id, subject="More submissions granted", body=body, now=now)
    particulars: dict[str, object] = {"phase": phase, "amount": amount, "reason": reason}
    write_line(session, actor=actor, verb="grant_quota", subject=f"team {team.id}", now=now, particulars=particulars)
    return quota


def book_reservation(session: Session, submission: Submission, *, now: datetime) -> None:
    """Write the ledger line of an accepted submission."""
    _book(session, submission, QuotaMove.RESERVED, 1, f"{submission.reference} accepted", now)


def _held(session: Session, team_id: int, phase: str) -> Quota:
    """Hold a quota's row, so that the lines of its ledger come one after the other."""
    quota = session.get(Quota, (team_id, phase), with_for_update={"key_share": True}, populate_existing=True)
    if quota is None:
        raise LookupError(f"Team {team_id} has no quota in phase {phase}.")
    return quota


def _changed(session: Session, quota: Quota, where: tuple[object, ...], values: dict[str, object]) -> bool:
    change = update(Quota).where(*where).values(**values)  # type: ignore[arg-type]
    done = session.execute(change.execution_options(synchronize_session=False))
    session.refresh(quota)
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _moves(session: Session, submission: Submission) -> set[QuotaMove]:
    return set(session.scalars(select(QuotaEntry.kind).where(QuotaEntry.submission_id == submission.id)))


def _book(session: Session, submission: Submission, kind: QuotaMove, amount: int, reason: str, now: datetime) -> None:
    session.add(
        QuotaEntry(
            team_id=submission.team_id,
            phase=submission.phase,
            submission_id=submission.id,
            kind=kind,
            amount=amount,
            reason=reason[:LONGEST_REASON],
            at=now,
        )
    )
    session.flush()
