"""Reads one finalist as a judge sees it: what the private board says of it, and what was found beside that."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.records import CallSuite
from challenge.compliance import queries as compliance
from challenge.compliance.states import LicenceVerdict
from challenge.judging.measures import TaskMeasure, task_measures
from challenge.judging.queries import deciding_board
from challenge.standings import queries as standings
from challenge.standings.policy import percent, read_tasks
from challenge.standings.ranking import Entry, Ranking
from challenge.standings.records import Standing
from challenge.submissions.records import Submission


@dataclass(frozen=True)
class Sources:
    """From what a board's numbers follow: the standing, and the digests of all it was computed from."""

    board_id: int
    version: int
    suite_digest: str
    scores_sha256: str
    policy_digest: str
    ranking_digest: str


@dataclass(frozen=True)
class Measured:
    """An entry on the board by which the call decides."""

    suite: str
    entries: int
    entry: Entry
    tasks: tuple[TaskMeasure, ...]
    sure: str
    """The confidence of every interval, as in 95%."""
    inseparable: tuple[str, ...]
    """Names of the teams whose entries the board cannot tell from this one."""
    sources: Sources
    ranking: str
    """The whole ranking as its standing keeps it, for opinions that are computed from it."""
    policy: str


@dataclass(frozen=True)
class OnBoard:
    """What the deciding board knows of an entry: its measures, or the reason why it is not ranked."""

    suite: CallSuite | None
    measured: Measured | None
    unranked: str | None


def on_board(session: Session, submission: Submission, *, hidden: Collection[str] = ()) -> OnBoard:
    """Return what the private board says of an entry; entries by a reference in `hidden` stay unnamed."""
    board = deciding_board(session, submission.call_id)
    suite = calls.suite(session, board.suite_id) if board is not None else None
    standing = standings.standing_of(session, board) if board is not None else None
    if board is None or standing is None or suite is None:
        return OnBoard(suite, None, "There is no private board yet.")
    ranking = standings.ranking_of(standing)
    entry = ranking.entry(submission.reference)
    if entry is None:
        reasons = (one.reason for one in ranking.unranked if one.entrant == submission.reference)
        return OnBoard(suite, None, f"Not ranked: {next(reasons, 'it is not on the private board')}.")
    policy, names = standings.policy_of(standing), standings.names_of(standing)
    measured = Measured(
        suite=suite.title,
        entries=len(ranking.entries),
        entry=entry,
        tasks=task_measures(entry, policy, {task.name: task for task in read_tasks(suite.summary)}),
        sure=percent(policy["confidence"]),
        inseparable=tuple(names.get(one, one) for one in entry.inseparable_from if one not in hidden),
        sources=_sources(board.id, suite, standing, ranking),
        ranking=standing.ranking,
        policy=standing.policy,
    )
    return OnBoard(suite, measured, None)


def board_entries(session: Session, call_id: int, references: Collection[str]) -> dict[str, Entry]:
    """Return the board's entries of some submissions by reference, unranked ones left out."""
    board = deciding_board(session, call_id)
    standing = standings.standing_of(session, board) if board is not None else None
    ranking: Ranking | None = standings.ranking_of(standing) if standing is not None else None
    found = ((reference, ranking.entry(reference)) for reference in references) if ranking else ()
    return {reference: entry for reference, entry in found if entry is not None}


def verdict(session: Session, submission: Submission) -> LicenceVerdict | None:
    """Return the licence verdict in force on an entry."""
    return compliance.verdict_in_force(session, submission.id)


def _sources(board_id: int, suite: CallSuite, standing: Standing, ranking: Ranking) -> Sources:
    return Sources(
        board_id=board_id,
        version=standing.version,
        suite_digest=suite.digest,
        scores_sha256=standing.scores_sha256,
        policy_digest=ranking.policy_digest,
        ranking_digest=standing.ranking_digest,
    )
