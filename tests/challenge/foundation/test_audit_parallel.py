"""Lines written by many processes at once come one after the other."""

import multiprocessing
from datetime import timedelta

from challenge.foundation.audit import audit_head, first_break, write_line
from challenge.foundation.database import Database
from challenge.foundation.permits import PLATFORM
from tests.cast import TODAY, Cast


def _write(address: str, worker: int) -> None:
    database = Database(address)
    for number in range(10):
        with database.transaction() as session:
            write_line(
                session, actor=PLATFORM, verb="count", subject=f"{worker}", now=TODAY + timedelta(seconds=number)
            )
    database.close()


def test_six_processes_write_one_chain(cast: Cast) -> None:
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_write, args=(cast.house.database.address, number)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 6
    with cast.house.database.reading() as session:
        assert first_break(session) is None
        assert audit_head(session)[0] == 60
