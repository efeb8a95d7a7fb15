"""Reads how an entry fared on a board, and what else its team handed in, as far as a reader may know."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.foundation.permits import Actor
from challenge.runs.records import Run
from challenge.standings import queries
from challenge.standings.history import Moment, moment_of
from challenge.standings.records import Standing
from challenge.submissions.queries import stake_in
from challenge.submissions.records import Submission
from challenge.teams.stakes import opens_to

NEWEST = 20
"""How many versions are looked through; each is read whole from the database."""


@dataclass(frozen=True)
class Other:
    """Another submission of the same team."""

    reference: str
    title: str
    submitted_at: datetime


@dataclass(frozen=True)
class Backstage:
    """What only the team itself, admins and auditors read of an entry."""

    reference: str
    run_id: int | None
    later_run_id: int | None
    others: tuple[Other, ...]


def history_of_entry(session: Session, seen: queries.Glance, *, reference: str, upto: int) -> list[Moment]:
    """Return an entry on the newest versions that the reader may see, up to one version, oldest first."""
    rows = session.execute(
        select(Standing.version, Standing.made_at, Standing.ranking)
        .where(
            Standing.board_id == seen.board_id,
            Standing.version <= upto,
            Standing.version >= queries.first_version_for(session, seen),
        )
        .order_by(Standing.version.desc())
        .limit(NEWEST)
    )
    found = [moment_of(text, reference, version=version, made_at=at) for version, at, text in rows]
    return [moment for moment in reversed(found) if moment is not None]


def backstage(
    session: Session, actor: Actor, reference: str, *, run_ids: tuple[int | None, int | None]
) -> Backstage | None:
    """Return what stands behind an entry; None for whoever may not see its submission."""
    submission = session.scalar(select(Submission).where(Submission.reference == reference))
    if submission is None:
        return None
    if not opens_to(actor, stake_in(session, actor.account_id, submission)):
        return None
    others = session.execute(
        select(Submission.reference, Submission.title, Submission.submitted_at)
        .where(Submission.team_id == submission.team_id, Submission.id != submission.id)
        .order_by(Submission.number.desc())
        .limit(50)
    )
    there = set(session.scalars(select(Run.id).where(Run.id.in_([one for one in run_ids if one is not None]))))
    counting, later = (one if one in there else None for one in run_ids)
    return Backstage(reference, counting, later, tuple(Other(*row) for row in others))
