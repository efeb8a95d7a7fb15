"""Reads one finalist as a judge sees it: what was handed in, the licence, and what the private board says."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.compliance import queries as compliance
from challenge.compliance.states import LicenceVerdict
from challenge.judging.queries import deciding_board
from challenge.standings import queries as standings
from challenge.standings.policy import SuiteTask, read_tasks
from challenge.standings.ranking import Entry, Ranking
from challenge.submissions.records import Submission


@dataclass(frozen=True)
class Measured:
    """An entry on the board by which the call decides."""

    suite: str
    board_id: int
    version: int
    entries: int
    entry: Entry
    tasks: dict[str, SuiteTask]
    inseparable: tuple[str, ...]
    """Names of the teams whose entries the board cannot tell from this one."""


def measured(session: Session, submission: Submission, *, hidden: Collection[str] = ()) -> Measured | None:
    """Return how the private board measures an entry, None where it is unranked; `hidden` references stay unnamed."""
    board = deciding_board(session, submission.call_id)
    standing = standings.standing_of(session, board) if board is not None else None
    if board is None or standing is None:
        return None
    ranking = standings.ranking_of(standing)
    entry = ranking.entry(submission.reference)
    if entry is None:
        return None
    suite, names = calls.suite(session, board.suite_id), standings.names_of(standing)
    return Measured(
        suite=suite.title,
        board_id=board.id,
        version=standing.version,
        entries=len(ranking.entries),
        entry=entry,
        tasks={task.name: task for task in read_tasks(suite.summary)},
        inseparable=tuple(
            names.get(reference, reference) for reference in entry.inseparable_from if reference not in hidden
        ),
    )


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
