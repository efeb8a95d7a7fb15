"""Compares the answers of all entries by the instrument, and records what came of a pair."""

import threading
from datetime import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from challenge.foundation.audit import write_line
from challenge.foundation.files import FileStore
from challenge.foundation.permits import Actor, demand
from challenge.standings import queries_likeness
from challenge.standings.likeness import Alike, Entrant, Pair
from challenge.standings.queries import Glance, reader_in
from challenge.standings.records_likeness import LikenessNote
from challenge.standings.rules_likeness import why_not_note
from evaluation import ArchiveError, Kind, PredictionsUnreadable, Suite, Task, load_suite, read_predictions
from evaluation.licences import PACKAGE_LIMITS, inventory
from evaluation.licences.declared import read_declarations
from evaluation.trees import open_tree
from leaderboards.guards import NO_ANSWER, Answers, similarity

_TURN = threading.Lock()
"""One comparison at a time in a process: the answers of all entries are in memory meanwhile."""


@lru_cache(maxsize=32)
def alike(files: FileStore, suite_sha256: str, entrants: tuple[Entrant, ...]) -> Alike:
    """Compare the answers of entrants on the items of all tasks with labels, public and private together.

    Kept by the digests of all files, so that it is computed once a version. An entry whose file cannot be read any more
    is left out. Raises SuiteError where the suite is not readable.
    """
    with _TURN:
        suite = _suite(files, suite_sha256)
        coded = [(one, _options(files, suite_sha256, one.predictions_sha256)) for one in entrants]
        there = [(one, options) for one, options in coded if options is not None]
        key = _key(suite)
        table = np.stack([options for _, options in there]) if there else np.zeros((0, len(key)), np.int32)
        bases = {one.reference: found for one, _ in there if (found := _bases(files, one.package_sha256))}
        report = similarity(Answers(tuple(one.reference for one, _ in there), table, key), lineage=bases)
    return Alike(
        limit=report.limit,
        compared=len(there),
        pairs=report.pairs,
        items=len(key),
        found=tuple(
            Pair(
                flag.first,
                flag.second,
                flag.z,
                flag.same,
                flag.expected,
                flag.both_wrong,
                str(flag.lineage),
                flag.families,
            )
            for flag in report.flags
        ),
    )


def note_outcome(
    session: Session, *, actor: Actor, seen: Glance, first: str, second: str, note: str, now: datetime
) -> LikenessNote:
    """Note what came of a pair of entries of a board's call; raise Refused, or NotFound for no such pair."""
    demand(why_not_note(reader_in(session, actor, seen.call_id), note))
    one, other = queries_likeness.pair_of(session, seen.call_id, first, second)
    found = LikenessNote(
        suite_id=seen.suite_id, first_id=one.id, second_id=other.id, note=note.strip(), noted_at=now,
        noted_by=actor.account_id or 0,
    )  # fmt: skip
    session.add(found)
    session.flush()
    particulars: dict[str, object] = {"entries": [one.reference, other.reference], "note": found.note}
    subject = f"board {seen.board_id}"
    write_line(session, actor=actor, verb="note_likeness", subject=subject, now=now, particulars=particulars)
    return found


@lru_cache(maxsize=4)
def _suite(files: FileStore, sha256: str) -> Suite:
    return load_suite(files.path(sha256))


def _labelled(suite: Suite) -> list[Task]:
    """List the tasks on which two answers are the same or not, and nothing between."""
    return [task for task in suite.tasks if task.kind is Kind.CLASSIFICATION]


def _key(suite: Suite) -> NDArray[np.int32]:
    return _joined([_numbers(task, suite.truths[task.name].labels) for task in _labelled(suite)])


@lru_cache(maxsize=512)
def _options(files: FileStore, suite_sha256: str, sha256: str) -> NDArray[np.int32] | None:
    """Return an entry's answers as numbers of labels, item by item as in the suite; None where they are unreadable."""
    suite = _suite(files, suite_sha256)
    try:
        answers = read_predictions(files.path(sha256), suite).answers
    except (OSError, PredictionsUnreadable):
        return None
    return _joined([_numbers(task, answers[task.name]) for task in _labelled(suite)])


def _numbers(task: Task, answers: tuple[object, ...]) -> NDArray[np.int32]:
    number = {label: place for place, label in enumerate(task.labels)}
    return np.array([number.get(answer, NO_ANSWER) for answer in answers], dtype=np.int32)  # type: ignore[call-overload]


def _joined(pieces: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate([np.zeros(0, np.int32), *pieces])


@lru_cache(maxsize=2048)
def _bases(files: FileStore, package_sha256: str | None) -> frozenset[str]:
    """Return the base models that a package's card declares; none where there is no package, or it cannot be read."""
    if package_sha256 is None:
        return frozenset()
    try:
        with open_tree(files.path(package_sha256), limits=PACKAGE_LIMITS) as tree:
            found = read_declarations(tree, inventory(tree))
    except (OSError, ArchiveError):
        return frozenset()
    return frozenset(base.text.strip().lower() for base in found.bases)
