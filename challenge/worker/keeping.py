"""Keeps a lease while something long is done, and brings its ending even where the database is away for a while."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread

from sqlalchemy.orm import Session

from challenge.worker.evaluating import AWAY, FIRST_PAUSE, LONGEST_PAUSE, PATIENCE, Evaluator

log = logging.getLogger(__name__)


class Stopped(Exception):
    """Raised inside something long that is to stop: the worker leaves, or another holds it by now."""


@dataclass
class Far:
    """How far it is, in bytes; told by whatever is done, read by whoever keeps the lease."""

    hands: Evaluator
    done: int = 0
    total: int = 0
    doing: str = ""
    is_lost: bool = False

    def hear(self, done: int, total: int, doing: str) -> None:
        """Hear how far it is; raise Stopped where it is to stop."""
        self.done, self.total, self.doing = done, total, doing
        if self.is_lost or self.hands.is_leaving():
            raise Stopped


@contextmanager
def keeping(far: Far, renew: Callable[[Session, datetime], bool], *, what: str) -> Iterator[None]:
    """Renew a lease and tell how far it is, several times in each lease, for as long as the block lasts."""
    over, hands = Event(), far.hands

    def beat() -> None:
        while not over.wait(min(hands.lease.total_seconds() / 4, 5)):
            try:
                with hands.house.database.transaction() as session:
                    heard = renew(session, hands.house.clock.now())
                far.is_lost = not heard
            except AWAY as error:
                log.warning("%s: a beat was not heard, it goes on: %s", what, error)

    beside = Thread(target=beat, daemon=True)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()


def bring_ending(hands: Evaluator, end: Callable[[Session, datetime], bool], *, what: str) -> None:
    """Bring an ending to the platform; while the database is away it is kept and brought again, for an hour.

    That is safe: whoever lost the lease meanwhile is refused.
    """
    clock = hands.house.clock
    ends_at, pause = clock.now() + PATIENCE, FIRST_PAUSE
    while True:
        try:
            with hands.house.database.transaction() as session:
                if not end(session, clock.now()):
                    log.warning("%s: another worker holds it by now; this is dropped", what)
            return
        except AWAY:
            if hands.is_leaving() or clock.now() >= ends_at:
                raise
            log.exception("%s: the ending could not be brought; again in %s s", what, pause)
            hands.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
