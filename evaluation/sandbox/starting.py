"""Starts a sandbox, lays hands on its /out before the command begins, and ends it with all that runs in it."""

import os
import resource
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from evaluation.sandbox.command import GO, PATH, READY, Chain
from evaluation.sandbox.refusals import DidNotStart, SandboxError

PATIENCE = 30.0
"""Seconds that a sandbox has to be made, or to be gone once it was killed."""
_GENTLY = 5.0
"""Seconds for bubblewrap to reap its first process before it is killed itself."""


@dataclass
class Started:
    """A sandbox whose command has begun; `out` is the open folder /out, which outlives it."""

    process: "subprocess.Popen[bytes]"
    stdout: int
    stderr: int
    first: int = -1
    """The first process inside, as a file descriptor: its number may be another's by the time we kill it."""
    out: int = -1
    usage: resource.struct_rusage | None = None
    """What all processes took that were reaped, once it is over."""

    def is_over(self) -> bool:
        """Say whether it has ended; its process is reaped then, with what it cost."""
        if self.process.returncode is None:
            number, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if number:
                self.process.returncode, self.usage = os.waitstatus_to_exitcode(status), usage
        return self.process.returncode is not None

    def wait(self, seconds: float) -> bool:
        """Wait until it has ended, for so long at most; say whether it has."""
        ends_at, pause = time.monotonic() + seconds, 0.0005
        while not self.is_over() and time.monotonic() < ends_at:
            time.sleep(pause)
            pause = min(pause * 2, 0.02)
        return self.is_over()

    def end(self) -> None:
        """Kill it where it still runs; raise SandboxError where the kernel does not let go of it."""
        if self.is_over():
            return
        if self.first >= 0:  # with it everything inside ends; bubblewrap reaps it and goes
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)
            if self.wait(_GENTLY):
                return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        if not self.wait(PATIENCE):
            raise SandboxError(f"The sandbox was killed and is not gone after {PATIENCE:g} seconds.")

    def close(self) -> None:
        """End it and let go of all it holds."""
        try:
            self.end()
        finally:
            for file in (self.first, self.out, self.stdout, self.stderr):
                if file >= 0:
                    os.close(file)
            self.first = self.out = self.stdout = self.stderr = -1


@contextmanager
def started(chain: Chain) -> Iterator[Started]:
    """Start a chain and yield the sandbox with its command just begun.

    Raises DidNotStart where it ended, or did nothing for half a minute, before the command began.
    """
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    try:
        process = subprocess.Popen(
            chain.arguments, stdin=subprocess.PIPE, stdout=out_write, stderr=err_write, pass_fds=chain.files,
            start_new_session=True, env={"PATH": PATH}, cwd="/",
        )  # fmt: skip
    except OSError as error:
        os.close(out_read)
        os.close(err_read)
        raise DidNotStart(f"The sandbox did not start: {error.strerror}.") from error
    finally:
        os.close(out_write)
        os.close(err_write)
        chain.close()
    sandbox = Started(process, out_read, err_read)
    try:
        os.set_blocking(out_read, False)
        os.set_blocking(err_read, False)
        _await_ready(sandbox)
        _lay_hands_on(sandbox)
        _give_word(process)
        yield sandbox
    finally:
        _close_word(process)
        sandbox.close()


def _await_ready(sandbox: Started) -> None:
    """Read until the first process says that it is ready; nothing untrusted runs before that."""
    heard, trouble = b"", b""
    ends_at = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as selector:
        selector.register(sandbox.stdout, selectors.EVENT_READ)
        selector.register(sandbox.stderr, selectors.EVENT_READ)
        while heard != READY and selector.get_map() and time.monotonic() < ends_at:
            for key, _ in selector.select(1):
                piece = os.read(key.fd, len(READY) - len(heard) if key.fd == sandbox.stdout else 4096)
                if not piece:
                    selector.unregister(key.fd)
                elif key.fd == sandbox.stdout:
                    heard += piece
                else:
                    trouble = (trouble + piece)[-4096:]
    if heard != READY:
        said = " ".join(trouble.decode(errors="replace").split())
        raise DidNotStart(f"The sandbox did not start. The system said: {said[-400:] or 'nothing'}")


def _lay_hands_on(sandbox: Started) -> None:
    """Open the first process and its /out; a folder held open keeps its files until it is closed."""
    try:
        number = _only_child(_only_child(sandbox.process.pid))  # unshare, bubblewrap, the first process
        sandbox.first = os.pidfd_open(number)
        root = os.open(f"/proc/{number}/root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            sandbox.out = os.open("out", flags, dir_fd=root)
        finally:
            os.close(root)
    except (OSError, ValueError) as error:
        raise DidNotStart(f"The sandbox's folder for results cannot be opened from outside: {error}.") from error


def _only_child(parent: int) -> int:
    """Return the number of a process's one child; raise ValueError where it has none or more."""
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except FileNotFoundError:  # a kernel without CONFIG_PROC_CHILDREN
        folders = [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]
        children = [folder.name for folder in folders if _parent(folder) == parent]
    (child,) = children
    return int(child)


def _parent(folder: Path) -> int:
    try:
        # the name in brackets may hold blanks, so counting begins behind it
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it ended while we looked
        return 0


def _give_word(process: "subprocess.Popen[bytes]") -> None:
    pipe = process.stdin
    assert pipe is not None  # noqa: S101  # asked for as a pipe
    try:
        pipe.write(GO)
        pipe.close()
    except BrokenPipeError as error:
        raise DidNotStart("The sandbox was gone before its command began.") from error


def _close_word(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()
