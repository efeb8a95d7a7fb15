"""Gives each sandbox of the moment a user of its own, so that no limit and no signal crosses between two."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluation.sandbox.refusals import SandboxError

FIRST, COUNT = 66_000, 256
"""User numbers that no distribution gives away: above systemd's dynamic users, below those of subuid."""
LOCKS = Path("/run/evaluation-sandbox")


@contextmanager
def own_uid() -> Iterator[int]:
    """Yield a user number that no other sandbox of this machine has meanwhile; needs root.

    The lock belongs to an open file, so it is gone with its process. Raises SandboxError where all are taken.
    """
    LOCKS.mkdir(mode=0o700, exist_ok=True)
    for number in range(FIRST, FIRST + COUNT):
        lock = os.open(LOCKS / str(number), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return
        finally:
            os.close(lock)
    raise SandboxError(f"{COUNT} sandboxes run at once on this machine already; wait for one to end.")
