"""The duty to release: a winner proves it, an admin accepts the proof or turns it down."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from challenge.awards import queries, rules
from challenge.awards.months import add_months, same_time_on
from challenge.awards.operations_checks import ask_for_check
from challenge.awards.proof import NO_DOI, tidy_proof, why_not_proof
from challenge.awards.queries_checks import checks_of, has_findings, whole_of
from challenge.awards.records import Award, Extension, Obligation
from challenge.awards.reminders import reminders_due
from challenge.awards.states import OBLIGATION_MOVES, ObligationState
from challenge.calls import queries as calls
from challenge.calls.dates import instant_words
from challenge.foundation.audit import write_line
from challenge.foundation.moves import move
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.teams import queries as teams
from challenge.teams.prose import tidy_text, why_not_text
from evaluation.doi import tidy_doi


def prove_release(
    session: Session,
    *,
    actor: Actor,
    award: Award,
    url: str,
    sha256: str,
    doi: str,
    now: datetime,
    model: str = "",
    hub: str = "",
) -> Obligation:
    """Hand in where the release lies: a commit on the `hub`, an address with its SHA-256, or a DOI.

    Its shape is checked at once; a worker looks at the release itself.
    Raises NotFound for an award without a duty, Refused by rule, Invalid for a proof without its shape.
    """
    demand(queries.why_not_prove(session, actor, award))
    duty = queries.duty_of(session, award)
    # a DOI is read by the instrument that looks it up, so that no proof is taken that it cannot read
    read = tidy_doi(doi)
    proof = tidy_proof(url=url, sha256=sha256, doi=read or doi, model=model)
    field, sentence = why_not_proof(proof, hub=hub)
    if sentence:
        raise Invalid(sentence, field)
    if proof.doi and read is None:
        raise Invalid(NO_DOI, "doi")
    move(duty, ObligationState.PROVED, OBLIGATION_MOVES)
    duty.proof_hub = proof.hub.facts(hub) if proof.hub else None
    duty.proof_url, duty.proof_sha256, duty.proof_doi = proof.url, proof.sha256, proof.doi
    duty.proved_at, duty.proved_by = now, actor.account_id
    duty.reopened_reason = ""
    session.flush()
    _note(session, actor, "prove_release", duty, now, _proof(duty))
    ask_for_check(session, duty, now=now)
    return duty


def accept_proof(session: Session, *, actor: Actor, award: Award, now: datetime, reason: str = "") -> Obligation:
    """Accept a proof: the duty is met, and the release stands on the public page.

    Raises NotFound, Refused by rule, Invalid without a reason where the platform's look at the release found something.
    """
    duty = _judged(session, actor, award)
    check = whole_of(checks_of(session, duty))
    reason = tidy_text(reason)
    if has_findings(check) and (sentence := why_not_text(reason, least=rules.LEAST_REASON, most=2000)):
        raise Invalid(sentence, "accept_reason")
    move(duty, ObligationState.ACCEPTED, OBLIGATION_MOVES)
    duty.accepted_at, duty.accepted_by, duty.accepted_reason = now, actor.account_id, reason
    session.flush()
    seen: dict[str, object] = {"check": check.id, "saw": check.outcome} if check else {}
    _note(session, actor, "accept_proof", duty, now, {**_proof(duty), **seen, "reason": reason})
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
    turned_down = _proof(duty)
    move(duty, ObligationState.OPEN, OBLIGATION_MOVES)
    duty.proof_hub = None
    duty.proof_url = duty.proof_sha256 = duty.proof_doi = ""
    duty.proved_at = duty.proved_by = None
    duty.reopened_reason = reason
    session.flush()
    _note(session, actor, "reopen_obligation", duty, now, {**turned_down, "reason": reason})
    _tell(session, award, "The proof of your release was not accepted", f"The reason: {reason}", now)
    return duty


def extend_obligation(
    session: Session, *, actor: Actor, award: Award, day: date, reason: str, now: datetime
) -> Extension:
    """Put a due date off to a later day, at the same time of day in the call's zone; the winner is reminded anew.

    Raises NotFound for an award without a duty, Refused by rule, Invalid for a day that will not do or no reason.
    """
    demand(queries.why_not_extend(session, actor, award))
    duty = queries.duty_of(session, award)
    zone = calls.rules_of(session, queries.call_of(session, award)).zone
    until = same_time_on(day, duty.due_at, zone)
    if sentence := rules.why_not_until(until, due=duty.due_at, now=now, latest=add_months(duty.due_at, 12, zone)):
        raise Invalid(sentence, "day")
    reason = tidy_text(reason)
    if sentence := why_not_text(reason, least=rules.LEAST_WITHHOLDING, most=2000):
        raise Invalid(sentence, "extension_reason")
    extension = Extension(
        obligation_id=duty.id,
        due_before=duty.due_at,
        due_after=until,
        reason=reason,
        officer_id=actor.account_id or 0,
        at=now,
    )
    session.add(extension)
    duty.due_at, duty.reminders = until, reminders_due(until, now=now, zone=zone)
    session.flush()
    particulars: dict[str, object] = {"from": extension.due_before, "until": until, "reason": reason}
    _note(session, actor, "extend_obligation", duty, now, particulars)
    words = instant_words(until, zone=zone)
    _tell(session, award, f"Your release is now due on {words}", f"The time was extended. The reason: {reason}", now)
    return extension


def _proof(duty: Obligation) -> dict[str, object]:
    return {"hub": duty.proof_hub, "url": duty.proof_url, "sha256": duty.proof_sha256, "doi": duty.proof_doi}


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
