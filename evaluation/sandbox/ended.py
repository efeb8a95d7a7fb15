"""How a sandboxed command ended, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from evaluation.sandbox.layers import Layers


class Reason(StrEnum):
    """What ended a run."""

    EXIT = "exit"
    """The command itself, with any exit code."""
    TIMEOUT = "timeout"
    """The wall clock."""
    OUTPUT = "output"
    """More on standard output and standard error than allowed."""
    OOM = "oom"
    """The cgroup's memory: a process was killed for it, and the command failed."""
    SIGNAL = "signal"
    """A signal, the limit on CPU time among them; a command that exits with 129 or more looks the same."""
    STOPPED = "stopped"
    """Whoever listened for files answered False."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A run that is over; sizes in bytes, times in seconds."""

    code: int
    """The exit code; 128 and a signal's number where a signal ended it."""
    reason: Reason
    stdout: bytes
    """The end of what it said; like everything here, in the hand of whoever wrote the command."""
    stderr: bytes
    wall: float
    cpu: float
    """All processes together."""
    peak_memory: int
    """All processes together; without a cgroup that of the largest one."""
    handed_over: tuple[str, ...]
    """The names of all files taken out, in the order in which they were taken."""
    files: Mapping[str, bytes]
    """The same with their content, where nobody listened for files; else empty."""
    refused: tuple[str, ...]
    """What lay in /out at the end and was not taken, a sentence each."""
    layers: Layers
