"""Starts one process within bounds, listens to its progress, and ends it with all that came of it."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

TICK = 0.5
PATIENCE = 30.0
"""Seconds that the warden has to clear up, after which it is killed itself."""
LONGEST_LINE = 8192
KEPT_LINES = 20
WARDEN = (sys.executable, "-I", "-S", str(Path(__file__).with_name("executors_warden.py")))


@dataclass(frozen=True)
class Bounds:
    """How much one evaluation may take."""

    seconds: int
    megabytes: int
    file_megabytes: int = 512
    processes: int = 512
    """Of the whole account, as the system counts them."""
    in_sandbox: bool = False
    """Whether the engine runs a model in a sandbox, which holds memory, processes and files by itself."""

    @property
    def rest(self) -> int:
        """Seconds for what an engine does besides: a sandbox counts the time of the model alone."""
        return 600 if self.in_sandbox else 0


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
    has_begun: bool = False
    """Whether it told of any progress."""
    words: tuple[str, ...] = ()


@dataclass
class _Ear:
    """Takes in what a process says on standard error, line by line, and forgets all but little of it."""

    progress: Progress = field(default_factory=Progress)
    has_begun: bool = False
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
            self.has_begun = True
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            if line.strip():
                self.words.append(_printable(line)[:400])


def watch(
    command: tuple[str, ...], *, folder: Path, environment: Mapping[str, str], bounds: Bounds, listener: Listener
) -> Watched:
    """Run a command to its end, or until it is overdue or the listener says stop.

    However this ends, also by an exception of the listener's or by the death of this process, nothing that the command
    started is left; `executors_warden` does that, and names its bounds.
    """
    process = subprocess.Popen(
        (*WARDEN, json.dumps(_limits(bounds)), *command),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    ear = _Ear()
    try:
        ending = _listen(process, ear, bounds, listener)
    finally:
        _let_go(process)
    return Watched(process.returncode, ending == "stopped", ending == "overdue", ear.has_begun, tuple(ear.words))


def _listen(process: "subprocess.Popen[bytes]", ear: _Ear, bounds: Bounds, listener: Listener) -> str:
    """Hear the process until it ends by itself, is overdue, or is to be stopped; say which."""
    ends_at, next_word = time.monotonic() + bounds.seconds + bounds.rest, 0.0
    pipe = process.stderr
    assert pipe is not None  # noqa: S101  # asked for as a pipe
    os.set_blocking(pipe.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            is_closed = bool(selector.select(TICK)) and _hear_all(pipe.fileno(), ear)
            if process.poll() is not None:
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


def _let_go(process: "subprocess.Popen[bytes]") -> None:
    """Have the warden kill whatever is left, and wait until it has."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()  # the engine dies with it
        process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _limits(bounds: Bounds) -> dict[str, tuple[int, int]]:
    """Return what the engine may take of each resource, by its name: the bound, and where patience ends."""
    if bounds.in_sandbox:
        # a limit is handed down to whatever is started: the libraries of models set much more address space aside than
        # they use, and a sandbox cannot raise its own limits above these; the clock on the wall is watched here
        return {"RLIMIT_CORE": (0, 0)}
    processor = 2 * bounds.seconds  # two threads' worth; the clock on the wall is watched here
    return {
        "RLIMIT_AS": (bounds.megabytes * 10**6,) * 2,
        "RLIMIT_CPU": (processor, processor + 1),  # the first is told as SIGXCPU, the second kills
        "RLIMIT_FSIZE": (bounds.file_megabytes * 10**6,) * 2,
        "RLIMIT_NPROC": (bounds.processes,) * 2,
        "RLIMIT_NOFILE": (256, 256),
        "RLIMIT_CORE": (0, 0),
    }


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
