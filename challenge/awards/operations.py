"""What decides: a proposal is computed, proposed, and signed by a second person, or withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from challenge.awards import queries, rules
from challenge.awards.document import DecisionDocument, Prizewinner
from challenge.awards.months import add_months
from challenge.awards.operations_propose import Proposal, prepare, propose
from challenge.awards.operations_release import accept_proof, extend_obligation, prove_release, reopen_obligation
from challenge.awards.operations_usage import report_usage
from challenge.awards.records import Allocation, Award, Decision, Obligation
from challenge.awards.reminders import reminders_due
from challenge.awards.states import DECISION_MOVES, AwardKind, DecisionState, ObligationState
from challenge.calls import queries as calls
from challenge.calls.document import PhaseKind, Rules
from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.moves import move
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.submissions import queries as submissions
from challenge.teams import queries as teams
from challenge.teams.prose import tidy_text, why_not_text

__all__ = [
    "Proposal", "accept_proof", "extend_obligation", "prepare", "propose", "prove_release", "reopen_obligation",
    "report_usage", "sign", "withdraw",
]  # fmt: skip


def sign(session: Session, *, actor: Actor, decision: Decision, now: datetime) -> list[Award]:
    """Sign a proposal of another admin: awards, hours and duties come to be, and everybody hears.

    Raises Refused by rule.
    """
    document = queries.document_of(decision)
    outcome = document.outcome
    demand(
        rules.why_not_sign(
            actor,
            state=decision.state,
            proposed_by=decision.proposed_by,
            undecided=outcome.undecided,
            competes=teams.is_competitor(session, actor.account_id, decision.call_id),
        )
    )
    move(decision, DecisionState.SIGNED, DECISION_MOVES)
    decision.signed_at, decision.signed_by = now, actor.account_id
    call = calls.call(session, decision.call_id)
    call_rules = calls.rules_of(session, call)
    winners = [_award(session, decision, AwardKind.WINNER, one) for one in outcome.winners]
    reserve = [_award(session, decision, AwardKind.RESERVE, one) for one in outcome.reserve]
    session.flush()
    for award, one in zip([*winners, *reserve], [*outcome.winners, *outcome.reserve], strict=True):
        # whoever uses hours owes what they are given for; a place on the reserve list alone gives and owes nothing
        if award.kind is AwardKind.WINNER or any(one.hours.values()):
            _grant(session, award, one, call_rules, now)
    _announce(session, call, document, [*winners, *reserve], now)
    session.flush()
    particulars: dict[str, object] = {"digest": decision.digest, "winners": [one.reference for one in outcome.winners]}
    _note(session, actor, "sign", decision, now, particulars)
    return [*winners, *reserve]


def withdraw(session: Session, *, actor: Actor, decision: Decision, reason: str, now: datetime) -> None:
    """Withdraw a proposal before it is signed; it stays on record with its reason.

    Raises Refused by rule, Invalid without a reason.
    """
    demand(
        rules.why_not_withdraw(
            actor, state=decision.state, competes=teams.is_competitor(session, actor.account_id, decision.call_id)
        )
    )
    reason = tidy_text(reason)
    if sentence := why_not_text(reason, least=rules.LEAST_REASON, most=2000):
        raise Invalid(sentence, "reason")
    move(decision, DecisionState.WITHDRAWN, DECISION_MOVES)
    decision.withdrawn_reason = reason
    session.flush()
    _note(session, actor, "withdraw", decision, now, {"digest": decision.digest, "reason": reason})


def _award(session: Session, decision: Decision, kind: AwardKind, one: Prizewinner) -> Award:
    award = Award(
        decision_id=decision.id,
        team_id=one.team_id,
        submission_id=one.submission_id,
        kind=kind,
        position=one.position,
        money_cents=one.money_cents,
    )
    session.add(award)
    return award


def _grant(session: Session, award: Award, winner: Prizewinner, call_rules: Rules, now: datetime) -> None:
    """Give hours for the access phase, and the duty to release counted from the day access starts."""
    access = call_rules.phase(PhaseKind.ACCESS)
    for pot in call_rules.hours:
        hours = winner.hours.get(pot.machine, 0)
        if hours and access is not None:
            session.add(
                Allocation(
                    award_id=award.id,
                    machine=pot.machine,
                    hours=hours,
                    access_starts=access.opens,
                    access_ends=access.closes,
                )
            )
    start = access.opens if access is not None else now
    due = add_months(start, call_rules.obligation_months, call_rules.zone)
    # a short duty is not begun with reminders of months that it never had
    come = reminders_due(due, now=max(now, start), zone=call_rules.zone)
    session.add(Obligation(award_id=award.id, state=ObligationState.OPEN, due_at=due, reminders=come))


def _announce(session: Session, call: Call, document: DecisionDocument, awards: Sequence[Award], now: datetime) -> None:
    """Write to the members of every team that was in the choice: winners, the reserve list, the others."""
    pages = {award.submission_id: f"/awards/{award.id}" for award in awards}
    won = {one.submission_id: one for one in document.outcome.winners}
    waiting = {one.submission_id: one for one in document.outcome.reserve}
    for team_id, submission in submissions.final_submissions(session, call.id).items():
        if submission.id in won:
            subject = f"Your entry is a winner of {call.title}"
            body = f"{submission.reference} is a winner of {call.title}. "
            body += f"Prize money, hours and what you owe in return: {pages[submission.id]}"
        elif submission.id in waiting:
            place = waiting[submission.id].position
            subject = f"Your entry is on the reserve list of {call.title}"
            body = f"{submission.reference} has place {place} of {call.title}, on the reserve list. If a winner steps "
            body += "back, the organiser writes to you."
            if any(waiting[submission.id].hours.values()):
                body += " It is given hours that winners left: "
                body += f"what they are, and what you owe in return: {pages[submission.id]}"
        else:
            subject = f"The decision on {call.title}"
            body = f"{submission.reference} is not among the winners of {call.title}."
        body += f"\n\nThe whole decision, and how to recompute it: /calls/{call.key}/awards"
        for member, _ in teams.members_of(session, team_id):
            write_letter(session, account_id=member.account_id, subject=subject, body=body, now=now)


def _note(
    session: Session, actor: Actor, verb: str, decision: Decision, now: datetime, particulars: dict[str, object]
) -> None:
    subject = f"decision {decision.id}"
    write_line(session, actor=actor, verb=verb, subject=subject, now=now, particulars=particulars)
