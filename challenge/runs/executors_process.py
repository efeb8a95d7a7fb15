"""Starts one process within bounds, listens to its progress, and ends it with all its children."""

import ctypes
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

TICK = 0.5
LONGEST_LINE = 8192
KEPT_LINES = 20
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Bounds:
    """How much one evaluation may take."""

    seconds: int
    megabytes: int
    file_megabytes: int = 512
    processes: int = 512
    """Of the whole account, as the system counts them."""


@dataclass(frozen=True)
class Progress:
    """How far an evaluation is, in items, and which task it is at."""

    done: int = 0
    total: int = 0
    doing: str = ""


Listener = Callable[[Progress], bool]
"""Hears the progress; answers False where the evaluation is to stop."""


@dataclass(frozen=True)
class Watched:
    """How a process ended: its exit code (negative: the signal), why it was stopped, its last lines."""

    code: int
    stopped: bool = False
    overdue: bool = False
    words: tuple[str, ...] = ()


@dataclass
class _Ear:
    """Takes in what a process says on standard error, line by line, and forgets all but little of it."""

    progress: Progress = field(default_factory=Progress)
    words: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    rest: bytes = b""

    def hear(self, piece: bytes) -> None:
        """Take in the next bytes."""
        *lines, self.rest = (self.rest + piece).split(b"\n")
        self.rest = self.rest[:LONGEST_LINE]
        for line in lines:
            self._line(line[:LONGEST_LINE].decode(errors="replace"))

    def _line(self, line: str) -> None:
        try:
            said = json.loads(line)
            self.progress = Progress(int(said["done"]), int(said["total"]), _printable(str(said["task"]))[:80])
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            if line.strip():
                self.words.append(_printable(line)[:400])


def watch(
    command: tuple[str, ...], *, folder: Path, environment: Mapping[str, str], bounds: Bounds, listener: Listener
) -> Watched:
    """Run a command to its end, or until it is overdue or the listener says stop.

    However this ends, also by an exception of the listener's, no process of the command's session is left.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_bind(bounds),  # the worker has no threads of its own that hold locks
    )
    ear = _Ear()
    try:
        ending = _listen(process, ear, bounds, listener)
    finally:
        _kill_session(process)
    return Watched(process.returncode, ending == "stopped", ending == "overdue", tuple(ear.words))


def _listen(process: "subprocess.Popen[bytes]", ear: _Ear, bounds: Bounds, listener: Listener) -> str:
    """Hear the process until it ends by itself, is overdue, or is to be stopped; say which."""
    ends_at, next_word = time.monotonic() + bounds.seconds, 0.0
    pipe = process.stderr
    assert pipe is not None  # noqa: S101  # asked for as a pipe
    os.set_blocking(pipe.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            is_closed = bool(selector.select(TICK)) and _hear_all(pipe.fileno(), ear)
            if _has_ended(process):
                _hear_all(pipe.fileno(), ear)
                ear.hear(b"\n")
                return "ended"
            if is_closed:
                time.sleep(TICK / 10)  # a closed pipe is always ready; do not ask it in a circle
            now = time.monotonic()
            if now >= ends_at:
                return "overdue"
            if now >= next_word:
                next_word = now + 2 * TICK
                if not listener(ear.progress):
                    return "stopped"


def _hear_all(pipe: int, ear: _Ear) -> bool:
    """Take in what there is to hear, a megabyte at most; tell whether the other end is closed."""
    for _ in range(16):
        try:
            piece = os.read(pipe, 65536)
        except BlockingIOError:
            return False
        if not piece:
            return True
        ear.hear(piece)
    return False


def _has_ended(process: "subprocess.Popen[bytes]") -> bool:
    """Look without taking leave: until then its number, and that of its group, belong to nobody else."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _kill_session(process: "subprocess.Popen[bytes]") -> None:
    """Kill whatever is left of the process's group, then take leave of the process itself."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _bind(bounds: Bounds) -> Callable[[], None]:
    """Return what the new process does to itself before it becomes the engine."""
    limits = {
        resource.RLIMIT_AS: bounds.megabytes * 10**6,
        resource.RLIMIT_CPU: 2 * bounds.seconds,  # two threads' worth; the clock on the wall is watched outside
        resource.RLIMIT_FSIZE: bounds.file_megabytes * 10**6,
        resource.RLIMIT_NPROC: bounds.processes,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }

    def bind() -> None:
        if _libc is not None:
            _libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)  # a worker that is killed leaves no engine behind
        for which, most in limits.items():
            _soft, hard = resource.getrlimit(which)
            lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(which, (lowest, lowest))

    return bind


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
