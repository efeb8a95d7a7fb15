"""Reads what a decision would rest on now, and what stands in its way."""

import json

from sqlalchemy.orm import Session

from challenge.awards.candidates import Facts
from challenge.awards.document import BoardUsed, DecisionDocument, Judged
from challenge.awards.ground import EntryFacts, Ground, marks_digest
from challenge.awards.letters import GivenMark, letters_of
from challenge.awards.queries import competes, latest_decision, reads_unsigned
from challenge.awards.rules import Stand
from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.compliance import queries as compliance
from challenge.compliance.states import PASSING
from challenge.foundation.canonical import digest, instant_text
from challenge.foundation.permits import Actor, Invalid
from challenge.judging import queries as judging
from challenge.judging.records import Review
from challenge.judging.shortlist import shortlist
from challenge.people import queries as people
from challenge.standings import queries as standings
from challenge.standings.ranking import Ranking
from challenge.submissions import queries as submissions
from challenge.teams import queries as teams


def stand_of(session: Session, call: Call, actor: Actor) -> Stand:
    """Return what the rule for a proposal asks about a call and the proposer."""
    rules = calls.rules_of(session, call)
    board = judging.deciding_board(session, call.id)
    latest = latest_decision(session, call.id)
    chosen = shortlist(judging.shortlist_entries(session, call.id), finalists=rules.selection.finalists)
    named = judging.finalist_submissions(session, call.id)
    ids = {submission.id for submission in named}
    standing = standings.standing_of(session, board) if board is not None else None
    policy = json.loads(standing.policy) if standing is not None else {}
    return Stand(
        rules=rules,
        state=call.state,
        board_frozen=board is not None and board.version > 0 and board.frozen_at is not None,
        not_named=tuple(one.entry.reference for one in chosen.named if one.entry.submission_id not in ids),
        not_agreed=tuple(one.reference for one in named if judging.consensus_of(session, one.id) is None),
        draws=policy.get("draws", 0),
        seed=policy.get("seed", 0),
        latest=latest.state if latest else None,
        competes=competes(session, actor, call.id),
    )


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
        entries=_entries(session, call, ranking),
        judged=_judged(session, call),
        marks=marks_of(session, call.id),
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


def _entries(session: Session, call: Call, ranking: Ranking) -> tuple[EntryFacts, ...]:
    eligible = teams.eligible_team_ids(session, call.id)
    verdicts = compliance.verdicts_in_force(session, call.id)
    all_teams = {team.id: team for team in teams.teams_of_call(session, call.id)}
    judged = {finalist.submission_id for finalist in judging.finalists_of(session, call.id)}
    places = {entry.entrant: entry for entry in ranking.entries}
    entries = []
    for team_id, submission in submissions.final_submissions(session, call.id).items():
        team, verdict, place = all_teams[team_id], verdicts.get(submission.id), places.get(submission.reference)
        agreed = judging.consensus_of(session, submission.id) if submission.id in judged else None
        facts = Facts(
            eligible=team_id in eligible,
            verdict=verdict.value if verdict else None,
            licence_passes=verdict in PASSING,
            points=place.points if place else None,
            is_finalist=submission.id in judged,
        )
        entries.append(
            EntryFacts(
                reference=submission.reference,
                submission_id=submission.id,
                team_id=team_id,
                team=team.name,
                country=team.country,
                facts=facts,
                rank_low=place.rank_low if place else None,
                rank_high=place.rank_high if place else None,
                halves=dict(agreed.halves) if agreed else {},
                requests=dict(submission.requests),
            )
        )
    return tuple(sorted(entries, key=lambda entry: entry.reference))


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
