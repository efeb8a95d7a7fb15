"""Builds boards anew wherever a result, a choice or a name has changed: outside any transaction, and recorded once."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from challenge.calls.queries import suites_of
from challenge.calls.records import Call, CallSuite
from challenge.calls.states import CallState
from challenge.foundation.audit import write_line
from challenge.foundation.canonical import canonical
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore
from challenge.foundation.permits import PLATFORM
from challenge.standings.asides import write_asides
from challenge.standings.entries import Plan, pause_seconds
from challenge.standings.operations_items import ItemScores, ItemsDamaged, ItemShelf, keep_scores, score_table
from challenge.standings.policy import read_tasks, tasks_of
from challenge.standings.queries import boards_of_call
from challenge.standings.queries_entries import plan_of
from challenge.standings.ranking import compact
from challenge.standings.records import Board, Standing
from challenge.standings.rules_results import DAMAGED, why_not_complete
from challenge.standings.states import Part, Visibility
from leaderboards import Missing, Policy, Refusal, Unranked, rank

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Built:
    """A board as it was built from a plan, not yet recorded."""

    ranking: str
    ranking_digest: str
    policy: str
    names: str
    asides: str
    scores_sha256: str
    ranked: int
    unranked: int


def rebuild_due(database: Database, files: FileStore, *, now: datetime) -> int:
    """Bring every board that may still move up to date; return how many new standings there are.

    Ranking happens outside any transaction. A board whose plan was overtaken meanwhile by another worker is left to
    it, and what came in since makes the board due again.
    """
    with database.reading() as session:
        bare = _without_boards(session)
    if bare:
        with database.transaction() as session:
            for call in bare:
                ensure_boards(session, call=call, now=now)
    with database.reading() as session:
        plans = [plan for plan in (plan_of(session, board) for board in _moving(session, now)) if plan.is_due]
    return sum(_bring_up(database, files, plan, now) for plan in plans)


def ensure_boards(session: Session, *, call: Call, now: datetime) -> list[Board]:
    """Give every suite of a call its boards, hidden at first: one for each part that has items; return the new ones."""
    # of workers that start at once the second waits, and then finds the boards of the first
    session.execute(select(Call.id).where(Call.id == call.id).with_for_update(key_share=True))
    there = {(board.suite_id, board.part) for board in boards_of_call(session, call.id)}
    new = [
        Board(call_id=call.id, suite_id=suite.id, part=part, visibility=Visibility.HIDDEN)
        for suite in suites_of(session, call)
        for part in Part
        if (suite.id, part) not in there and tasks_of(read_tasks(suite.summary), part)
    ]
    if new:
        session.add_all(new)
        session.flush()
        particulars: dict[str, object] = {"boards": [board.id for board in new]}
        subject = f"call {call.key}"
        write_line(session, actor=PLATFORM, verb="make_boards", subject=subject, now=now, particulars=particulars)
    return new


def build(files: FileStore, plan: Plan) -> Built:
    """Rank the entries of a plan and put their item scores into the store; the database is not touched."""
    policy = Policy.from_dict(plan.policy)
    results, status = _gather(_shelf(files), plan, forgiving=policy.missing is Missing.FLOOR)
    scores = score_table(results, tasks=[task.name for task in plan.tasks]).with_status(status)
    ranking = rank(scores, policy)
    return Built(
        ranking=compact(ranking.to_dict()),
        ranking_digest=ranking.digest(),
        policy=canonical(policy.to_dict()).decode(),
        names=canonical({entry.reference: entry.team for entry in plan.entries}).decode(),
        asides=write_asides({entry.reference: entry.aside for entry in plan.entries}),
        scores_sha256=keep_scores(files, scores).sha256,
        ranked=len(ranking.entries),
        unranked=len(ranking.unranked),
    )


def record(database: Database, plan: Plan, built: Built, *, now: datetime) -> bool:
    """Write a built board as its next standing; False where the board has moved on or was frozen meanwhile."""
    with database.transaction() as session:
        taken = session.execute(
            update(Board)
            .where(Board.id == plan.board_id, Board.version == plan.version, Board.frozen_at.is_(None))
            .values(version=plan.version + 1, fingerprint=plan.wanted)
        )
        if cast("CursorResult[Any]", taken).rowcount != 1:
            return False
        published_at = session.scalar(select(Board.published_at).where(Board.id == plan.board_id))
        if published_at is not None and published_at >= now:
            # the board was published while this was computed, with the version before, which keeps its address
            now = published_at + timedelta(microseconds=1)
        session.add(
            Standing(
                board_id=plan.board_id,
                version=plan.version + 1,
                made_at=now,
                ranking=built.ranking,
                names=built.names,
                asides=built.asides,
                ranking_digest=built.ranking_digest,
                policy=built.policy,
                scores_sha256=built.scores_sha256,
            )
        )
        particulars: dict[str, object] = {
            "version": plan.version + 1,
            "ranking": built.ranking_digest,
            "scores": built.scores_sha256,
            "ranked": built.ranked,
            "unranked": built.unranked,
        }
        subject = f"board {plan.board_id}"
        write_line(session, actor=PLATFORM, verb="rebuild_board", subject=subject, now=now, particulars=particulars)
    return True


def _bring_up(database: Database, files: FileStore, plan: Plan, now: datetime) -> bool:
    try:
        built = build(files, plan)
    except Refusal:
        # One board that cannot be ranked must not keep the others, nor the worker, from going on.
        _log.exception("board %s cannot be ranked", plan.board_id)
        return False
    return record(database, plan, built, now=now)


def _without_boards(session: Session) -> list[Call]:
    """List the calls that have a suite without any board and are no drafts."""
    bare = (
        select(CallSuite.call_id).outerjoin(Board, Board.suite_id == CallSuite.id).where(Board.id.is_(None)).distinct()
    )
    return list(session.scalars(select(Call).where(Call.state != CallState.DRAFT, Call.id.in_(bare)).order_by(Call.id)))


def _moving(session: Session, now: datetime) -> list[Board]:
    """List the boards that may still move, less those that rest from their last version."""
    boards = session.scalars(
        select(Board).join(Call).where(Board.frozen_at.is_(None), Call.state != CallState.DRAFT).order_by(Board.id)
    )
    return [board for board in boards if not _rests(session, board, now)]


def _rests(session: Session, board: Board, now: datetime) -> bool:
    row = session.execute(
        select(Standing.made_at, Standing.names).where(Standing.board_id == board.id, Standing.version == board.version)
    ).one_or_none()
    if row is None:
        return False
    age = (now - row.made_at).total_seconds()
    return bool(0 <= age < pause_seconds(len(json.loads(row.names))))


def _gather(shelf: ItemShelf, plan: Plan, *, forgiving: bool) -> tuple[dict[str, ItemScores], list[Unranked]]:
    """Fetch the item scores of every entry that has them whole; the others go into the status with their reason."""
    results: dict[str, ItemScores] = {}
    status: list[Unranked] = []
    for entry in plan.entries:
        reason = entry.reason
        if reason is None:
            try:
                found = shelf.take(entry.items_sha256, plan.part)
                reason = _gaps(plan, found.counts(), forgiving=forgiving)
                results[entry.reference] = found
            except ItemsDamaged:
                reason = DAMAGED
        if reason is not None:
            status.append(Unranked(entry.reference, reason))
            results.pop(entry.reference, None)
    return results, status


def _gaps(plan: Plan, counts: Mapping[str, int], *, forgiving: bool) -> str | None:
    """Say which items a result lacks, measured against the suite and not against the other entries."""
    reasons = [
        why_not_complete(task.name, found=counts.get(task.name, 0), wanted=task.items[plan.part])
        for task in plan.tasks
        if counts.get(task.name, 0) or not forgiving
    ]
    return "; ".join(reason for reason in reasons if reason) or None


@lru_cache(maxsize=4)
def _shelf(files: FileStore) -> ItemShelf:
    return ItemShelf(files)
