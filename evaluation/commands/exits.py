"""The exit codes that a script, a worker or a person can act on."""

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    NOT_ACCEPTED = 1
    BAD_INPUT = 2
    UNREADABLE = 3
    OUT_OF_MEMORY = 4
    ENGINE_FAILED = 5
    ENGINE_MISSING = 6
    TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h
