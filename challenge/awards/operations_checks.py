"""Asks for looks at releases, hands them out under a lease, writes down what they found, and an officer's notes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.awards import queries, queries_checks, rules
from challenge.awards.operations_keep import concluded, explained, keep
from challenge.awards.operations_look import Looked
from challenge.awards.records import Award, Obligation
from challenge.awards.records_checks import ReleaseCheck
from challenge.awards.states import CHECK_MOVES, CheckOutcome, CheckState
from challenge.awards.watch import Watch
from challenge.compliance import queries as compliance
from challenge.compliance.operations_evidence import kept_reasons
from challenge.compliance.states import PASSING
from challenge.compliance.visible import visible
from challenge.foundation.audit import write_line
from challenge.foundation.leases import Leases
from challenge.foundation.permits import PLATFORM, Actor, Invalid, demand
from challenge.submissions.fetch_endings import MOST_ATTEMPTS, pause_after
from challenge.submissions.queries_fetches import package_of
from challenge.submissions.records import Submission
from challenge.teams.prose import tidy_text, why_not_text

CHECKS = Leases(
    record=ReleaseCheck,
    key=ReleaseCheck.id,
    waiting=CheckState.WAITING,
    running=CheckState.RUNNING,
    moves=CHECK_MOVES,
    blank={"done": 0, "total": 0, "doing": ""},
)
LONGEST_NAME = 200
SEEN_ANOTHER = "The platform has looked at the release again meanwhile. Read what it found now, then take note."
GIVEN_UP = "It was taken up several times, and each time the look stopped before it was done."


@dataclass(frozen=True)
class CheckClaim:
    """A look in a worker's hands: what to look at, what to hold it against, and the token of the lease."""

    check_id: int
    award_id: int
    token: str
    attempt: int
    hub: dict[str, str] | None
    sha256: str
    doi: str
    is_whole: bool
    package_sha256: str
    declared: str
    seen: tuple[str, ...]
    """SHA-256 of the weights that an earlier look fetched."""


def ask_for_check(session: Session, duty: Obligation, *, now: datetime) -> ReleaseCheck:
    """Let a release wait to be looked at: whole, until that was done once, then card and licences alone."""
    before = queries_checks.whole_of(queries_checks.checks_of(session, duty))
    check = ReleaseCheck(
        obligation_id=duty.id,
        hub=duty.proof_hub,
        sha256=duty.proof_sha256,
        doi=duty.proof_doi,
        is_whole=before is None or not before.weights,
        state=CheckState.WAITING,
        attempts=0,
        not_before=now,
        asked_at=now,
    )
    session.add(check)
    session.flush()
    return check


def ask_again(session: Session, *, obligation_id: int, watch: Watch, now: datetime) -> bool:
    """Ask for a further look where one is due; False where another worker was quicker."""
    query = select(Obligation).where(Obligation.id == obligation_id).with_for_update()
    duty = session.scalars(query.execution_options(populate_existing=True)).one()
    if not queries_checks.is_due(session, duty, watch=watch, now=now):
        return False
    check = ask_for_check(session, duty, now=now)
    _note(session, PLATFORM, "ask_release_check", check, now, {"whole": check.is_whole})
    return True


def claim_check(session: Session, *, worker: str, lease: timedelta, now: datetime, hubs: bool) -> CheckClaim | None:
    """Take the look whose turn it is, None if none is due; without `hubs` only one that asks none."""
    turn = queries_checks.due(now, hubs=hubs)
    check = CHECKS.take(session, turn, lease=lease, now=now, worker=worker[:80])
    if check is None:
        return None
    award, submission = _award_of(session, check)
    package = package_of(session, submission)
    whole = queries_checks.whole_of(queries_checks.checks_of(session, queries.duty_of(session, award)))
    return CheckClaim(
        check_id=check.id,
        award_id=award.id,
        token=check.token or "",
        attempt=check.attempts,
        hub=check.hub,
        sha256=check.sha256,
        doi=check.doi,
        is_whole=check.is_whole,
        package_sha256=package.sha256 if package else "",
        declared=submission.declared_licence,
        seen=tuple(str(file["sha256"]) for file in whole.weights) if whole else (),
    )


def beat_check(
    session: Session, *, claim: CheckClaim, done: int, total: int, doing: str, lease: timedelta, now: datetime
) -> bool:
    """Renew a lease and note how far the look is, in bytes; False where the lease is lost."""
    how_far = {"done": done, "total": total, "doing": visible(doing)[:LONGEST_NAME]}
    return CHECKS.renew(session, claim.check_id, claim.token, lease=lease, now=now, **how_far) is not None


def end_check(session: Session, *, claim: CheckClaim, looked: Looked, now: datetime) -> bool:
    """Write down what a look came to, once; False where another holds it by now.

    What may be otherwise the next time waits for a further attempt while there are some left.
    """
    check = CHECKS.held(session, claim.check_id, claim.token)
    if check is None:
        return False
    if looked.is_passing and check.attempts < MOST_ATTEMPTS:
        check.explanation = explained(looked)
        pause = timedelta(seconds=pause_after(check.attempts))
        _wait_again(session, check, not_before=now + pause, verb="put_off_release_check", now=now)
    else:
        _end(session, check, looked, now)
    return True


def hand_back_check(session: Session, *, claim: CheckClaim, now: datetime) -> bool:
    """Let go of a look because the worker is leaving; the attempt does not count. False where it is another's."""
    check = CHECKS.held(session, claim.check_id, claim.token)
    if check is None:
        return False
    check.attempts -= 1
    _wait_again(session, check, not_before=now, verb="hand_back_release_check", now=now)
    return True


def sweep_checks(session: Session, *, now: datetime) -> bool:
    """Deal with one look whose lease has ended: it waits again, or is given up; False if there is none."""
    check = CHECKS.deserted(session, now=now)
    if check is None:
        return False
    if check.attempts >= MOST_ATTEMPTS:
        _end(session, check, Looked(explanations=[GIVEN_UP], is_unknown=True), now)
    else:
        _wait_again(session, check, not_before=now, verb="take_back_release_check", now=now)
    return True


def note_check(session: Session, *, actor: Actor, award: Award, check_id: int, words: str, now: datetime) -> None:
    """Note what is said or done about a finding after acceptance; it is then not put before an officer again.

    `check_id` is the look whose findings the officer saw. Raises NotFound for an award without a duty, Refused by rule,
    Invalid for too few words, or where another look is to be noted on by now.
    """
    demand(queries_checks.why_not_note(session, actor, award))
    concern = queries_checks.concern_of(session, queries.duty_of(session, award))
    words = tidy_text(words)
    if sentence := why_not_text(words, least=rules.LEAST_REASON, most=2000):
        raise Invalid(sentence, "note")
    if concern is None:
        raise LookupError("A note without anything that it is about.")
    if concern.check.id != check_id:
        raise Invalid(SEEN_ANOTHER, "note")
    check = session.get_one(ReleaseCheck, check_id)
    check.noted_at, check.noted_by, check.note = now, actor.account_id, words
    session.flush()
    _note(session, actor, "note_release_check", check, now, {"note": words})


def _award_of(session: Session, check: ReleaseCheck) -> tuple[Award, Submission]:
    award = session.get_one(Award, session.get_one(Obligation, check.obligation_id).award_id)
    return award, session.get_one(Submission, award.submission_id)


def _wait_again(session: Session, check: ReleaseCheck, *, not_before: datetime, verb: str, now: datetime) -> None:
    CHECKS.let_go(check, CheckState.WAITING)
    check.not_before = not_before
    session.flush()
    _note(session, PLATFORM, verb, check, now, {"worker": check.worker, "attempts": check.attempts})


def _end(session: Session, check: ReleaseCheck, looked: Looked, now: datetime) -> None:
    """Put a look, locked by the caller, into its final state."""
    outcome = _outcome(session, check, looked)  # asks the database, so before anything is changed
    CHECKS.let_go(check, CheckState.ENDED)
    check.outcome, check.ended_at = outcome, now
    keep(check, looked)
    session.flush()
    _note(
        session,
        PLATFORM,
        "end_release_check",
        check,
        now,
        {
            "outcome": outcome.value, "verdict": check.verdict.value if check.verdict else None,
            "codes": [reason.code for reason in looked.findings], "hub": check.hub,
            "weights": [file["sha256"] for file in check.weights], "engine": check.engine,
        },
    )  # fmt: skip


def _outcome(session: Session, check: ReleaseCheck, looked: Looked) -> CheckOutcome:
    """Call a look by the gravest thing about it; doubt that an officer has ended for the entry is no finding again."""
    if looked.findings or (looked.verdict not in {None, *PASSING} and not _was_passed(session, check, looked)):
        return CheckOutcome.FINDINGS
    return CheckOutcome.UNKNOWN if looked.is_unknown else CheckOutcome.CLEAR


def _was_passed(session: Session, check: ReleaseCheck, looked: Looked) -> bool:
    _award, submission = _award_of(session, check)
    examined = compliance.examination_of(session, submission.id)
    if examined is None or (examined.verdict, examined.concluded) != (looked.verdict, concluded(looked)):
        return False
    if not _doubts(kept_reasons(looked.reasons)) <= _doubts(examined.reasons):
        return False
    return compliance.verdict_in_force(session, submission.id) in PASSING


def _doubts(reasons: Iterable[Mapping[str, object]]) -> set[tuple[object, object]]:
    return {(reason["code"], reason.get("file", "")) for reason in queries_checks.doubts(reasons)}


def _note(
    session: Session, actor: Actor, verb: str, check: ReleaseCheck, now: datetime, particulars: dict[str, object]
) -> None:
    subject = f"obligation {check.obligation_id}"
    write_line(
        session, actor=actor, verb=verb, subject=subject, now=now, particulars={"check": check.id, **particulars}
    )
