"""What a board costs while a thousand teams hand in a hundred times: the page, many readers at once, and the question what it is due."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator

from sqlalchemy import func, insert, select

from challenge.calls.records import CallSuite
from challenge.runs.records import Result, Run
from challenge.runs.states import Outcome, RunState
from challenge.standings import queries
from challenge.standings.queries_entries import plan_of
from challenge.standings.queries_page import board_view, readers_view
from challenge.submissions.records import Submission
from tests.bench.crowd import Crowd
from tests.bench.figures import Figure
from tests.bench.serving import Server, Visitor

SIZES = (1_000, 10_000, 100_000)
CONNECTIONS, ASKED = 16, 150
PACKED = {"Accept-Encoding": "gzip"}


def grown(crowd: Crowd, board_id: int, server: Server) -> Iterator[Figure]:
    """Yield the figures at each number of stored submissions; the board's present version stays what it is."""
    for size in SIZES:
        _store(crowd, size)
        waits = _crowded(server, f"/boards/{board_id}")
        cpu = _asked_alone(server, f"/boards/{board_id}")
        yield Figure(
            f"{size:,} submissions: board, {CONNECTIONS} connections at once, median", [waits[len(waits) // 2]], "ms"
        )
        yield Figure("  99 of 100 within", [waits[len(waits) * 99 // 100]], "ms")
        yield Figure("  board, every further request", [cpu], "CPU-ms")
        for what, ask in _questions(crowd, board_id).items():
            yield Figure(f"  {what}", [_timed(ask) for _ in range(3)], "ms")


def _questions(crowd: Crowd, board_id: int) -> dict[str, Callable[[], object]]:
    """Return what a request or the worker asks of the database, within this process."""
    database, captain, admin = crowd.cast.house.database, crowd.teams[0][1], crowd.cast.admin()

    def due() -> object:
        with database.reading() as session:
            return plan_of(session, queries.board(session, board_id)).is_due

    def read(actor: object) -> Callable[[], object]:
        def ask() -> object:
            with database.reading() as session:
                seen = queries.glance_for(session, actor, board_id)
                return readers_view(session, board_view(session, seen, None))

        return ask

    def decided() -> object:
        with database.reading() as session:
            return queries.entry_points(session, crowd.call.id, queries.board(session, board_id).part)

    return {
        "what a member reads beside the board": read(captain),
        "what an admin reads beside the board": read(admin),
        "whether the board is due, as the worker asks": due,
        "points of all entries, as the judging room asks": decided,
    }


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _asked_alone(server: Server, address: str) -> float:
    visitor = Visitor(server.port)
    visitor.get(address, **PACKED)
    before = server.cpu_ms()
    for _ in range(200):
        assert visitor.get(address, **PACKED)[0] == 200
    visitor.close()
    return (server.cpu_ms() - before) / 200


def _crowded(server: Server, address: str) -> list[float]:
    """Let many readers ask at once, each as soon as it has its answer, and return how long each waited, sorted."""
    waits: list[float] = []

    def read() -> None:
        visitor, mine = Visitor(server.port), []
        visitor.get(address, **PACKED)
        for _ in range(ASKED):
            began = time.perf_counter()
            status = visitor.get(address, **PACKED)[0]
            mine.append((time.perf_counter() - began) * 1000)
            assert status == 200
        visitor.close()
        waits.extend(mine)

    readers = [threading.Thread(target=read) for _ in range(CONNECTIONS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(waits) == CONNECTIONS * ASKED
    return sorted(waits)


def _store(crowd: Crowd, size: int) -> None:
    """Let the teams hand in, in turn, until so many submissions are stored, each of them with a scored run."""
    now = crowd.cast.now
    with crowd.cast.house.database.transaction() as session:
        suite = session.scalars(select(CallSuite).where(CallSuite.call_id == crowd.call.id)).one()
        there = session.scalar(select(func.max(Submission.number))) or 0
        pattern = session.execute(select(Submission.__table__).where(Submission.number == 1)).mappings().one()
        items = session.scalar(select(Result.items_sha256).limit(1))
        first_run = (session.scalar(select(func.max(Run.id))) or 0) + 1
        first = (session.scalar(select(func.max(Submission.id))) or 0) + 1
        for start in range(there, size, 5_000):
            numbers = range(start + 1, min(start + 5_000, size) + 1)
            ids = {number: first + number - there - 1 for number in numbers}
            runs = {number: first_run + number - there - 1 for number in numbers}
            session.execute(
                insert(Submission),
                [
                    {**{key: value for key, value in pattern.items() if key != "id"}, "id": ids[number], "number": number,
                     "reference": f"trial-{number:06d}", "team_id": crowd.teams[number % len(crowd.teams)][0].id,
                     "idempotency_key": f"more{number:028d}"}
                    for number in numbers
                ],
            )  # fmt: skip
            session.execute(
                insert(Run),
                [
                    {"id": runs[number], "submission_id": ids[number], "suite_id": suite.id, "suite_digest": suite.digest,
                     "round": 1, "state": RunState.ENDED, "outcome": Outcome.SCORED, "attempts": 1, "asked_at": now,
                     "started_at": now, "ended_at": now}
                    for number in numbers
                ],
            )  # fmt: skip
            session.execute(
                insert(Result),
                [
                    {"run_id": runs[number], "report": "{}", "items_sha256": items, "at": now,
                     "digest": hashlib.sha256(str(number).encode()).hexdigest()}
                    for number in numbers
                ],
            )  # fmt: skip
