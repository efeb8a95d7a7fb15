"""Reads whose answers are to be compared, and what came of earlier findings."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from challenge.calls.queries import suite as suite_of
from challenge.calls.records import CallSuite
from challenge.foundation.permits import Actor, NotFound
from challenge.people.records import Account
from challenge.standings import queries
from challenge.standings.likeness import Entrant, Outcome
from challenge.standings.records_likeness import LikenessNote
from challenge.standings.rules_likeness import may_know_of_likeness
from challenge.submissions.records import Submission


@dataclass(frozen=True)
class Subjects:
    """The ranked entries of a board's present version, with their teams' names by reference."""

    seen: queries.Glance
    suite: CallSuite
    version: int
    entrants: tuple[Entrant, ...]
    names: dict[str, str]
    notes: list[Outcome]


def subjects_for(session: Session, actor: Actor, board_id: int) -> Subjects:
    """Return whose answers are to be compared; raise NotFound where the reader may not know of that."""
    seen = queries.glance_for(session, actor, board_id)
    if not may_know_of_likeness(seen.reader, seen.stand, veiled=seen.veiled):
        raise NotFound
    standing = queries.standing_of(session, queries.board(session, board_id))
    ranked = [entry.entrant for entry in queries.ranking_of(standing).entries] if standing else []
    found = session.execute(
        select(Submission.reference, Submission.predictions_sha256, Submission.package_sha256)
        .where(Submission.reference.in_(ranked), Submission.predictions_sha256.is_not(None))
        .order_by(Submission.reference)
    )
    return Subjects(
        seen=seen,
        suite=suite_of(session, seen.suite_id),
        version=seen.stand.version,
        entrants=tuple(Entrant(name, answers or "", package) for name, answers, package in found),
        names=queries.names_of(standing) if standing else {},
        notes=_notes(session, seen.suite_id),
    )


def pair_of(session: Session, call_id: int, first: str, second: str) -> tuple[Submission, Submission]:
    """Return two different submissions of a call, the earlier first; raise NotFound."""
    found = session.scalars(
        select(Submission)
        .where(Submission.call_id == call_id, Submission.reference.in_([first, second]))
        .order_by(Submission.id)
    ).all()
    if len(found) != 2:
        raise NotFound
    return found[0], found[1]


def _notes(session: Session, suite_id: int) -> list[Outcome]:
    """Return all notes on pairs of a suite, newest first."""
    one, other = aliased(Submission), aliased(Submission)
    rows = session.execute(
        select(one.reference, other.reference, LikenessNote.note, LikenessNote.noted_at, Account.name)
        .join(one, one.id == LikenessNote.first_id)
        .join(other, other.id == LikenessNote.second_id)
        .join(Account, Account.id == LikenessNote.noted_by)
        .where(LikenessNote.suite_id == suite_id)
        .order_by(LikenessNote.id.desc())
    )
    return [Outcome(*row) for row in rows]
