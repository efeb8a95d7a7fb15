"""The duty to release: a winner proves it, an admin accepts the proof or turns it down."""

from datetime import datetime

from sqlalchemy.orm import Session

from challenge.awards import queries, rules
from challenge.awards.proof import tidy_proof, why_not_proof
from challenge.awards.records import Award, Obligation
from challenge.awards.states import OBLIGATION_MOVES, ObligationState
from challenge.foundation.audit import write_line
from challenge.foundation.moves import move
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.teams import queries as teams
from challenge.teams.prose import tidy_text, why_not_text


def prove_release(
    session: Session, *, actor: Actor, award: Award, url: str, sha256: str, doi: str, now: datetime
) -> Obligation:
    """Hand in where the release lies: an address with its SHA-256, or a DOI. Its shape is checked, not its content.

    Raises NotFound for an award without a duty, Refused by rule, Invalid for a proof without its shape.
    """
    demand(queries.why_not_prove(session, actor, award))
    duty = queries.duty_of(session, award)
    proof = tidy_proof(url=url, sha256=sha256, doi=doi)
    field, sentence = why_not_proof(proof)
    if sentence:
        raise Invalid(sentence, field)
    move(duty, ObligationState.PROVED, OBLIGATION_MOVES)
    duty.proof_url, duty.proof_sha256, duty.proof_doi = proof.url, proof.sha256, proof.doi
    duty.proved_at, duty.proved_by = now, actor.account_id
    duty.reopened_reason = ""
    session.flush()
    _note(session, actor, "prove_release", duty, now, {"url": proof.url, "sha256": proof.sha256, "doi": proof.doi})
    return duty


def accept_proof(session: Session, *, actor: Actor, award: Award, now: datetime) -> Obligation:
    """Accept a proof: the duty is met, and the release stands on the public page. Raises NotFound, Refused by rule."""
    duty = _judged(session, actor, award)
    move(duty, ObligationState.ACCEPTED, OBLIGATION_MOVES)
    duty.accepted_at, duty.accepted_by = now, actor.account_id
    session.flush()
    _note(session, actor, "accept_proof", duty, now, {"url": duty.proof_url, "doi": duty.proof_doi})
    _tell(session, award, "Your release is accepted", "Your duty to release is met. Thank you.", now)
    return duty


def reopen_obligation(session: Session, *, actor: Actor, award: Award, reason: str, now: datetime) -> Obligation:
    """Turn a proof down with a reason; the duty is open again and its due date unchanged.

    Raises NotFound, Refused by rule, Invalid without a reason.
    """
    duty = _judged(session, actor, award)
    reason = tidy_text(reason)
    if sentence := why_not_text(reason, least=rules.LEAST_REASON, most=2000):
        raise Invalid(sentence, "reason")
    turned_down: dict[str, object] = {"url": duty.proof_url, "sha256": duty.proof_sha256, "doi": duty.proof_doi}
    move(duty, ObligationState.OPEN, OBLIGATION_MOVES)
    duty.proof_url = duty.proof_sha256 = duty.proof_doi = ""
    duty.proved_at = duty.proved_by = None
    duty.reopened_reason = reason
    session.flush()
    _note(session, actor, "reopen_obligation", duty, now, {**turned_down, "reason": reason})
    _tell(session, award, "The proof of your release was not accepted", f"The reason: {reason}", now)
    return duty


def _judged(session: Session, actor: Actor, award: Award) -> Obligation:
    demand(queries.why_not_judge_proof(session, actor, award))
    return queries.duty_of(session, award)


def _tell(session: Session, award: Award, subject: str, body: str, now: datetime) -> None:
    for member, _ in teams.members_of(session, award.team_id):
        text = f"{body}\n\nYour award: /awards/{award.id}"
        write_letter(session, account_id=member.account_id, subject=subject, body=text, now=now)


def _note(
    session: Session, actor: Actor, verb: str, duty: Obligation, now: datetime, particulars: dict[str, object]
) -> None:
    subject = f"obligation {duty.id}"
    write_line(session, actor=actor, verb=verb, subject=subject, now=now, particulars=particulars)
