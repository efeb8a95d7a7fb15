"""Evaluates one run: claims it, has it evaluated with no transaction open, and reports how it went."""

import io
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

from sqlalchemy.exc import InterfaceError, OperationalError

from challenge.calls.states import EntryKind
from challenge.foundation.sealing import SealBroken
from challenge.runs import operations as runs
from challenge.runs.executors_folder import LARGEST_ITEMS
from challenge.runs.executors_local import Finished, Job, LocalExecutor, Progress
from challenge.runs.operations_papers import USAGE, keep_papers, read_usage
from challenge.runs.operations_results import (
    Expected,
    ResultRefused,
    SuiteError,
    check_result,
    endpoint_digest,
    model_digest,
)
from challenge.runs.queries_queue import MOST_ATTEMPTS
from challenge.runs.states import Outcome
from challenge.web.house import House
from challenge.worker.keys import KeyGone, opened
from challenge.worker.telling import Telling

AWAY = (OperationalError, InterfaceError, OSError)
"""What is raised while the database or the store cannot be reached, or is full; it says nothing about a result."""
PATIENCE = timedelta(hours=1)
"""So long a result that is ready is kept and brought again."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
DOUBTED = frozenset(Outcome) - {Outcome.SCORED, Outcome.CANCELLED, Outcome.FILE_LOST}
"""Endings that a host out of order might bring about; a file that the store lacks is lacking on any host."""
MAY_YET_ANSWER = frozenset({Outcome.ENDPOINT_SILENT, Outcome.ENDPOINT_UNREACHED})
"""Endings of an endpoint that are tried again, as long as there are attempts."""
BELIEVED_SECONDS = 60
"""So long a host that got the known sample right is believed."""

log = logging.getLogger(__name__)


class HostUnfit(Exception):
    """Raised where a host gets the known sample wrong; its text says how. Its worker takes up no more runs."""


@dataclass
class Evaluator:
    """A worker's hands: takes up runs one at a time and hands them to an executor."""

    house: House
    worker: str
    executor: LocalExecutor
    is_leaving: Callable[[], bool] = field(default=lambda: False)
    """Whether the worker is to stop soon; a run at hand then goes back into the queue."""
    wait: Callable[[float], None] = field(default=time.sleep)
    """Lets some seconds pass before a result is brought again."""
    why_unfit: Callable[[], str] = field(default=lambda: "")
    """Evaluates the known sample and says why this host is out of order, the empty text if it is not."""
    runs_models: bool = field(default=True, init=False)
    """Whether runs of models are taken up."""
    telling: Telling = field(default_factory=lambda: Telling('{"tasks": []}', is_model=False), init=False)
    """What goes into the log of the run at hand."""
    last_heard: Progress = field(default=Progress(), init=False)
    """How far the run at hand was at its last beat."""
    believed_until: float = field(default=0.0, init=False)

    @property
    def lease(self) -> timedelta:
        """How long a run is this worker's without a word from it."""
        return timedelta(seconds=self.house.settings.lease_seconds)

    def evaluate_for(self, span: timedelta) -> int:
        """Evaluate run after run until `span` is over, nothing waits, or the worker leaves; return how many."""
        ends_at, done = self.house.clock.now() + span, 0
        while not self.is_leaving() and self.evaluate_next():
            done += 1
            if self.house.clock.now() >= ends_at:
                break
        return done

    def evaluate_next(self) -> bool:
        """Evaluate the run whose turn it is; False if there is none."""
        with self.house.database.transaction() as session:
            now, models = self.house.clock.now(), self.runs_models
            claim = runs.claim(session, worker=self.worker, lease=self.lease, now=now, models=models)
        if claim is None:
            return False
        self.telling = Telling(claim.summary, is_model=claim.entry is not EntryKind.PREDICTIONS)
        log.info("run %s: attempt %s for %s", claim.run_id, claim.attempt, claim.reference)
        try:
            finished = self.executor.run(self._job(claim), lambda progress: self._beat(claim, progress))
        except KeyGone:
            finished = Finished(Outcome.ENGINE_FAILED, "The key of the endpoint was deleted, so it cannot be asked.")
        except SealBroken as error:
            finished = Finished(Outcome.ENGINE_FAILED, "The key of the endpoint could not be opened.", (str(error),))
        except OSError:
            # the machine failed, not the submission: the lease runs out and the run is tried again
            log.exception("run %s: this machine could not evaluate it", claim.run_id)
            return True
        self._report(claim, finished)
        return True

    def _job(self, claim: runs.Claim) -> Job:
        files = self.house.files
        return Job(
            reference=claim.reference,
            suite=files.path(claim.suite_sha256),
            suite_sha256=claim.suite_sha256,
            suite_digest=claim.suite_digest,
            file=files.path(claim.file_sha256) if claim.file_sha256 else Path(),
            file_sha256=claim.file_sha256,
            entry=claim.entry,
            endpoint=opened(self.house, claim),
        )

    def _beat(self, claim: runs.Claim, progress: Progress) -> bool:
        if self.is_leaving():
            return False
        self.last_heard = progress
        now, sentences = self.house.clock.now(), self.telling.hear(progress)
        try:
            with self.house.database.transaction() as session:
                runs.report_alive(session, worker=self.worker, now=now)
                return runs.beat(
                    session,
                    run_id=claim.run_id,
                    token=claim.token,
                    done=progress.done,
                    total=progress.total,
                    doing=progress.doing,
                    lease=self.lease,
                    now=now,
                    sentences=sentences,
                )
        except AWAY as error:
            # whether the lease is lost will be said by the next beat that is heard, or by the report
            log.warning("run %s: a beat was not heard, the evaluation goes on: %s", claim.run_id, error)
            return True

    def _report(self, claim: runs.Claim, finished: Finished) -> None:
        """Bring the ending to the platform; without one, the run is left to its lease.

        While database or store are away the result is kept and brought again. That is safe: whoever lost the lease
        meanwhile is refused, and the same report twice changes nothing.
        """
        if finished.outcome is None:
            log.warning("run %s: no verdict, to be tried again: %s", claim.run_id, finished.explanation)
            return
        if finished.outcome in MAY_YET_ANSWER and claim.attempt < MOST_ATTEMPTS:
            log.warning("run %s: the endpoint did not answer, to be tried again", claim.run_id)
            self._tell_of_silence(claim, finished)
            return
        ends_at, pause = self.house.clock.now() + PATIENCE, FIRST_PAUSE
        while True:
            try:
                self._bring(claim, finished)
                return
            except AWAY:
                if self.is_leaving() or self.house.clock.now() >= ends_at:
                    raise
                log.exception("run %s: the ending could not be brought; again in %s seconds", claim.run_id, pause)
                self.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _tell_of_silence(self, claim: runs.Claim, finished: Finished) -> None:
        """Note that an endpoint is asked again; the run is left to its lease, which gives the endpoint some time."""
        said = f"{finished.explanation} It is tried again after a pause; what it answered is kept."
        try:
            with self.house.database.transaction() as session:
                runs.beat(
                    session,
                    run_id=claim.run_id,
                    token=claim.token,
                    done=self.last_heard.done,
                    total=self.last_heard.total,
                    doing="",
                    lease=self.lease,
                    now=self.house.clock.now(),
                    sentences=[said],
                )
        except AWAY as error:
            log.warning("run %s: its pause was not noted: %s", claim.run_id, error)

    def _bring(self, claim: runs.Claim, finished: Finished) -> None:
        now = self.house.clock.now()
        if finished.outcome is Outcome.SCORED:
            finished = self._checked(claim, finished)
        if finished.outcome is Outcome.SCORED:
            # the file first, then the transaction that speaks of it
            items = self.house.files.put(io.BytesIO(finished.items), limit=LARGEST_ITEMS)
            price = self.house.settings.eur_per_cpu_hour
            papers = keep_papers(self.house.files, finished.papers, eur_per_cpu_hour=price) if finished.papers else None
            with self.house.database.transaction() as session:
                accepted = runs.report_scored(
                    session,
                    run_id=claim.run_id,
                    token=claim.token,
                    report_bytes=finished.meta,
                    items=items,
                    now=now,
                    intervals=finished.intervals,
                    papers=papers,
                )
            if accepted:
                return
            finished = Finished(Outcome.CANCELLED)  # or the lease is lost, in which case this is refused too
        if finished.outcome in DOUBTED:
            self._be_sure_of_this_host(claim)
        self._report_failed(claim, finished)

    def _be_sure_of_this_host(self, claim: runs.Claim) -> None:
        """Before a bad word about a run is reported, get the known sample right; else hand the run back, and raise.

        Raises HostUnfit. The attempt does not count, so that another host takes the run up as if nothing had been.
        """
        if time.monotonic() < self.believed_until:
            return
        if why := self.why_unfit():
            self._report_failed(claim, Finished(Outcome.CANCELLED))
            raise HostUnfit(f"run {claim.run_id} is handed back, for this host is out of order. {why}")
        self.believed_until = time.monotonic() + BELIEVED_SECONDS

    def _report_failed(self, claim: runs.Claim, finished: Finished) -> None:
        now, price = self.house.clock.now(), self.house.settings.eur_per_cpu_hour
        usage = read_usage(finished.papers[USAGE], price) if USAGE in finished.papers else None
        with self.house.database.transaction() as session:
            if finished.outcome is Outcome.CANCELLED:
                heard = runs.stop(session, run_id=claim.run_id, token=claim.token, now=now)
            else:
                heard = runs.report_failed(
                    session,
                    run_id=claim.run_id,
                    token=claim.token,
                    outcome=finished.outcome or Outcome.ENGINE_FAILED,
                    explanation=finished.explanation,
                    problems=finished.problems,
                    now=now,
                    usage=usage,
                )
        if not heard:
            log.warning("run %s: another worker holds it by now; this result is dropped", claim.run_id)

    def _entry_digest(self, claim: runs.Claim) -> str:
        """Return the digest that a report must name; a model is read once more, with the lease kept."""
        if claim.entry is EntryKind.PREDICTIONS:
            return claim.file_sha256
        if claim.endpoint is not None:
            return endpoint_digest(claim.endpoint)
        with self._keeping(claim):
            return model_digest(self.house.files.path(claim.file_sha256))

    @contextmanager
    def _keeping(self, claim: runs.Claim) -> Iterator[None]:
        """Renew the lease from beside for as long as something takes that says nothing of its progress."""
        over = Event()

        def beat() -> None:
            while not over.wait(self.lease.total_seconds() / 4):
                self._beat(claim, self.last_heard)

        beside = Thread(target=beat, daemon=True)
        beside.start()
        try:
            yield
        finally:
            over.set()
            beside.join()

    def _checked(self, claim: runs.Claim, finished: Finished) -> Finished:
        """Look at a result as at anything that came from outside."""
        try:
            expected = Expected(
                suite=self.house.files.path(claim.suite_sha256),
                suite_digest=claim.suite_digest,
                entry_digest=self._entry_digest(claim),
            )
            return replace(finished, intervals=check_result(finished.meta, finished.items, expected=expected))
        except ResultRefused as error:
            log.exception("run %s: the result is refused", claim.run_id)
            return _instead(finished, Outcome.ENGINE_FAILED, "The engine left no usable result.", error)
        except SuiteError as error:
            return _instead(finished, Outcome.SUITE_BROKEN, "The engine cannot use the suite.", error)


def _instead(finished: Finished, outcome: Outcome, sentence: str, error: Exception) -> Finished:
    """Return another ending in place of a result that is not taken; what it took stays."""
    return Finished(outcome, sentence, (str(error),), papers=finished.papers)
