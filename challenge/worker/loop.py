"""The worker's day: round after round, a short sleep where nothing waits, and an orderly leaving."""

import logging
import os
import signal
import socket
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType

from challenge.runs import operations as runs
from challenge.runs import queries_queue
from challenge.runs.executors_folder import clear_left_behind
from challenge.runs.operations_readiness import readiness
from challenge.submissions.operations_fetches import report_fetcher
from challenge.submissions.operations_hub import why_not_fetched
from challenge.web.house import House
from challenge.worker.checking import ask_for_looks
from challenge.worker.evaluating import Evaluator, HostUnfit
from challenge.worker.keys import delete_keys_that_are_over
from challenge.worker.round import do_whatever_waits, evaluator
from challenge.worker.trying import forget_old_trials

IDLE, LONGEST_PAUSE, GLANCE = 0.5, 30.0, 0.1
SEEN_EVERY = timedelta(seconds=15)
TIDY_EVERY = timedelta(hours=1)
log = logging.getLogger(__name__)


@dataclass
class Leaving:
    """Whether the worker has been asked to leave; asking twice changes nothing.

    A plain flag and short sleeps: a signal's handler may come between any two steps of this very thread, and would
    wait for ever for a lock that the thread holds.
    """

    _asked: bool = False

    def ask(self) -> None:
        """Ask the worker to leave."""
        self._asked = True

    def is_asked(self) -> bool:
        """Tell whether it has been asked."""
        return self._asked

    def wait(self, seconds: float) -> None:
        """Sleep, but not much longer than until it is asked."""
        ends_at = time.monotonic() + seconds
        while not self._asked and (left := ends_at - time.monotonic()) > 0:
            time.sleep(min(left, GLANCE))

    def listen(self) -> None:
        """Take SIGTERM and SIGINT as the wish that the worker leaves."""

        def hear(_number: int, _frame: FrameType | None) -> None:
            self.ask()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, hear)


def own_name() -> str:
    """Return what this worker is called in the queue: its host and the number of its process."""
    return f"{socket.gethostname()}:{os.getpid()}"[:80]


def work(house: House, *, stop: Leaving | None = None, once: bool = False) -> int:
    """Work until asked to leave, or with `once` until nothing waits; return how many things were done.

    What breaks in a round (a database that is away, a full disk) is logged and tried again after a pause that
    doubles up to half a minute; with `once` it is raised. A run at hand when the worker is asked to leave goes back
    into the queue. Raises HostUnfit where this host gets the known sample wrong: it must not take up further runs.
    """
    stop = stop or Leaving()
    hands = evaluator(house, worker=own_name())
    hands.is_leaving, hands.wait = stop.is_asked, stop.wait
    rounds = _Rounds(house, hands)
    done, pause = 0, IDLE
    while not stop.is_asked():
        try:
            rounds.report_alive()
            rounds.tidy_up()
            did = do_whatever_waits(house, hands=hands)
        except HostUnfit:
            raise
        except Exception:  # a worker outlives whatever else breaks in a round
            if once:
                raise
            log.exception("a round broke; the next begins in %s seconds", pause)
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        done, pause = done + did, IDLE
        if not did:
            if once:
                break
            stop.wait(IDLE)
    return done


@dataclass
class _Rounds:
    """Remembers when the worker was last reported alive and when it last tidied up, so that it does both seldom."""

    house: House
    hands: Evaluator
    reported: datetime | None = None
    tidied: datetime | None = None

    def report_alive(self) -> None:
        """Report the worker alive, every quarter of a minute; if a call asks for models, whether it can have them."""
        now = self.house.clock.now()
        if self.reported is None or now - self.reported >= SEEN_EVERY:
            with self.house.database.reading() as session:
                is_asked = queries_queue.runs_models(session)
            # a sandbox is tried out here the first time, for which nobody else should have to wait
            ready = readiness(self.house.settings.engines) if is_asked else None
            settings = self.house.settings
            unable = why_not_fetched(settings.engines) if settings.hub and is_asked else None
            with self.house.database.transaction() as session:
                runs.report_alive(session, worker=self.hands.worker, now=now, ready=ready)
                if unable is not None:
                    report_fetcher(session, worker=self.hands.worker, trouble=unable, now=now)
            self.hands.runs_models = ready is None or not ready.trouble
            self.reported = now

    def tidy_up(self) -> None:
        """Clear away, every hour, what was left on the disk a day ago or earlier, and what has had its time.

        Looks at releases are asked for as seldom: none is due more often than every day.
        """
        now = self.house.clock.now()
        if self.tidied is None or now - self.tidied >= TIDY_EVERY:
            clear_left_behind(self.hands.executor.folder)
            self.house.files.clear_unfinished()
            delete_keys_that_are_over(self.house)
            forget_old_trials(self.house)
            ask_for_looks(self.house)
            self.tidied = now
