"""Hands fetches out to workers under a lease, ends them once, and has them made again after a fault of ours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.audit import write_line
from challenge.foundation.leases import Leases
from challenge.foundation.moves import move
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import PLATFORM, Actor, Invalid, demand
from challenge.submissions import queries_fetches as queries
from challenge.submissions import rules
from challenge.submissions.fetch_endings import (
    COUNTED,
    ENDINGS,
    FREE,
    KEPT,
    MOST_ATTEMPTS,
    NO_PLACE,
    RETURNED,
    SETTLED,
    pause_after,
)
from challenge.submissions.operations_hub import Brought
from challenge.submissions.operations_quota import charge_failure, return_quota
from challenge.submissions.queries import stake_in
from challenge.submissions.records import QuotaEntry, Submission
from challenge.submissions.records_fetches import Fetch, Fetcher
from challenge.submissions.states import FETCH_MOVES, FetchOutcome, FetchState, QuotaMove
from challenge.teams import queries as teams
from challenge.teams.prose import tidy_text, why_not_text

FETCHES = Leases(
    record=Fetch,
    key=Fetch.submission_id,
    waiting=FetchState.WAITING,
    running=FetchState.RUNNING,
    moves=FETCH_MOVES,
    blank={"done": 0, "total": 0, "doing": ""},
)
LONGEST_EXPLANATION, LONGEST_NAME = 1_000, 200
REMEMBERED = timedelta(days=7)
GIVEN_UP = "It was taken up several times, and each time the fetching stopped before it was done."


@dataclass(frozen=True)
class FetchClaim:
    """A fetch in a worker's hands: what to fetch, and the token without which nothing is accepted."""

    submission_id: int
    reference: str
    token: str
    attempt: int
    hub: str
    model: str
    commit: str
    limit: int
    """Bytes that the call takes in a package."""


def open_fetch(session: Session, submission: Submission, *, now: datetime) -> None:
    """Let the model of a submission wait to be fetched; part of accepting it, so without a line of its own."""
    session.add(
        Fetch(
            submission_id=submission.id, state=FetchState.WAITING, attempts=0, not_before=now, done=0, total=0,
            left_out=[], asked_at=now,
        )
    )  # fmt: skip
    session.flush()


def claim_fetch(session: Session, *, worker: str, lease: timedelta, now: datetime) -> FetchClaim | None:
    """Take the fetch whose turn it is, None if none is due."""
    fetch = FETCHES.take(session, queries.due(now), lease=lease, now=now, worker=worker[:80])
    if fetch is None:
        return None
    submission = session.get_one(Submission, fetch.submission_id)
    limits = calls.rules_of(session, session.get_one(Call, submission.call_id)).limits
    return FetchClaim(
        submission_id=submission.id,
        reference=submission.reference,
        token=fetch.token or "",
        attempt=fetch.attempts,
        limit=limits.package,
        **(submission.hub or {}),
    )


def beat_fetch(
    session: Session, *, claim: FetchClaim, done: int, total: int, doing: str, lease: timedelta, now: datetime
) -> bool:
    """Renew a lease and note how far the fetching is, in bytes; False where the lease is lost."""
    how_far = {"done": done, "total": total, "doing": doing[:LONGEST_NAME]}
    return FETCHES.renew(session, claim.submission_id, claim.token, lease=lease, now=now, **how_far) is not None


def end_fetch(session: Session, *, claim: FetchClaim, brought: Brought, now: datetime) -> bool:
    """Write down what a fetch came to, once; False where another holds it by now.

    What may be otherwise the next time (`is_passing`) waits for a further attempt while there are some left. The
    package must be in the store already.
    """
    fetch = FETCHES.held(session, claim.submission_id, claim.token)
    if fetch is None:
        return False
    if brought.is_passing and fetch.attempts < MOST_ATTEMPTS:
        pause = pause_after(fetch.attempts)
        fetch.explanation = brought.explanation[:LONGEST_EXPLANATION]
        _wait_again(session, fetch, not_before=now + timedelta(seconds=pause), verb="put_off_fetch", now=now)
    else:
        _end(session, fetch, brought, now)
    return True


def hand_back_fetch(session: Session, *, claim: FetchClaim, now: datetime) -> bool:
    """Let go of a fetch because the worker is leaving; the attempt does not count. False where it is another's."""
    fetch = FETCHES.held(session, claim.submission_id, claim.token)
    if fetch is None:
        return False
    fetch.attempts -= 1
    _wait_again(session, fetch, not_before=now, verb="hand_back_fetch", now=now)
    return True


def sweep_fetches(session: Session, *, now: datetime) -> bool:
    """Deal with one fetch whose lease has ended: it waits again, or is given up; False if there is none.

    One in a transaction, for a quota must not be asked for with the head of the log in hand.
    """
    fetch = FETCHES.deserted(session, now=now)
    if fetch is None:
        return False
    if fetch.attempts >= MOST_ATTEMPTS:
        _end(session, fetch, Brought(FetchOutcome.ABANDONED, GIVEN_UP), now)
    else:
        fetch.explanation = "Its worker was not heard of any more; it was taken back, and waits again."
        _wait_again(session, fetch, not_before=now, verb="take_back_fetch", now=now)
    return True


def retry_fetch(session: Session, *, actor: Actor, submission: Submission, reason: str, now: datetime) -> None:
    """Have a model fetched again after a fault of the platform's, on record; raise Refused or Invalid.

    The quota of the team does not move: its place was given back when the fetch ended.
    """
    fetch = session.scalars(
        select(Fetch)
        .where(Fetch.submission_id == submission.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    stake = stake_in(session, actor.account_id, submission)
    demand(rules.why_not_retry_fetch(actor, stake, outcome=fetch.outcome))
    reason = tidy_text(reason)
    if sentence := why_not_text(reason, least=rules.LEAST_REASON, most=2000):
        raise Invalid(sentence, "reason")
    before = str(fetch.outcome)
    fetch.outcome = fetch.ended_at = None
    fetch.attempts = 0
    move(fetch, FetchState.WAITING, FETCH_MOVES)
    fetch.not_before = fetch.asked_at = now
    session.flush()
    particulars: dict[str, object] = {"after": before, "reason": reason}
    subject = f"submission {submission.reference}"
    write_line(session, actor=actor, verb="retry_fetch", subject=subject, now=now, particulars=particulars)


def report_fetcher(session: Session, *, worker: str, trouble: str, now: datetime) -> None:
    """Note whether a worker can fetch models; no deed, so no line in the log. Those silent for a week are forgotten."""
    known = session.get(Fetcher, worker[:80])
    if known is None:
        session.execute(delete(Fetcher).where(Fetcher.seen_at < now - REMEMBERED))
        known = Fetcher(name=worker[:80])
        session.add(known)
    known.seen_at, known.trouble = now, trouble


def _wait_again(session: Session, fetch: Fetch, *, not_before: datetime, verb: str, now: datetime) -> None:
    FETCHES.let_go(fetch, FetchState.WAITING)
    fetch.not_before = not_before
    session.flush()
    submission = session.get_one(Submission, fetch.submission_id)
    particulars: dict[str, object] = {"worker": fetch.worker, "attempts": fetch.attempts}
    subject = f"submission {submission.reference}"
    write_line(session, actor=PLATFORM, verb=verb, subject=subject, now=now, particulars=particulars)


def _end(session: Session, fetch: Fetch, brought: Brought, now: datetime) -> None:
    """Put a fetch, locked by the caller, into its final state, and say so to those whom it concerns."""
    submission = session.get_one(Submission, fetch.submission_id)
    FETCHES.let_go(fetch, FetchState.ENDED)
    fetch.outcome, fetch.ended_at = brought.outcome, now
    fetch.explanation = brought.explanation[:LONGEST_EXPLANATION]
    fetch.left_out = [
        {"name": file.name[:LONGEST_NAME], "sentence": file.sentence[:LONGEST_NAME]} for file in brought.left_out
    ]
    if brought.package is not None:
        fetch.package_sha256, fetch.package_size = brought.package.sha256, brought.package.size
        fetch.package_name, fetch.files = brought.name, brought.files
    fetch.quota_note = _settle(session, submission, brought.outcome, now)
    session.flush()
    write_line(
        session,
        actor=PLATFORM,
        verb="end_fetch",
        subject=f"submission {submission.reference}",
        now=now,
        particulars={
            "outcome": brought.outcome.value, "package": fetch.package_sha256, "attempts": fetch.attempts,
            "quota": fetch.quota_note,
        },
    )  # fmt: skip
    _tell(session, submission, fetch, now)


def _settle(session: Session, submission: Submission, outcome: FetchOutcome, now: datetime) -> str:
    """Move the quota as the ending's class says, at most once for a submission; return what was done."""
    moves = set(session.scalars(select(QuotaEntry.kind).where(QuotaEntry.submission_id == submission.id)))
    is_settled = bool(moves & {QuotaMove.RETURNED, QuotaMove.FAILED})
    if outcome is FetchOutcome.FETCHED:
        return NO_PLACE if is_settled else KEPT
    if is_settled:
        return SETTLED
    reason = f"{submission.reference}: {ENDINGS[outcome].title.lower()}"
    if ENDINGS[outcome].is_teams:
        return FREE if charge_failure(session, submission=submission, reason=reason, now=now) else COUNTED
    return_quota(session, submission=submission, reason=reason, now=now)
    return RETURNED


def _tell(session: Session, submission: Submission, fetch: Fetch, now: datetime) -> None:
    if fetch.outcome is None or submission.hub is None:
        raise LookupError("A letter about a fetch that has not ended.")
    ending = ENDINGS[fetch.outcome]
    body = "\n\n".join(
        [
            f"{ending.title}: the model of “{submission.title}” ({submission.reference}), {submission.hub['model']} at "
            f"the commit {submission.hub['commit']}. {fetch.explanation}",
            *([f"SHA-256 of the package: {fetch.package_sha256}"] if fetch.package_sha256 else []),
            f"What to do: {ending.remedy}",
            f"Your quota: {fetch.quota_note}",
            f"All of it is on the page /submissions/{submission.reference}.",
        ]
    )
    for _membership, account in teams.members_of(session, submission.team_id):
        subject = f"{submission.reference}: {ending.title[0].lower()}{ending.title[1:]}"
        write_letter(session, account_id=account.id, subject=subject, body=body, now=now)
