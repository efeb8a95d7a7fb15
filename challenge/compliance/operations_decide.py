"""What officers do about a licence: one proposes a decision, another confirms it or turns it down."""

from datetime import datetime

from sqlalchemy.orm import Session

from challenge.compliance import queries, rules
from challenge.compliance.operations_letters import tell_decision
from challenge.compliance.operations_turns import take_turn
from challenge.compliance.records import DecisionProposal, OfficerDecision
from challenge.compliance.states import PROPOSAL_MOVES, ExaminationState, LicenceVerdict, ProposalState
from challenge.foundation.audit import write_line
from challenge.foundation.moves import move
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.submissions.queries import stake_in
from challenge.submissions.records import Submission
from challenge.teams.prose import tidy_text


def propose(
    session: Session, *, actor: Actor, submission: Submission, verdict: LicenceVerdict, reason: str, now: datetime
) -> DecisionProposal:
    """Propose a decision on a licence; it changes nothing until another officer confirms it.

    Raises Refused where a rule says no, Invalid for a verdict that ends no doubt or a reason that is none.
    """
    take_turn(session, submission.id)
    scan, is_open = queries.examination_of(session, submission.id), queries.open_proposal_of(session, submission.id)
    stake = stake_in(session, actor.account_id, submission)
    state = scan.state if scan else ExaminationState.WAITING
    demand(rules.why_not_decide(actor, stake, state=state, proposed=is_open is not None))
    if verdict not in rules.DECIDABLE:
        raise Invalid(
            "Decide for compliant, by publication, or non-compliant; doubt is what you are to end.", "verdict"
        )
    proposal = DecisionProposal(
        submission_id=submission.id,
        examination_id=scan.id if scan else 0,
        state=ProposalState.OPEN,
        verdict=verdict,
        reason=_reason(reason, "reason"),
        proposed_by=actor.account_id or 0,
        proposed_at=now,
    )
    session.add(proposal)
    session.flush()
    _write(session, actor, "propose_licence_decision", submission, now, verdict=verdict.value, reason=proposal.reason)
    return proposal


def confirm(
    session: Session, *, actor: Actor, submission: Submission, proposal_id: int | None, now: datetime
) -> OfficerDecision:
    """Confirm the decision that another officer proposed: it is in force, and the team is told.

    `proposal_id` is that of the proposal which the officer read; the decision is about the scan that was in force when
    it was proposed. Raises Refused where a rule says no.
    """
    proposal = _answered(session, actor, submission, proposal_id)
    demand(rules.why_not_stand(stake_in(session, proposal.proposed_by, submission)))
    _end(proposal, ProposalState.CONFIRMED, actor, now)
    decision = OfficerDecision(
        examination_id=proposal.examination_id,
        verdict=proposal.verdict,
        officer_id=proposal.proposed_by,
        confirmed_by=actor.account_id,
        reason=proposal.reason,
        at=now,
    )
    session.add(decision)
    session.flush()
    _write(
        session, actor, "decide_licence", submission, now, verdict=decision.verdict.value, reason=decision.reason,
        proposed_by=decision.officer_id,
    )  # fmt: skip
    tell_decision(session, submission, decision, now)
    return decision


def turn_down(
    session: Session, *, actor: Actor, submission: Submission, proposal_id: int | None, reason: str, now: datetime
) -> DecisionProposal:
    """Turn down, with a reason, the decision that another officer proposed; what was in force stays so.

    `proposal_id` is that of the proposal which the officer read.

    Raises Refused where a rule says no, Invalid for a reason that is none.
    """
    proposal = _answered(session, actor, submission, proposal_id)
    proposal.answer = _reason(reason, "why_not", team_reads=False)
    _end(proposal, ProposalState.TURNED_DOWN, actor, now)
    session.flush()
    _write(
        session, actor, "turn_down_licence_decision", submission, now, verdict=proposal.verdict.value,
        reason=proposal.answer, proposed_by=proposal.proposed_by,
    )  # fmt: skip
    return proposal


def withdraw(session: Session, *, actor: Actor, submission: Submission, now: datetime) -> DecisionProposal:
    """Withdraw the decision that one proposed oneself; raises Refused where a rule says no."""
    take_turn(session, submission.id)
    proposal = queries.open_proposal_of(session, submission.id)
    demand(
        rules.why_not_withdraw(
            actor,
            stake_in(session, actor.account_id, submission),
            proposed_by=proposal.proposed_by if proposal else None,
        )
    )
    if proposal is None:
        raise LookupError(f"Submission {submission.reference} has no proposal to withdraw.")
    _end(proposal, ProposalState.WITHDRAWN, actor, now)
    session.flush()
    _write(session, actor, "withdraw_licence_decision", submission, now, verdict=proposal.verdict.value)
    return proposal


def _answered(session: Session, actor: Actor, submission: Submission, proposal_id: int | None) -> DecisionProposal:
    """Return the open proposal, if this officer may answer it and it is the one that they read."""
    take_turn(session, submission.id)
    proposal = queries.open_proposal_of(session, submission.id)
    stake = stake_in(session, actor.account_id, submission)
    proposed_by = proposal.proposed_by if proposal else None
    demand(rules.why_not_confirm(actor, stake, proposed_by=proposed_by))
    if proposal is None:
        raise LookupError(f"Submission {submission.reference} has no proposal to answer.")
    demand(rules.why_not_this_one(open_id=proposal.id, read_id=proposal_id))
    return proposal


def _end(proposal: DecisionProposal, state: ProposalState, actor: Actor, now: datetime) -> None:
    move(proposal, state, PROPOSAL_MOVES)
    proposal.ended_by, proposal.ended_at = actor.account_id, now


def _reason(text: str, field_name: str, *, team_reads: bool = True) -> str:
    reason = tidy_text(text)
    if sentence := rules.why_not_reason(reason, team_reads=team_reads):
        raise Invalid(sentence, field_name)
    return reason


def _write(
    session: Session, actor: Actor, verb: str, submission: Submission, now: datetime, **particulars: object
) -> None:
    write_line(
        session,
        actor=actor,
        verb=verb,
        subject=f"submission {submission.reference}",
        now=now,
        particulars=particulars,
    )
