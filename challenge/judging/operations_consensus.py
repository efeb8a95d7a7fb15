"""What the panel agrees on for an entry."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.foundation.audit import write_line
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.judging import queries, rules
from challenge.judging.operations_review import check_halves
from challenge.judging.records import Consensus
from challenge.submissions.records import Submission
from challenge.teams.prose import tidy_text, why_not_text


def record_consensus(
    session: Session,
    *,
    actor: Actor,
    submission: Submission,
    halves: Mapping[str, int],
    statement: str,
    reason: str = "",
    now: datetime,
) -> Consensus:
    """Record what the panel agreed on for an entry; a change is a further version and needs its reason.

    Raises Refused by rule, Invalid where a score, the statement or the reason is missing.
    """
    call_rules = calls.rules_of(session, calls.call(session, submission.call_id))
    docket = queries.docket_of(session, submission.call_id)
    demand(rules.why_not_agree(docket, actor, submission.id, rules=call_rules, now=now))
    check_halves(halves, call_rules, whole=True)
    statement, reason = tidy_text(statement), tidy_text(reason)
    if sentence := why_not_text(statement, least=rules.LEAST_COMMENT, most=10_000):
        raise Invalid(sentence, "statement")
    before = queries.consensus_of(session, submission.id)
    if before and (sentence := why_not_text(reason, least=rules.LEAST_COMMENT, most=10_000)):
        raise Invalid(f"Say why the panel changes what it agreed on. {sentence}", "reason")
    consensus = Consensus(
        submission_id=submission.id,
        version=before.version + 1 if before else 1,
        halves=dict(halves),
        statement=statement,
        reason=reason if before else "",
        recorded_by=actor.account_id,
        at=now,
    )
    session.add(consensus)
    session.flush()
    write_line(
        session,
        actor=actor,
        verb="record_consensus",
        subject=f"submission {submission.id}",
        now=now,
        particulars={"version": consensus.version, "halves": dict(halves), "reason": consensus.reason},
    )
    for seat in docket.judges_of(submission.id):
        if seat.account_id != actor.account_id:
            _tell(session, seat.account_id, submission, now)
    return consensus


def _tell(session: Session, account_id: int, submission: Submission, now: datetime) -> None:
    write_letter(
        session,
        account_id=account_id,
        subject=f"The panel's agreement on {submission.reference} is recorded",
        body=f"What the panel agreed on for {submission.reference} is recorded. Read it in the panel's table; if it is "
        "not what was agreed, tell the chair before judging closes.",
        now=now,
    )
