"""What a page costs the server, all its processes together: a board of 1,000 teams, signing in, the front page."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import insert

from challenge.calls import queries as calls
from challenge.standings import operations, queries
from challenge.standings.lines import Manner, lines_of
from challenge.standings.paging import LINES
from challenge.standings.records import Board, Standing
from challenge.standings.states import Part
from tests.bench.crowd import Crowd, Yardstick, stage_crowd, stage_results
from tests.bench.figures import Figure
from tests.bench.ground import environment, ground
from tests.bench.growing import grown
from tests.bench.plain_board import Base, Row
from tests.bench.serving import Server, Visitor, served

TEAMS, ROUNDS = 1_000, 7
PACKED = {"Accept-Encoding": "gzip"}
PLAIN = "Flask, Jinja, SQLAlchemy objects"
WORD = "Flask answering one word"


@dataclass
class Page:
    """One kind of request, asked `times` times a round, with what each round cost in milliseconds a request."""

    server: Server
    visitor: Visitor
    ask: Callable[[], int]
    times: int
    before: Callable[[], None] = lambda: None
    """What happens before each request, outside the server, and is not timed."""
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def round(self, *, expected: int) -> None:
        """Ask a round of requests; raise AssertionError where one is not answered as expected."""
        # one connection is served by one process: it is opened anew, and that process has the page before we measure
        self.visitor.close()
        self.ask()
        cpu, wall = self.server.cpu_ms(), 0.0
        for _ in range(self.times):
            self.before()
            began = time.perf_counter()
            status = self.ask()
            wall += time.perf_counter() - began
            assert status == expected, f"answered {status} instead of {expected}"
        self.wall.append(wall * 1000 / self.times)
        self.cpu.append((self.server.cpu_ms() - cpu) / self.times)


def figures() -> Iterator[Figure]:
    """Yield CPU time, and wall time of the board, over loopback with one connection that stays open."""
    with ground() as cast:
        crowd = stage_crowd(cast, TEAMS)
        stage_results(crowd, Yardstick.make(), each=1)
        board_id = _published(crowd)
        _write_rows(crowd, board_id)
        surroundings = environment(cast.house)
        with served("wsgi:app", surroundings) as ours, served("tests.bench.plain_board:make()", surroundings) as plain:
            yield from _compared(crowd, board_id, ours, plain)
            yield from grown(crowd, board_id, ours)


def _compared(crowd: Crowd, board_id: int, ours: Server, plain: Server) -> Iterator[Figure]:
    visitor, other, address = Visitor(ours.port), Visitor(plain.port), f"/boards/{board_id}"

    with crowd.cast.house.database.reading() as session:
        standing = queries.standing_of(session, queries.board(session, board_id))
    assert standing is not None
    names = list(queries.names_of(standing))
    pairs = ((names[number], names[number + 1]) for number in range(len(names) - 1))

    def version() -> str:
        with crowd.cast.house.database.reading() as session:
            return f"{address}/versions/{queries.board(session, board_id).version}"

    def packed() -> int:
        return visitor.get(address, **PACKED)[0]

    def again() -> int:
        return visitor.get(address, **{**PACKED, "If-None-Match": tag})[0]

    def renew() -> None:
        _make_version(crowd, board_id)

    task = queries.ranking_of(standing).entries[0].tasks[0].task
    pages = {
        "cold": Page(ours, visitor, packed, 8, renew),
        "rival": Page(plain, other, lambda: other.get("/board")[0], 8),
        "sorted": Page(ours, visitor, lambda: visitor.get(f"{address}?sort=-task:{task}", **PACKED)[0], 8, renew),
        "whole board": Page(ours, visitor, lambda: visitor.get(f"{address}?show=all", **PACKED)[0], 8, renew),
        "pair": Page(
            ours, visitor, lambda: visitor.get("{}/compare?a={}&b={}".format(version(), *next(pairs)), **PACKED)[0], 8
        ),
        "entry": Page(ours, visitor, lambda: visitor.get(f"{version()}/entries/{names[0]}", **PACKED)[0], 8, renew),
        "packed": Page(ours, visitor, packed, 200),
        "whole": Page(ours, visitor, lambda: visitor.get(address)[0], 200),
        "again": Page(ours, visitor, again, 200),
        "sign-in": Page(ours, visitor, lambda: visitor.get("/sign-in")[0], 100),
        "front": Page(ours, visitor, lambda: visitor.get("/")[0], 100),
        "word": Page(plain, other, lambda: other.get("/word")[0], 200),
    }
    for _ in range(ROUNDS):
        for name, page in pages.items():
            visitor.close()
            tag = visitor.get(address, **PACKED)[1]["ETag"]
            page.round(expected=304 if name == "again" else 200)
    visitor.close()
    other.close()
    size_whole, size_packed, size_rival = (
        len(who.get(path, **headers)[2])
        for who, path, headers in ((visitor, address, {}), (visitor, address, PACKED), (other, "/board", {}))
    )

    def figure(what: str, name: str, against: str, rival: str) -> Figure:
        return Figure(what, pages[name].cpu, "CPU-ms", pages[rival].cpu, against)

    yield figure(f"board of {TEAMS:,}, first request of a version, {LINES} lines, gzip", "cold", PLAIN, "rival")
    yield Figure("  the same in wall time", pages["cold"].wall, "ms", pages["rival"].wall, PLAIN)
    yield figure(f"board of {TEAMS:,}, every further request, gzip", "packed", PLAIN, "rival")
    yield Figure("  the same in wall time", pages["packed"].wall, "ms", pages["rival"].wall, PLAIN)
    yield figure("  not packed", "whole", PLAIN, "rival")
    yield figure("  not changed since, 304", "again", WORD, "word")
    yield Figure("  its size, gzip", [size_packed / 1000], "kB", [size_rival / 1000], "the rival's page")
    yield Figure("  its size, not packed", [size_whole / 1000], "kB", [size_rival / 1000], "the rival's page")
    yield figure("  sorted by a task, first request", "sorted", PLAIN, "rival")
    yield figure(f"  all {TEAMS:,} lines, first request", "whole board", PLAIN, "rival")
    yield figure("  a pair compared, first request", "pair", PLAIN, "rival")
    yield figure("  an entry through 20 versions, first request", "entry", PLAIN, "rival")
    yield figure("sign-in page", "sign-in", WORD, "word")
    yield figure("front page", "front", WORD, "word")


def _published(crowd: Crowd) -> int:
    """Build the call's boards, publish the public one and return its number."""
    house, admin = crowd.cast.house, crowd.cast.admin()
    operations.rebuild_due(house.database, house.files, now=crowd.cast.now)
    with house.database.transaction() as session:
        boards = queries.boards_of_call(session, crowd.call.id)
        board = next(one for one in boards if one.part is Part.PUBLIC)
        operations.publish_board(session, actor=admin, board=board, now=crowd.cast.now)
        return board.id


def _make_version(crowd: Crowd, board_id: int) -> None:
    """Give the board a further version with the same ranking, as if a result had come in."""
    with crowd.cast.house.database.transaction() as session:
        board = session.get_one(Board, board_id)
        last = queries.standing_of(session, board)
        assert last is not None
        columns = ("board_id", "made_at", "ranking", "names", "asides", "ranking_digest", "policy", "scores_sha256")
        board.version += 1
        session.add(Standing(version=board.version, **{name: getattr(last, name) for name in columns}))


def _write_rows(crowd: Crowd, board_id: int) -> None:
    """Give the rival the cells of the same board."""
    engine = crowd.cast.house.database.engine
    with crowd.cast.house.database.reading() as session:
        standing = queries.standing_of(session, queries.board(session, board_id))
        rules = calls.rules_of(session, crowd.call)
    assert standing is not None
    ranking, names = queries.ranking_of(standing), queries.names_of(standing)
    manner = Manner(rules.ranking.decimals, rules.selection.winners)
    lines = lines_of(ranking, names, manner, entries=ranking.entries[:LINES])
    Base.metadata.create_all(engine)
    tasks = ("first", "second", "third", "fourth")
    with engine.begin() as connection:
        connection.execute(
            insert(Row),
            [
                {
                    **{name: getattr(line, name) for name in ("entrant", "team", "rank", "ranks", "points", "interval", "near")},
                    **{f"rank_{end}": getattr(line.rank_bar, end) for end in ("left", "middle", "right")},
                    **{f"points_{end}": getattr(line.points_bar, end) for end in ("left", "middle", "right")},
                    **dict(zip(tasks, [cell.text for cell in line.tasks], strict=True)),
                }
                for line in lines
            ],
        )  # fmt: skip
