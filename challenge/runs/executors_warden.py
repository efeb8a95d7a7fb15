"""The process between a worker and an engine: it starts the engine, and when either is gone, nothing is left of it.

A worker runs this file as a program of its own, on no more than the standard library. Its standard input is a line to
the worker on which nothing is ever said: it breaks when the worker lets go of it or dies, by SIGKILL too. The warden
adopts what the engine's processes leave behind, so a child that made a group and a session of its own, and lost its
parent, is still found and killed.

What it does not hold: a process that keeps forking faster than it is killed, or that kills the warden, which runs under
the same account. Only a process namespace (bubblewrap with --unshare-pid) holds those: models are run within one, and
predictions are data. Where there is no prctl(2), as on macOS, only the engine's own group is killed.
"""

import ctypes
import json
import os
import resource
import select
import signal
import sys
from pathlib import Path

DIE_WITH_PARENT, ADOPT_ORPHANS, NO_NEW_RIGHTS = 1, 36, 38  # of prctl(2)
NOT_STARTED = 127
MEANT_FOR_THE_WORKER = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Whoever stops a service sends these to all its processes; the worker then ends the evaluation in order."""
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def main(arguments: list[str]) -> int:
    """Run a command within limits until it ends or the worker is gone; return how it ended, as a shell would know.

    `arguments` are the limits, as JSON from the names of `resource` to numbers, and then the command. A command that
    was ended by a signal ends the warden by the same.
    """
    _prctl(ADOPT_ORPHANS, 1)
    for number in MEANT_FOR_THE_WORKER:
        signal.signal(number, signal.SIG_IGN)  # and so by the engine, which takes it over
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stirring, stirs = os.pipe()
    for end in (stirring, stirs):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(stirs)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    engine = _started(json.loads(arguments[0]), arguments[1:])
    while not _has_ended(engine) and 0 not in select.select([0, stirring], [], [])[0]:
        os.read(stirring, 512)
    status = _clear(engine)
    if status < 0:
        if -status != signal.SIGKILL:
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    return status


def _started(limits: dict[str, tuple[int, int]], command: list[str]) -> int:
    """Start the command in a session of its own and return its number."""
    warden = os.getpid()
    engine = os.fork()
    if engine:
        return engine
    try:
        os.setsid()
        _prctl(DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != warden:
            os._exit(NOT_STARTED)  # the warden was gone before it could be asked for
        _prctl(NO_NEW_RIGHTS, 1)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for name, (soft, hard) in limits.items():
            _limit(getattr(resource, name), soft, hard)
        os.execv(command[0], command)  # noqa: S606  # a list of the worker's making; no shell
    except (OSError, ValueError, MemoryError) as error:
        os.write(2, f"{command[0]}: {error}\n".encode())
    finally:
        os._exit(NOT_STARTED)


def _limit(which: int, soft: int, hard: int) -> None:
    most = resource.getrlimit(which)[1]
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(which, (soft, hard))


def _has_ended(engine: int) -> bool:
    """Look without taking leave: until then its number, and that of its group, belong to nobody else."""
    return os.waitid(os.P_PID, engine, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _clear(engine: int) -> int:
    """Kill the engine and all that came of it, until nobody is left; return its exit code, negative for a signal.

    Whoever loses its parent becomes the warden's own child. Only own children are killed: their numbers are theirs
    until the warden takes leave of them.
    """
    ended = 0
    if os.getpgid(engine) == engine:
        os.killpg(engine, signal.SIGKILL)
    else:
        os.kill(engine, signal.SIGKILL)  # it had no time yet to make a group
    while True:
        for child in _children():
            os.kill(child, signal.SIGKILL)
        try:
            child, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return ended
        if child == engine:
            ended = os.waitstatus_to_exitcode(status)


def _children() -> list[int]:
    """Return the numbers of the processes whose parent is this one, those included that have ended."""
    found, own = [], str(os.getpid())
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # the name, in brackets, may hold anything; after it come the state and the parent
            parent = path.read_text(errors="replace").rpartition(") ")[2].split()[1]
        except (OSError, IndexError):
            continue
        if parent == own:
            found.append(int(path.parent.name))
    return found


def _prctl(option: int, value: int) -> None:
    if _libc is not None:
        _libc.prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
