"""Fetches models that were handed in by their commit: one in a round, with no transaction open meanwhile."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from challenge.submissions import operations_fetches as fetches
from challenge.submissions import queries_fetches
from challenge.submissions.operations_fetches import FetchClaim
from challenge.submissions.operations_hub import Brought, bring, why_not_fetched
from challenge.submissions.states import FetchOutcome
from challenge.worker.evaluating import AWAY, FIRST_PAUSE, LONGEST_PAUSE, PATIENCE, Evaluator

GIGABYTE = 10**9
log = logging.getLogger(__name__)


class _Stopped(Exception):
    """Raised inside a fetch that is to stop: the worker leaves, or another holds the fetch by now."""


@dataclass
class _Far:
    """How far a fetch is, in bytes; told by the fetching, read by whoever keeps the lease."""

    done: int = 0
    total: int = 0
    doing: str = ""
    is_lost: bool = False


def fetch_next(hands: Evaluator) -> bool:
    """Fetch the model whose turn it is; False if none is due, or this machine cannot fetch any."""
    house, now = hands.house, hands.house.clock.now()
    if hands.is_leaving():
        return False
    with house.database.reading() as session:
        if session.scalar(queries_fetches.due(now).limit(1)) is None:
            return False
    if why_not_fetched(house.settings.engines):  # which the office reads, since the worker reports it
        return False
    with house.database.transaction() as session:
        claim = fetches.claim_fetch(session, worker=hands.worker, lease=hands.lease, now=now)
    if claim is None:
        return False
    log.info("fetch for %s: try %s, %s@%s", claim.reference, claim.attempt, claim.model, claim.commit)
    try:
        brought = _brought(hands, claim)
    except _Stopped:
        with house.database.transaction() as session:
            fetches.hand_back_fetch(session, claim=claim, now=house.clock.now())
        return True
    _report(hands, claim, brought)
    return True


def give_up_deserted_fetches(hands: Evaluator) -> int:
    """Deal with every fetch whose lease has ended, one after the other; return how many there were."""
    done = 0
    while True:
        with hands.house.database.transaction() as session:
            if not fetches.sweep_fetches(session, now=hands.house.clock.now()):
                return done
        done += 1


def _brought(hands: Evaluator, claim: FetchClaim) -> Brought:
    """Fetch, with the lease kept from beside; a hub that is no longer set is not asked."""
    settings = hands.house.settings
    if claim.hub != settings.hub:
        return Brought(FetchOutcome.ENGINE_MISSING, f"The platform does not fetch from {claim.hub} at present.")
    far = _Far()

    def hear(done: int, total: int, doing: str) -> None:
        far.done, far.total, far.doing = done, total, doing
        if far.is_lost or hands.is_leaving():
            raise _Stopped

    with _keeping(hands, claim, far):
        return bring(
            hub=claim.hub,
            model=claim.model,
            commit=claim.commit,
            files=hands.house.files,
            folder=hands.executor.folder,
            largest=min(claim.limit, settings.hub_gigabytes * GIGABYTE),
            progress=hear,
        )


@contextmanager
def _keeping(hands: Evaluator, claim: FetchClaim, far: _Far) -> Iterator[None]:
    """Renew the lease and tell how far it is, several times in each lease, for as long as the block lasts."""
    over = Event()

    def beat() -> None:
        while not over.wait(min(hands.lease.total_seconds() / 4, 5)):
            try:
                with hands.house.database.transaction() as session:
                    heard = fetches.beat_fetch(
                        session, claim=claim, done=far.done, total=far.total, doing=far.doing, lease=hands.lease,
                        now=hands.house.clock.now(),
                    )  # fmt: skip
                far.is_lost = not heard
            except AWAY as error:
                log.warning("fetch for %s: a beat was not heard, it goes on: %s", claim.reference, error)

    beside = Thread(target=beat, daemon=True)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()


def _report(hands: Evaluator, claim: FetchClaim, brought: Brought) -> None:
    """Bring the ending to the platform; while the database is away it is kept and brought again, for an hour.

    That is safe: whoever lost the lease meanwhile is refused.
    """
    clock = hands.house.clock
    ends_at, pause = clock.now() + PATIENCE, FIRST_PAUSE
    while True:
        try:
            with hands.house.database.transaction() as session:
                if not fetches.end_fetch(session, claim=claim, brought=brought, now=clock.now()):
                    log.warning("fetch for %s: another worker holds it by now; this is dropped", claim.reference)
            return
        except AWAY:
            if hands.is_leaving() or clock.now() >= ends_at:
                raise
            log.exception("fetch for %s: the ending could not be brought; again in %s s", claim.reference, pause)
            hands.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
