"""What changes submissions: accept one, choose the final one; the verbs of the quota are offered here too."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.document import Phase, Rules
from challenge.calls.records import Call
from challenge.calls.states import EntryKind
from challenge.foundation.audit import AuditLine, write_line
from challenge.foundation.canonical import canonical
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, NotFound, demand
from challenge.foundation.sealing import Sealer
from challenge.foundation.signing import Signer
from challenge.submissions import queries
from challenge.submissions import rules as may
from challenge.submissions.endpoint import key_context
from challenge.submissions.entry import Entry, what_is_wrong
from challenge.submissions.operations_fetches import open_fetch
from challenge.submissions.operations_quota import (
    book_reservation,
    charge_failure,
    grant_quota,
    hold_quota,
    return_quota,
    take_place,
)
from challenge.submissions.queries_receipts import document_of
from challenge.submissions.records import EndpointKey, FinalChoice, Receipt, Submission
from challenge.submissions.states import Route
from challenge.teams import queries as teams
from challenge.teams.prose import moment
from challenge.teams.records import Team

__all__ = ["Entry", "accept", "charge_failure", "choose_final", "grant_quota", "return_quota"]


def accept(
    session: Session,
    *,
    actor: Actor,
    call: Call,
    rules: Rules,
    team: Team,
    entry: Entry,
    signer: Signer,
    now: datetime,
    sealer: Sealer | None = None,
    hosts: frozenset[str] = frozenset(),
    hub: str = "",
) -> Submission:
    """Take a submission: quota, number, record, ledger, audit line, letters and signed receipt, or nothing of it.

    The files lie in the store already; `now` is the instant at which the request came in. The same form sent twice
    is one submission. `sealer` seals the key of an endpoint, whose host must be one of `hosts`; `hub` is the address
    from which a commit is fetched afterwards, for its id fixes its content. Raises Refused where a rule says no,
    Invalid where the entry cannot be taken.
    """
    if team.call_id != call.id:
        raise NotFound
    entry, takes = entry.tidy(rules), calls.takes_of(session, call)
    for field, sentence in what_is_wrong(entry, rules, is_model=takes is EntryKind.MODEL, hosts=hosts, hub=hub):
        raise Invalid(sentence, field)
    phase = rules.open_phase(now)
    # Locks are taken in one order by everybody: the team's quota, the call's row, the head of the log.
    quota = hold_quota(session, team.id, phase) if phase else None
    earlier = queries.submission_of_key(session, team.id, entry.idempotency_key)
    if earlier is not None:
        return _the_same(earlier, entry)
    call = _held_call(session, call)
    _demand_permission(session, actor, call, rules, team, now)
    if phase is None or quota is None:
        raise LookupError("A rule let a submission pass outside every phase.")
    demand(None if take_place(session, quota) else may.no_place(phase, quota.allowed))
    takes = EntryKind.ENDPOINT if entry.endpoint else takes
    submission = _record(session, actor, call, team, phase, entry, takes, now, hub=hub)
    _keep_key(session, submission, entry, sealer, now)
    if submission.hub is not None:
        open_fetch(session, submission, now=now)
    book_reservation(session, submission, now=now)
    line = _note(session, actor, submission, now)
    _sign(session, submission, call, team, line, signer)
    _tell(session, submission, team, rules.zone, now)
    return submission


def choose_final(session: Session, *, actor: Actor, submission: Submission, now: datetime) -> None:
    """Name a team's final submission, which the boards and the jury see; raise Refused."""
    team = teams.held(session, teams.team(session, submission.team_id))
    call = calls.call(session, team.call_id)
    captain = teams.is_captain(session, team.id, actor.account_id)
    demand(may.why_not_choose_final(teams.moment_of(session, call, now), is_captain=captain))
    choice = session.get(FinalChoice, team.id)
    if choice is None:
        choice = FinalChoice(team_id=team.id)
        session.add(choice)
    choice.submission_id, choice.chosen_by, choice.chosen_at = submission.id, actor.account_id or 0, now
    session.flush()
    write_line(session, actor=actor, verb="choose_final", subject=f"submission {submission.id}", now=now)


def _the_same(earlier: Submission, entry: Entry) -> Submission:
    files = {"predictions": earlier.predictions_sha256, "package": earlier.package_sha256}
    if not entry.is_like(**files, endpoint=earlier.endpoint, hub=earlier.hub):
        raise Invalid(may.SENT_OTHERWISE)
    return earlier


def _held_call(session: Session, call: Call) -> Call:
    """Hold the call's row, so that numbers have no gaps and no submission slips past a freeze."""
    held = session.get(Call, call.id, with_for_update={"key_share": True}, populate_existing=True)
    if held is None:
        raise NotFound
    return held


def _demand_permission(session: Session, actor: Actor, call: Call, rules_: Rules, team: Team, now: datetime) -> None:
    there = queries.situation(session, actor=actor, call=call, rules=rules_, team=team, now=now)
    demand(may.why_not_submit(there))


def _record(
    session: Session,
    actor: Actor,
    call: Call,
    team: Team,
    phase: Phase,
    entry: Entry,
    takes: EntryKind,
    now: datetime,
    *,
    hub: str,
) -> Submission:
    last = session.scalar(select(func.max(Submission.number)).where(Submission.call_id == call.id))
    number = (last or 0) + 1
    submission = Submission(
        call_id=call.id,
        number=number,
        reference=f"{call.key}-{number:04d}",
        team_id=team.id,
        phase=phase.key,
        submitted_by=actor.account_id or 0,
        submitted_at=now,
        title=entry.title,
        abstract=entry.abstract,
        declared_licence=entry.declared_licence,
        route=Route(entry.route),
        doi=entry.doi,
        requests=dict(entry.requests),
        entry=takes,
        predictions_sha256=entry.predictions.sha256 if entry.predictions else None,
        predictions_name=entry.predictions_name,
        predictions_size=entry.predictions.size if entry.predictions else 0,
        package_sha256=entry.package.sha256 if entry.package else None,
        package_name=entry.package_name,
        package_size=entry.package.size if entry.package else 0,
        endpoint=entry.endpoint.facts if entry.endpoint else None,
        hub=entry.hub.facts(hub) if entry.hub else None,
        call_digest=calls.digest_of(session, call),
        idempotency_key=entry.idempotency_key,
    )
    session.add(submission)
    session.flush()
    return submission


def _keep_key(session: Session, submission: Submission, entry: Entry, sealer: Sealer | None, now: datetime) -> None:
    """Seal the key of an endpoint for this submission alone."""
    if entry.endpoint is None:
        return
    if sealer is None:
        raise LookupError("An endpoint was accepted without a sealer for its key.")
    sealed = sealer.seal(entry.endpoint.key, context=key_context(submission.id))
    session.add(EndpointKey(submission_id=submission.id, sealed=sealed, sealed_at=now))
    session.flush()


def _note(session: Session, actor: Actor, submission: Submission, now: datetime) -> AuditLine:
    particulars: dict[str, object] = {
        "reference": submission.reference,
        "team": submission.team_id,
        "entry": submission.entry.value,
        "predictions": submission.predictions_sha256,
        "package": submission.package_sha256,
    }
    if submission.endpoint is not None:
        particulars["endpoint"] = submission.endpoint
    if submission.hub is not None:
        particulars["hub"] = submission.hub
    subject = f"submission {submission.id}"
    return write_line(session, actor=actor, verb="accept", subject=subject, now=now, particulars=particulars)


def _sign(session: Session, submission: Submission, call: Call, team: Team, line: AuditLine, signer: Signer) -> None:
    before = {"length": line.number - 1, "hash": line.before}
    document = document_of(submission, call=call.key, team=team.name, before=before)
    session.add(
        Receipt(
            submission_id=submission.id,
            document=canonical(document).decode(),
            signature=signer.sign(document),
            public_key=signer.public_key,
        )
    )


def _tell(session: Session, submission: Submission, team: Team, zone: str, now: datetime) -> None:
    if submission.endpoint is not None:
        handed_in = f"Model {submission.endpoint['model']} at {submission.endpoint['url']}; its key is kept sealed."
    elif submission.hub is not None:
        named = f"{submission.hub['model']} at the commit {submission.hub['commit']}"
        handed_in = f"Model {named}, which is fetched from {submission.hub['hub']} now; you are told what came of it."
    else:
        what = "model's package" if submission.entry is EntryKind.MODEL else "predictions"
        handed_in = f"SHA-256 of the {what}: {submission.evaluated_sha256}"
    body = (
        f"Team {team.name} handed in “{submission.title}”. It was accepted as {submission.reference} "
        f"on {moment(now, zone)}.\n\n{handed_in}\n\n"
        "The signed receipt stands on the submission's page. Keep it: it proves what you handed in, and when."
    )
    for _, account in teams.members_of(session, team.id):
        write_letter(session, account_id=account.id, subject=f"{submission.reference} accepted", body=body, now=now)
