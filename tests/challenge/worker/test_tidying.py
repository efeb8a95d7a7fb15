"""A worker clears away what others left behind when they were killed, and touches nothing else."""

import os
from datetime import timedelta
from pathlib import Path

from challenge.web.house import House
from challenge.worker.loop import Leaving, work
from tests.cast import Cast


def leave_behind(house: House) -> list[Path]:
    """Leave an unfinished upload and a folder of an evaluation as they lie there since long ago."""
    upload, folder = house.files.folder / "unfinished-0123", house.settings.instance / "work" / "run-0123"
    house.files.folder.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True)
    upload.write_bytes(b"half of it")
    for path in (upload, folder):
        os.utime(path, (0, 0))
    return [upload, folder]


def test_a_worker_that_begins_clears_what_was_left_behind(cast: Cast) -> None:
    left = leave_behind(cast.house)
    work(cast.house, once=True)
    assert [path.exists() for path in left] == [False, False]


class Hours(Leaving):
    """A worker's wish to leave that comes once it has slept `many` times, an hour of the house's clock each."""

    def __init__(self, cast: Cast, many: int) -> None:
        super().__init__()
        self.cast, self.many = cast, many

    def wait(self, seconds: float) -> None:
        """Let an hour pass; on the first one something is left behind."""
        if self.many == 2:
            self.left = leave_behind(self.cast.house)
        self.cast.clock.advance(timedelta(hours=1))
        self.many -= 1
        if self.many == 0:
            self.ask()


def test_a_worker_that_runs_for_long_tidies_up_every_hour(cast: Cast) -> None:
    hours = Hours(cast, 2)
    work(cast.house, stop=hours)
    assert [path.exists() for path in hours.left] == [False, False]
