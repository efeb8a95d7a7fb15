"""Workers that vanish, and workers that come back too late, at one queue with others: each run still ends once."""

import io
import json
import logging
import random
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from challenge.foundation.audit import write_line
from challenge.foundation.clock import SystemClock
from challenge.foundation.database import Database
from challenge.foundation.files import FileStore, Stored
from challenge.foundation.permits import PLATFORM
from challenge.foundation.settings import Settings
from challenge.runs import operations, queries_queue
from challenge.runs.records import Run
from challenge.runs.states import Outcome, RunState
from challenge.submissions.records import Quota
from challenge.worker.round import sweep_what_is_deserted
from tests.challenge.runs.balance import balance
from tests.challenge.runs.crowd import at_once, fill_queue
from tests.challenge.runs.engines import until
from tests.challenge.runs.scene import LEASE, Scene

PROCESSES = 8
SHORT = timedelta(seconds=0.3)
META = json.dumps({"tasks": [], "notes": []}).encode()
log = logging.getLogger(__name__)


@dataclass
class Hand:
    """One process at the queue: of its claims it deserts some, and brings others back too late."""

    settings: Settings
    seed: int
    deserted: int = 0
    late: int = 0
    refused: int = 0

    def work(self) -> "Hand":
        """Claim, desert, be late, report and sweep until every run has ended."""
        database, clock, chance = Database(self.settings.database_url), SystemClock(), random.Random(self.seed)
        items = FileStore(self.settings.files).put(io.BytesIO(b"rows"), limit=100)
        while not self._is_over(database):
            with database.transaction() as session:
                claim = operations.claim(session, worker=f"w{self.seed}", lease=SHORT, now=clock.now())
            with database.transaction() as session:
                operations.sweep(session, now=clock.now())
            if claim is None:
                time.sleep(0.05)
                continue
            fate = chance.random()
            if fate < 0.25:
                self.deserted += 1
            else:
                if fate < 0.5:
                    self.late += 1
                    time.sleep(SHORT.total_seconds() * chance.uniform(0.5, 2.5))
                self.refused += not self._report(database, claim, items, clock)
        database.close()
        return self

    def _is_over(self, database: Database) -> bool:
        with database.reading() as session:
            return session.query(Run).filter(Run.state != RunState.ENDED).count() == 0

    def _report(self, database: Database, claim: operations.Claim, items: Stored, clock: SystemClock) -> bool:
        with database.transaction() as session:
            if claim.run_id % 4:
                return operations.report_scored(
                    session, run_id=claim.run_id, token=claim.token, report_bytes=META, items=items, now=clock.now()
                )
            return operations.report_failed(
                session, run_id=claim.run_id, token=claim.token, outcome=Outcome.FILE_LOST, explanation="It is lost.",
                problems=(), now=clock.now(),
            )  # fmt: skip


def test_of_eight_processes_that_desert_and_come_late_none_loses_or_doubles_a_run(scene: Scene) -> None:
    fill_queue(scene, 120)
    scene.cast.house.database.close()
    hands = [Hand(scene.cast.house.settings, seed) for seed in range(PROCESSES)]
    with at_once(PROCESSES) as pool:
        hands = [each.result() for each in [pool.submit(hand.work) for hand in hands]]
    found = balance(scene.cast.house)
    assert sum(found.outcomes.values()) == 120
    deserted, late, refused = (sum(getattr(hand, name) for hand in hands) for name in ("deserted", "late", "refused"))
    assert deserted > 10
    assert refused > 0
    # who is refused has lost its run: to another who took it again, or to the end of a run that was given up
    assert found.retaken + found.outcomes.get("abandoned", 0) >= refused
    log.info("%s; %s deserted, %s late, %s of them refused", found, deserted, late, refused)


def _somebody_waits(database: Database) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with database.reading() as session:
        return bool(session.scalar(text(waiting)))


def test_whoever_sweeps_and_whoever_ends_a_run_never_wait_in_a_circle(scene: Scene) -> None:
    first, _ = scene.waiting("First")
    second, _ = scene.waiting("Second")
    for _ in range(queries_queue.MOST_ATTEMPTS):
        assert {claim.run_id for claim in (scene.claim(), scene.claim()) if claim} == {first.id, second.id}
        scene.cast.clock.advance(LEASE)
    house, team_id = scene.cast.house, scene.team_of(second)
    swept: list[int] = []
    sweeper = threading.Thread(target=lambda: swept.append(sweep_what_is_deserted(house)))
    with house.database.transaction() as session:
        # the place of the second team is in hand, as for any ending; then comes the log's head
        session.get_one(Quota, (team_id, "entry"), with_for_update={"key_share": True})
        sweeper.start()
        if not house.database.is_sqlite:  # there the sweeper waits at the door
            until(lambda: _somebody_waits(house.database))
        write_line(session, actor=PLATFORM, verb="count", subject="one", now=scene.cast.now)
    sweeper.join(60)
    assert swept == [2]
    found = balance(house)
    assert found.outcomes == {"abandoned": 2}
