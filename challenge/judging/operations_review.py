"""What judges write of an entry: drafts, and reviews that count."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.foundation.audit import write_line
from challenge.foundation.moves import move
from challenge.foundation.permits import Actor, Invalid, demand
from challenge.judging import queries, rules
from challenge.judging.marks import MOST
from challenge.judging.records import Review
from challenge.judging.states import REVIEW_MOVES, ReviewState
from challenge.judging.writing import SURE, Written
from challenge.submissions.records import Submission
from challenge.teams.prose import tidy_text, why_not_text

MOST_TEXT = 10_000
ELSEWHERE = (
    "This review was changed in another window since this one was opened. Nothing is overwritten yet: what stands here "
    "is what you typed here. Send it again to put it in the place of the other."
)


class ChangedElsewhere(Invalid):
    """Raised where a form began from a review that is not the latest any more."""


def save_review(
    session: Session, *, actor: Actor, submission: Submission, written: Written, now: datetime, basis: str | None = None
) -> Review:
    """Keep a draft, whole or not; only its judge sees it. `basis` is the digest of what the form began from.

    Raises Refused by rule, ChangedElsewhere, Invalid for what is no half mark.
    """
    review, _ = _write(session, actor, submission, written, now, whole=False, basis=basis)
    _note(session, actor, "save_review", review, now)
    return review


def keep_draft(
    session: Session, *, actor: Actor, submission: Submission, written: Written, now: datetime, basis: str | None = None
) -> Review:
    """Keep a draft without being asked, while it is being written or where its submission is refused.

    A line goes into the log when a draft begins: one for every pause in somebody's typing would bury all others.
    Raises as `save_review` does.
    """
    review, is_new = _write(session, actor, submission, written, now, whole=False, basis=basis)
    if is_new:
        _note(session, actor, "begin_draft", review, now)
    return review


def submit_review(
    session: Session, *, actor: Actor, submission: Submission, written: Written, now: datetime, basis: str | None = None
) -> Review:
    """Submit a review; a changed one is a further version, and the earlier stay.

    Raises Refused by rule, ChangedElsewhere, Invalid where a score, a text of at least 20 characters or the confidence
    is missing.
    """
    review, _ = _write(session, actor, submission, written, now, whole=True, basis=basis)
    move(review, ReviewState.SUBMITTED, REVIEW_MOVES)
    review.submitted_at = now
    session.flush()
    _note(session, actor, "submit_review", review, now)
    return review


def _write(
    session: Session,
    actor: Actor,
    submission: Submission,
    written: Written,
    now: datetime,
    *,
    whole: bool,
    basis: str | None,
) -> tuple[Review, bool]:
    """Put it into the judge's draft, a new one if the last review is submitted or there is none; tell whether it is."""
    queries.hold_seat(session, submission.call_id, actor.account_id)
    call_rules = calls.rules_of(session, calls.call(session, submission.call_id))
    docket = queries.docket_of(session, submission.call_id)
    demand(rules.why_not_review(docket, actor, submission.id, rules=call_rules, now=now))
    review = queries.own_review(session, actor.account_id or 0, submission.id)
    tidy = _checked(written, call_rules, whole=whole)
    kept = review.written.digest if review else ""
    if basis is not None and kept not in {basis, tidy.digest}:
        raise ChangedElsewhere(ELSEWHERE)
    if review is not None and not whole and kept == tidy.digest:
        return review, False  # nothing new: a submitted review is not followed by a draft of the same
    is_new = review is None or review.state is ReviewState.SUBMITTED
    if review is None or is_new:
        version = review.version + 1 if review else 1
        review = Review(
            account_id=actor.account_id, submission_id=submission.id, version=version, state=ReviewState.DRAFT
        )
        session.add(review)
    review.halves, review.comments = dict(tidy.halves), dict(tidy.comments)
    review.strengths, review.weaknesses, review.confidence = tidy.strengths, tidy.weaknesses, tidy.confidence
    review.saved_at = now
    session.flush()
    return review, is_new


def check_halves(halves: Mapping[str, int], call_rules: Rules, *, whole: bool) -> None:
    """Refuse what is no half mark of a criterion of the call, and a gap where marks must be whole; raise Invalid."""
    known = {criterion.key for criterion in call_rules.criteria}
    for key, value in halves.items():
        if key not in known or isinstance(value, bool) or not 0 <= value <= MOST:
            raise Invalid("Choose a score from 0 to 5 in half marks.", f"halves_{key}")
    for criterion in call_rules.criteria:
        if whole and criterion.key not in halves:
            raise Invalid(f"Choose a score for {criterion.title}.", f"halves_{criterion.key}")


def _checked(written: Written, call_rules: Rules, *, whole: bool) -> Written:
    check_halves(written.halves, call_rules, whole=whole)
    least = rules.LEAST_COMMENT if whole else 0
    comments = {}
    for criterion in call_rules.criteria:
        text = tidy_text(written.comments.get(criterion.key, ""))
        if sentence := why_not_text(text, least=least, most=MOST_TEXT):
            raise Invalid(f"{sentence} A score stands on its reason.", f"comments_{criterion.key}")
        comments[criterion.key] = text
    strengths, weaknesses = tidy_text(written.strengths), tidy_text(written.weaknesses)
    for name, text in (("strengths", strengths), ("weaknesses", weaknesses)):
        if sentence := why_not_text(text, least=least, most=MOST_TEXT):
            raise Invalid(f"{sentence} The panel reads it beside your scores.", name)
    if written.confidence not in SURE and (whole or written.confidence is not None):
        raise Invalid("Say how near the entry is to your own field.", "confidence")
    return replace(written, comments=comments, strengths=strengths, weaknesses=weaknesses)


def _note(session: Session, actor: Actor, verb: str, review: Review, now: datetime) -> None:
    """Write the line with a digest: the scores stay out of the log, which more people read than the reviews."""
    particulars = {"version": review.version, "digest": review.written.digest}
    subject = f"submission {review.submission_id}"
    write_line(session, actor=actor, verb=verb, subject=subject, now=now, particulars=particulars)
