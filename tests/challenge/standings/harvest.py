"""Brings in a harvest of results: runs that ended with item scores in the store, written straight into the tables."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
from sqlalchemy import select

from challenge.calls.records import Call, CallSuite
from challenge.calls.states import CallState
from challenge.foundation.canonical import digest
from challenge.foundation.permits import Actor
from challenge.runs.records import Result, Run
from challenge.runs.states import Outcome, RunState
from challenge.standings import operations, queries
from challenge.standings.records import Board, Standing
from challenge.standings.states import Part
from challenge.submissions.records import Submission
from challenge.teams.records import Team
from tests.cast import Cast
from tests.stage import stage_call, stage_submission, stage_team

UNIT = 10_000
PUBLIC = tuple(f"p{number}" for number in range(6))
PRIVATE = tuple(f"q{number}" for number in range(6))


@dataclass
class Field:
    """A call with teams that have handed in and been scored."""

    cast: Cast
    call: Call
    teams: dict[str, Team]
    captains: dict[str, Actor]
    entries: dict[str, Submission]

    def rebuild(self) -> int:
        """Bring the boards up to date at the house's present time."""
        return operations.rebuild_due(self.cast.house.database, self.cast.house.files, now=self.cast.now)

    def board(self, part: Part = Part.PUBLIC) -> Board:
        """Return one of the call's two boards."""
        with self.cast.house.database.reading() as session:
            return next(one for one in queries.boards_of_call(session, self.call.id) if one.part is part)

    def standing(self, part: Part = Part.PUBLIC, version: int | None = None) -> Standing:
        """Return a standing, the latest unless a version is given."""
        board = self.board(part)
        with self.cast.house.database.reading() as session:
            found = queries.standing_of(session, board, version)
        assert found is not None
        return found

    def ranks(self, part: Part = Part.PUBLIC) -> dict[str, int]:
        """Return the ranks of the latest standing by team."""
        standing = self.standing(part)
        names = queries.names_of(standing)
        return {names[entry.entrant]: entry.rank for entry in queries.ranking_of(standing).entries}

    def reasons(self, part: Part = Part.PUBLIC) -> dict[str, str]:
        """Return why teams are unranked in the latest standing."""
        standing = self.standing(part)
        names = queries.names_of(standing)
        return {names[one.entrant]: one.reason for one in queries.ranking_of(standing).unranked}

    def publish(self, part: Part = Part.PUBLIC) -> Board:
        """Publish a board as an admin."""
        board, admin = self.board(part), self.cast.admin()
        with self.cast.house.database.transaction() as session:
            attached = queries.board(session, board.id)
            operations.publish_board(session, actor=admin, board=attached, now=self.cast.now)
        return self.board(part)

    def freeze_call(self) -> None:
        """End the call's taking of entries."""
        with self.cast.house.database.transaction() as session:
            call = session.get(Call, self.call.id)
            assert call is not None
            call.state, call.frozen_at = CallState.FROZEN, self.cast.now

    def freeze(self, part: Part = Part.PUBLIC) -> Board:
        """Freeze a board as an admin, after the worker has made the official version of one that decides."""
        self.rebuild()
        board, admin = self.board(part), self.cast.admin()
        with self.cast.house.database.transaction() as session:
            attached = queries.board(session, board.id)
            operations.freeze_board(session, actor=admin, board=attached, now=self.cast.now)
        return self.board(part)

    def enter(self, name: str, number: int) -> Submission:
        """Let a team, founded where it is new, hand in its entry `number`."""
        if name not in self.teams:
            self.captains[name] = self.cast.person(f"Captain{len(self.teams)}")
            self.teams[name] = stage_team(self.cast, self.call, name, self.captains[name])
        self.entries[name] = stage_submission(self.cast, self.teams[name], self.captains[name], number)
        return self.entries[name]

    def score(self, name: str, right: int, number: int, **more: Any) -> Submission:
        """Let a team hand in an entry that gets `right` of 6 items right in each part."""
        submission = self.enter(name, number)
        stage_result(self.cast, submission, items=items_right(right), **more)
        return submission


def stage_field(cast: Cast, right: Mapping[str, int] | None = None, **changes: Any) -> Field:
    """Set up an open call in which teams got so many of 6 items right in each part."""
    field = Field(cast, stage_call(cast, **changes), {}, {}, {})
    for number, (name, count) in enumerate((right or {}).items(), start=1):
        field.score(name, count, number)
    return field


def items_right(right: int) -> dict[str, Sequence[int]]:
    """Return values of an entry that gets the first `right` of 6 items right in each part."""
    return {part: [UNIT if place < right else 0 for place in range(6)] for part in ("public", "private")}


def items_file(cast: Cast, items: Mapping[str, Sequence[Any]], *, kind: pa.DataType | None = None) -> str:
    """Put a file of item scores into the store and return its name."""
    rows = [
        (name, part, value)
        for part, names in (("public", PUBLIC), ("private", PRIVATE))
        for name, value in zip(names, items.get(part, ()), strict=False)
    ]
    table = pa.table(
        {
            "task": ["topic"] * len(rows),
            "item": [name for name, _, _ in rows],
            "cluster": [name for name, _, _ in rows],
            "part": [part for _, part, _ in rows],
            "value": pa.array([value for _, _, value in rows], kind or pa.int64()),
        }
    )
    return keep(cast, table)


def keep(cast: Cast, table: pa.Table) -> str:
    """Put a table into the store as Parquet and return its name."""
    sheet = io.BytesIO()
    parquet.write_table(table, sheet)
    sheet.seek(0)
    return cast.house.files.put(sheet, limit=10**8).sha256


def stage_result(
    cast: Cast, submission: Submission, *, items: Mapping[str, Sequence[int]] | None = None, items_sha256: str = "",
    outcome: Outcome = Outcome.SCORED, round_: int = 1,
) -> Run:  # fmt: skip
    """Write a run that has ended, with its result where it was scored."""
    sha256 = items_sha256 or (items_file(cast, items) if items is not None else "")
    with cast.house.database.transaction() as session:
        suite = session.scalars(select(CallSuite).where(CallSuite.call_id == submission.call_id)).one()
        run = Run(
            submission_id=submission.id, suite_id=suite.id, suite_digest=suite.digest, round=round_, state=RunState.ENDED,
            outcome=outcome, attempts=1, asked_at=cast.now, started_at=cast.now, ended_at=cast.now,
        )  # fmt: skip
        session.add(run)
        session.flush()
        if outcome is Outcome.SCORED:
            fingerprint = digest(["{}", sha256])
            session.add(Result(run_id=run.id, report="{}", items_sha256=sha256, digest=fingerprint, at=cast.now))
    return run


def stage_waiting(cast: Cast, submission: Submission, *, round_: int = 1) -> Run:
    """Write a run that still waits."""
    with cast.house.database.transaction() as session:
        suite = session.scalars(select(CallSuite).where(CallSuite.call_id == submission.call_id)).one()
        run = Run(
            submission_id=submission.id, suite_id=suite.id, suite_digest=suite.digest, round=round_,
            state=RunState.WAITING, asked_at=cast.now,
        )  # fmt: skip
        session.add(run)
    return run
