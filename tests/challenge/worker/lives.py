"""A worker's life, watched step by step, and ended at a step of one's choice.

The worker is the real one, with the real engine, in a process of its own. Nothing in it knows that it is watched: its
steps are what the interpreter tells of itself (audit events), what SQLAlchemy tells of its statements, and what the
worker logs.
"""

import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from challenge.app import open_house
from challenge.foundation.database import Database
from challenge.foundation.settings import Settings
from challenge.worker.loop import work

FILE_EVENTS = {"open", "os.rename", "os.mkdir", "tempfile.mkdtemp", "shutil.rmtree", "subprocess.Popen"}
RESULTS = ("meta.json", "items.parquet")
"""Files of the engine's that the worker opens, by their names alone."""


class Stage(StrEnum):
    """Where a worker is with the run it takes up."""

    BEFORE = "before the claim"
    CLAIMING = "inside the claim"
    STARTING = "between claim and engine"
    EVALUATING = "during the engine"
    READING = "between engine and file"
    KEPT = "between file and ending"
    ENDING = "inside the ending"


@dataclass(frozen=True)
class End:
    """At which step a worker is struck: the nth of a stage, or the last if it has fewer, with the nth run it takes up."""

    stage: Stage
    nth: int
    turn: int = 1
    number: int = signal.SIGKILL


@dataclass(frozen=True)
class Word:
    """What a worker's life tells: that a stage is reached, how many steps it had, that it is struck, or trouble."""

    kind: str
    stage: Stage
    text: str = ""


class Life:
    """Counts a worker's steps, tells of them, and strikes at the one that was chosen."""

    def __init__(self, tell: Connection, end: End | None, settings: Settings) -> None:
        self.tell, self.end = tell, end
        self.instance, self.store = str(settings.instance), str(settings.files)
        self.stage, self.turn, self.count = Stage.BEFORE, 1, 0

    def enter(self, stage: Stage) -> None:
        """Go on to another stage."""
        self.tell.send(Word("steps", self.stage, str(self.count)))
        if self.end and (self.stage, self.turn) == (self.end.stage, self.end.turn):
            self._strike("its end")
        self.turn += self.stage is Stage.ENDING
        self.stage, self.count = stage, 0
        self.tell.send(Word("reached", stage))

    def step(self, what: str) -> None:
        """Take one step; if it is the chosen one, be struck before it is done."""
        self.count += 1
        if self.end and (self.stage, self.count, self.turn) == (self.end.stage, self.end.nth, self.end.turn):
            self._strike(what)

    def _strike(self, what: str) -> None:
        if self.end:
            self.tell.send(Word("struck", self.stage, what))
            os.kill(os.getpid(), self.end.number)
            self.end = None  # who was only frozen is not struck again

    def hear_interpreter(self, name: str, arguments: tuple[Any, ...]) -> None:
        """Take in an audit event, which comes just before the deed."""
        if name not in FILE_EVENTS:
            return
        path = str(arguments[0])
        if name == "open" and path not in RESULTS and not path.startswith(self.instance):
            return
        if self.stage is Stage.EVALUATING and path == RESULTS[0]:
            self.enter(Stage.READING)
        elif self.stage is Stage.READING and path.startswith(self.store) and os.path.isdir(path):
            self.enter(Stage.KEPT)  # the store's folder is opened once the file has its name
        self.step(f"{name} {os.path.basename(path)}")
        if self.stage is Stage.STARTING and name == "subprocess.Popen":
            self.enter(Stage.EVALUATING)

    def hear_statement(self, *about: Any) -> None:
        """Take in a statement that is about to be sent."""
        statement = about[2]
        if self.stage is Stage.BEFORE and statement.startswith("UPDATE runs") and "attempts + " in statement:
            self.enter(Stage.CLAIMING)
        elif self.stage is Stage.KEPT:
            self.enter(Stage.ENDING)
        self.step(" ".join(statement.split()[:3]))

    def hear_commit(self, _connection: object) -> None:
        """Take in that a transaction is about to be committed."""
        self.step("COMMIT")

    def hear_committed(self) -> None:
        """Take in that a transaction has been committed and the worker is about to go on."""
        self.step("committed")
        if self.stage in (Stage.CLAIMING, Stage.ENDING):
            self.enter(Stage.BEFORE)


class Listener(logging.Handler):
    """Takes in what the worker logs: that it has a run, that it was refused, that something went wrong."""

    def __init__(self, life: Life) -> None:
        super().__init__()
        self.life = life

    def emit(self, record: logging.LogRecord) -> None:
        """Take in one line."""
        text = record.getMessage()
        if ": attempt " in text:
            self.life.enter(Stage.STARTING)
            self.life.step("claimed")
        elif "another worker holds it" in text:
            self.life.tell.send(Word("refused", self.life.stage, text))
        elif record.levelno >= logging.WARNING:
            self.life.tell.send(Word("trouble", self.life.stage, text))


class WatchedDatabase(Database):
    """The house's database, whose every step is one of a life's."""

    def __init__(self, address: str, life: Life) -> None:
        super().__init__(address)
        self.life = life
        for engine in {self._writer, self._reader}:
            event.listen(engine, "before_cursor_execute", life.hear_statement)
            event.listen(engine, "commit", life.hear_commit)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session that may write."""
        with super().transaction() as session:
            yield session
        self.life.hear_committed()


def live(settings: Settings, tell: Connection, end: End | None = None) -> None:
    """Work until nothing waits, or until struck; what the worker cannot mend ends this process with a traceback."""
    life = Life(tell, end, settings)
    house = open_house(settings)
    house.database.close()
    house = replace(house, database=WatchedDatabase(settings.database_url, life))
    logging.getLogger("challenge.worker").setLevel(logging.INFO)
    logging.getLogger("challenge.worker").addHandler(Listener(life))
    sys.addaudithook(life.hear_interpreter)
    work(house, once=True)
    house.database.close()
