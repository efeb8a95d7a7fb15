"""Finds the winners: computed outside any transaction, bundled for everybody to recompute, then proposed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import leaderboards
from challenge.awards import operations_stand, queries, queries_ground, rules
from challenge.awards.deliberation import Deliberation
from challenge.awards.document import DecisionDocument
from challenge.awards.ground import Ground
from challenge.awards.operations_decide import decide
from challenge.awards.records import Decision
from challenge.awards.states import DecisionState
from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.canonical import canonical, digest
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.teams.prose import why_not_text

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Proposal:
    """A decision as computed, with the fingerprint of all it was computed from; its bundle lies in the store."""

    document: DecisionDocument
    fingerprint: str


def prepare(
    database: Database, files: FileStore, *, actor: Actor, call_id: int, deliberation: Deliberation | None = None
) -> Proposal:
    """Choose winners, split money and hours, and put the bundle into the store; no transaction is open meanwhile.

    `deliberation` holds the panel's votes on ties and the awards it does not recommend. Raises Refused by rule,
    Invalid where the panel's word names nobody or the board cannot be recomputed.
    """
    with database.reading() as session:
        call = calls.call(session, call_id)
        demand(rules.why_not_propose(actor, operations_stand.stand_of(session, call, actor)))
        ground = queries_ground.ground_of(session, call)
    deliberation = deliberation or Deliberation()
    _check(deliberation, ground)
    try:
        document = decide(ground, deliberation, files)
    except leaderboards.Refusal as refusal:
        raise Invalid(f"No decision can be computed: {refusal}") from None
    return Proposal(document, ground.fingerprint)


def propose(session: Session, *, actor: Actor, call: Call, proposal: Proposal, now: datetime) -> Decision:
    """Propose what `prepare` computed, as the call's next decision; another admin signs it.

    Raises Refused by rule, Invalid where anything the proposal rests on has changed since it was computed.
    """
    demand(rules.why_not_propose(actor, operations_stand.stand_of(session, call, actor)))
    if queries_ground.ground_of(session, call).fingerprint != proposal.fingerprint:
        raise Invalid("Something that the decision rests on has changed just now; propose again.")
    before = queries.latest_decision(session, call.id)
    number = before.number + 1 if before else 1
    last = before.digest if before else BEGINNING
    plain = proposal.document.plain(number=number, before=last)
    decision = Decision(
        call_id=call.id,
        number=number,
        state=DecisionState.PROPOSED,
        document=canonical(plain).decode(),
        digest=digest(plain),
        bundle_sha256=proposal.document.bundle_sha256,
        before=last,
        proposed_at=now,
        proposed_by=actor.account_id,
    )
    session.add(decision)
    session.flush()
    write_line(
        session,
        actor=actor,
        verb="propose",
        subject=f"decision {decision.id}",
        now=now,
        particulars={"call": call.key, "number": number, "digest": decision.digest},
    )
    return decision


def _check(deliberation: Deliberation, ground: Ground) -> None:
    judged = {entry.reference for entry in ground.finalists}
    for vote in deliberation.votes:
        if vote.reference not in judged:
            raise Invalid(f"{vote.reference} is no finalist, so the panel has no vote on it.")
        if vote.votes < 0 or why_not_text(vote.reason, least=rules.LEAST_REASON, most=2000):
            raise Invalid(f"Say why the panel votes as it does on {vote.reference}, in at least 10 characters.")
    for withheld in deliberation.withheld:
        if withheld.reference not in judged:
            raise Invalid(f"{withheld.reference} is no finalist; only finalists can be recommended.")
        if why_not_text(withheld.reason, least=rules.LEAST_WITHHOLDING, most=2000):
            raise Invalid(f"Say why the panel does not recommend {withheld.reference}, in at least 20 characters.")
