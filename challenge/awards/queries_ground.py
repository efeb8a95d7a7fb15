"""Reads what a decision would rest on now."""

import json

from sqlalchemy.orm import Session

from challenge.awards.document import BoardUsed, DecisionDocument, Judged
from challenge.awards.ground import Ground, marks_digest
from challenge.awards.letters import GivenMark, letters_of
from challenge.awards.queries import reads_unsigned
from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.canonical import digest, instant_text
from challenge.foundation.permits import Actor, Invalid
from challenge.judging import queries as judging
from challenge.judging.queries_contestants import contestants_of
from challenge.judging.records import Review
from challenge.people import queries as people
from challenge.standings import queries as standings


def ground_of(session: Session, call: Call) -> Ground:
    """Return everything that a decision on a call rests on; raise Invalid before the deciding board stands."""
    board = judging.deciding_board(session, call.id)
    standing = standings.standing_of(session, board) if board is not None else None
    if board is None or standing is None:
        raise Invalid("There is no private board yet; winners are chosen from it and from the panel's scores.")
    version, suite = calls.version_of(session, call), calls.suite(session, board.suite_id)
    ranking, policy = standings.ranking_of(standing), json.loads(standing.policy)
    return Ground(
        call_id=call.id,
        call_key=call.key,
        call_version=version.number,
        rules_digest=version.digest,
        rules=calls.rules_of(session, call),
        board=BoardUsed(
            suite=suite.key,
            suite_digest=suite.digest,
            board_id=board.id,
            version=standing.version,
            ranking_digest=standing.ranking_digest,
            scores_sha256=standing.scores_sha256,
            draws=policy["draws"],
            seed=policy["seed"],
        ),
        policy=standing.policy,
        unranked=tuple((one.entrant, one.reason) for one in ranking.unranked),
        entries=tuple(contestants_of(session, call.id)),
        judged=_judged(session, call),
        marks=marks_of(session, call.id),
        tie_word=judging.tie_word(session, call.id),
    )


def marks_of(session: Session, call_id: int) -> tuple[GivenMark, ...]:
    """Return the marks of every judge's latest review of every finalist, under letters that tell nothing."""
    reviews = _latest_reviews(session, call_id)
    letters = letters_of(_by_judge(reviews))
    return tuple(
        GivenMark(reference, letters[review.account_id], criterion, halves)
        for reference, review in reviews
        for criterion, halves in sorted(review.halves.items())
    )


def judges_known(session: Session, actor: Actor, call_id: int, document: DecisionDocument) -> dict[str, str]:
    """Return the names behind a decision's letters, as far as `actor` may know them.

    Nobody does once the marks are no longer those of the decision, because letters may then stand for others.
    """
    if not document.marks_digest or not reads_unsigned(session, actor, call_id):
        return {}
    if marks_digest(marks_of(session, call_id)) != document.marks_digest:
        return {}
    reviews = _latest_reviews(session, call_id)
    names = people.names_of(session, {review.account_id for _, review in reviews})
    return {letter: names[account_id] for account_id, letter in letters_of(_by_judge(reviews)).items()}


def _latest_reviews(session: Session, call_id: int) -> list[tuple[str, Review]]:
    return [
        (submission.reference, review)
        for submission in judging.finalist_submissions(session, call_id)
        for review in judging.reviews_of(session, submission.id)
    ]


def _by_judge(reviews: list[tuple[str, Review]]) -> dict[int, list[object]]:
    """Gather what each account has marked, in the order of entries and criteria."""
    found: dict[int, list[object]] = {}
    for reference, review in sorted(reviews, key=lambda one: one[0]):
        found.setdefault(review.account_id, []).append([reference, sorted(review.halves.items())])
    return found


def _judged(session: Session, call: Call) -> tuple[Judged, ...]:
    found = []
    for submission in judging.finalist_submissions(session, call.id):
        agreed = judging.consensus_of(session, submission.id)
        reviews = judging.reviews_of(session, submission.id)
        # no account ids: a number a judge keeps from entry to entry would join reviews to a person
        contents = sorted(
            digest([review.version, review.written.digest, instant_text(review.saved_at)]) for review in reviews
        )
        version = agreed.version if agreed else 0
        found.append(Judged(submission.reference, version, len(reviews), digest(contents)))
    return tuple(found)
