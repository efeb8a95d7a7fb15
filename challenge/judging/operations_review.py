"""What judges write: drafts, reviews, and what the panel agreed on."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.foundation.audit import write_line
from challenge.foundation.canonical import digest
from challenge.foundation.moves import move
from challenge.foundation.outbox import write_letter
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.judging import queries, rules
from challenge.judging.marks import MOST
from challenge.judging.records import Consensus, Review
from challenge.judging.states import REVIEW_MOVES, ReviewState
from challenge.submissions.records import Submission
from challenge.teams.prose import tidy_text, why_not_text


def save_review(
    session: Session,
    *,
    actor: Actor,
    submission: Submission,
    halves: Mapping[str, int],
    comments: Mapping[str, str],
    now: datetime,
) -> Review:
    """Keep a draft: half marks and comments by criterion, whole or not; only its judge sees it.

    Raises Refused by rule, Invalid for what is no half mark.
    """
    review = _write(session, actor, submission, halves, comments, now, whole=False)
    _note(session, actor, "save_review", review, now)
    return review


def submit_review(
    session: Session,
    *,
    actor: Actor,
    submission: Submission,
    halves: Mapping[str, int],
    comments: Mapping[str, str],
    now: datetime,
) -> Review:
    """Submit a review; a changed one is a further version, and the earlier stay.

    Raises Refused by rule, Invalid where a score or a comment of at least 20 characters is missing.
    """
    review = _write(session, actor, submission, halves, comments, now, whole=True)
    move(review, ReviewState.SUBMITTED, REVIEW_MOVES)
    review.submitted_at = now
    session.flush()
    _note(session, actor, "submit_review", review, now)
    return review


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
    _check_halves(halves, call_rules, whole=True)
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


def _write(
    session: Session,
    actor: Actor,
    submission: Submission,
    halves: Mapping[str, int],
    comments: Mapping[str, str],
    now: datetime,
    *,
    whole: bool,
) -> Review:
    """Put scores and comments into the judge's draft, a new one if the last review is submitted or there is none."""
    call_rules = calls.rules_of(session, calls.call(session, submission.call_id))
    docket = queries.docket_of(session, submission.call_id)
    demand(rules.why_not_review(docket, actor, submission.id, rules=call_rules, now=now))
    _check_halves(halves, call_rules, whole=whole)
    tidy = _checked_comments(comments, call_rules, whole=whole)
    review = queries.own_review(session, actor.account_id or 0, submission.id)
    if review is None or review.state is ReviewState.SUBMITTED:
        version = review.version + 1 if review else 1
        review = Review(
            account_id=actor.account_id, submission_id=submission.id, version=version, state=ReviewState.DRAFT
        )
        session.add(review)
    review.halves, review.comments, review.saved_at = dict(halves), tidy, now
    session.flush()
    return review


def _check_halves(halves: Mapping[str, int], call_rules: Rules, *, whole: bool) -> None:
    known = {criterion.key for criterion in call_rules.criteria}
    for key, value in halves.items():
        if key not in known or isinstance(value, bool) or not 0 <= value <= MOST:
            raise Invalid("Choose a score from 0 to 5 in half marks.", f"halves_{key}")
    for criterion in call_rules.criteria:
        if whole and criterion.key not in halves:
            raise Invalid(f"Choose a score for {criterion.title}.", f"halves_{criterion.key}")


def _checked_comments(comments: Mapping[str, str], call_rules: Rules, *, whole: bool) -> dict[str, str]:
    tidy = {criterion.key: tidy_text(comments.get(criterion.key, "")) for criterion in call_rules.criteria}
    for key, text in tidy.items():
        least = rules.LEAST_COMMENT if whole else 0
        if sentence := why_not_text(text, least=least, most=10_000):
            raise Invalid(f"{sentence} A score stands on its reason.", f"comments_{key}")
    return tidy


def _tell(session: Session, account_id: int, submission: Submission, now: datetime) -> None:
    write_letter(
        session,
        account_id=account_id,
        subject=f"The panel's agreement on {submission.reference} is recorded",
        body=f"What the panel agreed on for {submission.reference} is recorded. Read it in the panel's table; if it is "
        "not what was agreed, tell the chair before judging closes.",
        now=now,
    )


def _note(session: Session, actor: Actor, verb: str, review: Review, now: datetime) -> None:
    """Write the line with a digest: the scores stay out of the log, which more people read than the reviews."""
    particulars = {
        "version": review.version,
        "digest": digest([review.halves, review.comments]),
    }
    subject = f"submission {review.submission_id}"
    write_line(session, actor=actor, verb=verb, subject=subject, now=now, particulars=particulars)
