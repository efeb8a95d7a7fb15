"""What changes a panel: judges appointed and dismissed, conflicts declared."""

from datetime import datetime

from sqlalchemy.orm import Session

from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, Role, demand
from challenge.judging import queries, rules
from challenge.judging.operations_consensus import record_consensus
from challenge.judging.operations_finalists import name_finalists, settle_tie
from challenge.judging.operations_review import ChangedElsewhere, keep_draft, save_review, submit_review
from challenge.judging.records import Declaration, Panellist
from challenge.people import queries as people
from challenge.submissions.records import Submission
from challenge.teams.prose import tidy_text, why_not_text
from challenge.teams.queries import competitors_of

__all__ = [
    "ChangedElsewhere", "appoint", "declare", "dismiss", "keep_draft", "name_finalists", "record_consensus",
    "save_review", "settle_tie", "submit_review",
]  # fmt: skip


def appoint(
    session: Session, *, actor: Actor, call: Call, account_id: int, affiliation: str, is_chair: bool, now: datetime
) -> Panellist:
    """Give a judge a seat on a call's panel; a new chair takes the chair from the one before.

    Raises Refused by rule, Invalid without an affiliation, NotFound for an account that does not exist.
    """
    account, competitors = people.account(session, account_id), competitors_of(session, call.id)
    demand(
        rules.why_not_appoint(
            actor,
            competes=actor.account_id in competitors,
            is_competitor=account_id in competitors,
            is_judge=Role.JUDGE in people.roles_of(session, account_id),
            is_seated=queries.panellist(session, call.id, account_id) is not None,
        )
    )
    affiliation = tidy_text(affiliation)
    if sentence := why_not_text(affiliation, least=2, most=200):
        raise Invalid(f"{sentence} The affiliation is compared with the teams' names.", "affiliation")
    if is_chair:
        for seat, _ in queries.panel_of(session, call.id):
            seat.is_chair = False
    seat = Panellist(
        call_id=call.id,
        account_id=account_id,
        is_chair=is_chair,
        affiliation=affiliation,
        appointed_at=now,
        appointed_by=actor.account_id,
    )
    session.add(seat)
    _note(session, actor, "appoint", call, now, {"account": account_id, "chair": is_chair, "affiliation": affiliation})
    write_letter(
        session,
        account_id=account_id,
        subject=f"You are on the panel of {call.title}",
        body=f"Dear {account.name},\n\nyou have {'the chair' if is_chair else 'a seat'} on the panel of {call.title}. "
        f"Once the finalists are named, declare for each of them whether you have a conflict of interest.\n\n"
        f"Your page: /judging/{call.key}",
        now=now,
    )
    return seat


def dismiss(session: Session, *, actor: Actor, call: Call, account_id: int, reason: str, now: datetime) -> None:
    """Take a judge's seat; what they declared and reviewed stays on record but counts no more.

    Raises Refused by rule, Invalid without a reason.
    """
    seat = queries.panellist(session, call.id, account_id)
    demand(rules.why_not_dismiss(actor, queries.docket_of(session, call.id)))
    if seat is None:
        raise Invalid("This person has no seat on the panel.")
    reason = tidy_text(reason)
    if sentence := why_not_text(reason, least=rules.LEAST_REASON, most=2000):
        raise Invalid(sentence, "reason")
    session.delete(seat)
    _note(session, actor, "dismiss", call, now, {"account": account_id, "reason": reason})
    write_letter(
        session,
        account_id=account_id,
        subject=f"Your seat on the panel of {call.title} has ended",
        body=f"Your seat on the panel of {call.title} has ended. The reason on record: {reason}",
        now=now,
    )


def declare(
    session: Session, *, actor: Actor, submission: Submission, conflict: bool, statement: str, now: datetime
) -> Declaration:
    """Declare whether there is a conflict of interest with an entry; a later conflict takes the place of a clear word.

    Raises Refused by rule, Invalid for a conflict that is not named.
    """
    docket = queries.docket_of(session, submission.call_id)
    demand(rules.why_not_declare(docket, actor, submission.id, conflict=conflict))
    statement = tidy_text(statement) if conflict else ""
    if conflict and (sentence := why_not_text(statement, least=rules.LEAST_REASON, most=2000)):
        raise Invalid(f"Say what the conflict is. {sentence}", "statement")
    declaration = queries.declaration_of(session, actor.account_id or 0, submission.id)
    if declaration is None:
        declaration = Declaration(account_id=actor.account_id, submission_id=submission.id)
        session.add(declaration)
    declaration.conflict, declaration.statement, declaration.at = conflict, statement, now
    session.flush()
    write_line(
        session,
        actor=actor,
        verb="declare",
        subject=f"submission {submission.id}",
        now=now,
        particulars={"conflict": conflict, "statement": statement},
    )
    return declaration


def _note(session: Session, actor: Actor, verb: str, call: Call, now: datetime, particulars: dict[str, object]) -> None:
    write_line(session, actor=actor, verb=verb, subject=f"call {call.id}", now=now, particulars=particulars)
