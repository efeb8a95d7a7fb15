"""Hands in submissions from a process of its own, in four ways that take turns; the hands of all processes move at once."""

import io
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table, Text
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from challenge.app import open_house
from challenge.calls import queries as calls
from challenge.foundation.database import Database
from challenge.foundation.permits import Actor
from challenge.submissions import operations
from challenge.submissions.entry import Entry
from challenge.teams import queries as teams
from challenge.web.house import House
from tests.bench.ground import settings
from tests.bench.serving import Visitor

BARE = Table("bare_rows", MetaData(), Column("id", Integer, primary_key=True), Column("body", Text))
PREDICTIONS, PACKAGE = 24_000, 64_000
"""Bytes of the two files of a submission, as in the demonstration."""
WORDS = {"title": "Small and sound", "abstract": "A model that knows what it does not.", "declared_licence": "MIT", "route": "weights"}  # fmt: skip
PATIENCE = 300
_ACTION, _TOKEN = re.compile(r'action="(/calls/trial/submit[^"]+)"'), re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Member:
    """Somebody who hands in: the team, the captain, and the token of the captain's sitting."""

    team_id: int
    captain: Actor
    sitting: str


@dataclass(frozen=True)
class Plan:
    """What one process does, and with whom."""

    folder: Path
    database: str
    port: int
    members: list[Member]
    ways: dict[str, int]
    """How many submissions a round hands in each way, the ways in their order."""
    rounds: int


@dataclass(frozen=True)
class Burst:
    """One round of one way in one process: wall time by the machine's one clock, CPU time of this process."""

    way: str
    round: int
    began: float
    ended: float
    cpu: float


def work(plan: Plan, gate: Barrier, bursts: "Queue[Burst]") -> None:
    """Do every round of every way; `gate` opens before and after each burst, for all processes together."""
    house = open_house(settings(plan.folder, plan.database))
    try:
        _do_rounds(_Hands(house, plan), gate, bursts)
    except BaseException:
        gate.abort()  # nobody waits for this process any more
        raise
    finally:
        house.database.close()


def _do_rounds(hands: "_Hands", gate: Barrier, bursts: "Queue[Burst]") -> None:
    ways: dict[str, Callable[[int], None]] = {
        "row": hands.row, "files": hands.files, "accept": hands.accept, "form": hands.form
    }  # fmt: skip
    for name, do in ways.items():  # everything is compiled before anything is measured
        hands.prepare(name, 1)
        do(0)
    for number in range(hands.plan.rounds):
        for name, count in hands.plan.ways.items():
            hands.prepare(name, count)
            gate.wait(PATIENCE)
            began, cpu = time.monotonic(), time.process_time()
            for place in range(count):
                ways[name](place)
            bursts.put(Burst(name, number, began, time.monotonic(), time.process_time() - cpu))
            gate.wait(PATIENCE)


@dataclass
class _Hands:
    """The four ways to keep something for good, from the barest to the whole."""

    house: House
    plan: Plan
    forms: list[tuple[Visitor, str, str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._insert = bare_insert(self.house.database)
        with self.house.database.reading() as session:
            self._call = calls.call_by_key(session, "trial")
            self._rules = calls.rules_of(session, self._call)
        self._loose = self.plan.folder / f"loose-{os.getpid()}"
        self._loose.mkdir()

    def row(self, _place: int) -> None:
        """Commit one row."""
        self._insert("x" * 1000)

    def files(self, _place: int) -> None:
        """Write two files to disk and commit one row, and nothing of what makes that safe."""
        for content in _contents():
            with (self._loose / secrets.token_hex(16)).open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        self._insert("x" * 1000)

    def accept(self, place: int) -> None:
        """Hand in as the page does once the form is read: files into the store, then the operation."""
        member, (predictions, package) = self._member(place), _contents()
        entry = Entry(
            **WORDS,
            doi="",
            requests={"LUMI": 1000, "Leonardo": 0},
            predictions=self.house.files.put(io.BytesIO(predictions), limit=10**8),
            predictions_name="predictions.csv",
            package=self.house.files.put(io.BytesIO(package), limit=10**8),
            package_name="package.zip",
            idempotency_key=secrets.token_urlsafe(16),
        )
        with self.house.database.transaction() as session:
            operations.accept(
                session,
                actor=member.captain,
                call=calls.call(session, self._call.id),
                rules=self._rules,
                team=teams.team(session, member.team_id),
                entry=entry,
                signer=self.house.signer,
                now=self.house.clock.now(),
            )

    def form(self, place: int) -> None:
        """Send the form of the page; raise RuntimeError unless it answers with the way to the receipt."""
        visitor, address, kind, body = self.forms[place]
        status, headers, page = visitor.ask("POST", address, body, {"Content-Type": kind})
        if status != 303 or not headers["Location"].endswith("/receipt"):
            raise RuntimeError(f"The form was answered with {status}: {page.decode()}")

    def prepare(self, way: str, count: int) -> None:
        """Open and fill the forms that the next burst sends, each over a connection of its own."""
        for visitor, *_ in self.forms:
            visitor.close()
        self.forms = [self._filled(place) for place in range(count)] if way == "form" else []

    def _filled(self, place: int) -> tuple[Visitor, str, str, bytes]:
        visitor = Visitor(self.plan.port, {"Cookie": f"sitting={self._member(place).sitting}"})
        _, headers, page = visitor.get("/calls/trial/submit")
        visitor.headers["Cookie"] += f"; {headers['Set-Cookie'].split(';')[0]}"
        address, token = (found.search(page.decode()) for found in (_ACTION, _TOKEN))
        assert address is not None
        assert token is not None
        predictions, package = _contents()
        boundary, body = encode_multipart(
            {
                **WORDS,
                "csrf_token": token[1],
                "hours_0": "1000",
                "hours_1": "0",
                "predictions": FileStorage(io.BytesIO(predictions), "predictions.csv"),
                "package": FileStorage(io.BytesIO(package), "package.zip"),
                "confirmed": "y",
            }
        )
        visitor.close()
        return visitor, address[1], f'multipart/form-data; boundary="{boundary}"', body

    def _member(self, place: int) -> Member:
        return self.plan.members[place % len(self.plan.members)]


def bare_insert(database: Database) -> Callable[[str], None]:
    """Return what commits one row by the bare driver, under the very settings of the house's own connections."""
    connection = database.engine.raw_connection()
    cursor, mark = connection.cursor(), "?" if database.is_sqlite else "%s"
    statement = f"INSERT INTO bare_rows (body) VALUES ({mark})"  # noqa: S608  # the mark of a parameter is no data

    def insert(body: str) -> None:
        if database.is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        cursor.execute(statement, (body,))
        connection.commit()

    return insert


def _contents() -> tuple[bytes, bytes]:
    """Make two files that nobody has handed in before."""
    return b"task,item,prediction\n" + secrets.token_hex(PREDICTIONS // 2).encode(), b"PK\x03\x04" + os.urandom(PACKAGE)
