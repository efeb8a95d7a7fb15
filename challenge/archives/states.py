"""Where the writing of an archive is."""

from enum import StrEnum


class ArchiveState(StrEnum):
    """Where the writing of an archive is."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


MOVES = {
    ArchiveState.WAITING: frozenset({ArchiveState.RUNNING, ArchiveState.ENDED}),
    ArchiveState.RUNNING: frozenset({ArchiveState.WAITING, ArchiveState.ENDED}),
    ArchiveState.ENDED: frozenset[ArchiveState](),
}
