"""Reads what became of fetching models from hubs, and a submission's package, wherever it came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, exists, func, null, or_, select
from sqlalchemy.orm import Session

from challenge.calls.records import Call
from challenge.calls.states import CallState
from challenge.foundation.permits import NotFound
from challenge.submissions.records import Submission
from challenge.submissions.records_fetches import Fetch, Fetcher
from challenge.submissions.states import FetchOutcome, FetchState
from challenge.teams.queries import competes
from challenge.teams.records import Team

COUNTED_ON = timedelta(days=1)
"""A worker that can fetch and was silent no longer is counted on: what is handed in meanwhile waits for it."""
NO_WORKER = "No worker has been heard of for a day. Start one with: flask --app wsgi worker"

OURS = (
    FetchOutcome.HUB_UNTRUE,
    FetchOutcome.HUB_AWAY,
    FetchOutcome.ENGINE_MISSING,
    FetchOutcome.FETCH_BROKEN,
    FetchOutcome.ABANDONED,
)
"""Endings that are the platform's affair; a test holds them against `fetch_endings`."""


@dataclass(frozen=True)
class Package:
    """A package in the store: its SHA-256, its size in bytes, and its name."""

    sha256: str
    size: int
    name: str


@dataclass(frozen=True)
class FetchLine:
    """A fetch as the office sees it."""

    fetch: Fetch
    submission: Submission
    team: str


def fetch_of(session: Session, submission_id: int) -> Fetch | None:
    """Return the fetch of a submission, None where its model was handed in otherwise."""
    return session.get(Fetch, submission_id)


def fetch(session: Session, submission_id: int) -> Fetch:
    """Return the fetch of a submission; raise NotFound where there is none."""
    found = fetch_of(session, submission_id)
    if found is None:
        raise NotFound
    return found


def fetches_of(session: Session, submission_ids: Iterable[int]) -> dict[int, Fetch]:
    """Return the fetches of several submissions, by submission; none for those that were handed in otherwise."""
    found = session.scalars(select(Fetch).where(Fetch.submission_id.in_(list(submission_ids))))
    return {each.submission_id: each for each in found}


def package_of(session: Session, submission: Submission) -> Package | None:
    """Return the package of a submission, handed in or fetched; None where there is none, or none yet."""
    if submission.package_sha256 is not None:
        return Package(submission.package_sha256, submission.package_size, submission.package_name)
    found = fetch_of(session, submission.id) if submission.hub else None
    if found is None or found.package_sha256 is None:
        return None
    return Package(found.package_sha256, found.package_size, found.package_name)


def evaluated_of(session: Session, submission: Submission) -> tuple[str, int]:
    """Return SHA-256 and size of the file that is evaluated; empty and 0 where there is none, or none yet."""
    if not submission.hub:
        return submission.evaluated_sha256, submission.evaluated_size
    package = package_of(session, submission)
    return (package.sha256, package.size) if package else ("", 0)


def has_come() -> ColumnElement[bool]:
    """Return the condition that all files of a submission are here: none had to be fetched, or it was."""
    fetched = exists().where(Fetch.submission_id == Submission.id, Fetch.outcome == FetchOutcome.FETCHED)
    return or_(Submission.hub.is_(null()), fetched)


def due(now: datetime) -> Select[int]:
    """Return the submissions whose model may be fetched now, the one that has waited longest first."""
    return (
        select(Fetch.submission_id)
        .where(Fetch.state == FetchState.WAITING, Fetch.not_before <= now)
        .order_by(Fetch.not_before, Fetch.submission_id)
    )


def lines(session: Session, reader: int | None, *, limit: int) -> list[FetchLine]:
    """Return fetches for an officer: first those not ended, then those the platform failed at, then the newest.

    Those of calls in which the reader, an account's number, competes are left out.
    """
    rank = case((Fetch.state != FetchState.ENDED, 0), (Fetch.outcome.in_(OURS), 1), else_=2)
    query = (
        select(Fetch, Submission, Team.name)
        .join(Submission, Submission.id == Fetch.submission_id)
        .join(Team, Team.id == Submission.team_id)
        .where(~competes(reader, Submission.call_id))
        .order_by(rank, Fetch.submission_id.desc())
        .limit(limit)
    )
    return [FetchLine(*row) for row in session.execute(query)]


def failed_by_us(session: Session, reader: int | None) -> int:
    """Count the fetches for open calls that ended by the platform's fault and were not asked for again.

    Those of calls in which the reader, an account's number, competes are left out.
    """
    query = (
        select(func.count())
        .select_from(Fetch)
        .join(Submission, Submission.id == Fetch.submission_id)
        .join(Call, Call.id == Submission.call_id)
        .where(Fetch.outcome.in_(OURS), Call.state == CallState.OPEN, ~competes(reader, Call.id))
    )
    return session.scalar(query) or 0


def waiting_fetches(session: Session) -> int:
    """Count the fetches that wait or are under way."""
    return session.scalar(select(func.count()).where(Fetch.state != FetchState.ENDED)) or 0


def fetchers(session: Session, *, since: datetime) -> list[Fetcher]:
    """Return the workers heard of since an instant that have said whether they can fetch, the latest first."""
    return list(session.scalars(select(Fetcher).where(Fetcher.seen_at >= since).order_by(Fetcher.seen_at.desc())))


def why_nobody_fetches(session: Session, *, now: datetime) -> str:
    """Return why no worker counted on can fetch a model; the empty text where one can."""
    heard = fetchers(session, since=now - COUNTED_ON)
    if any(not each.trouble for each in heard):
        return ""
    return heard[0].trouble if heard else NO_WORKER
