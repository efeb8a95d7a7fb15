"""Runs one command in a sandbox: hears what it says, takes its files as they come, and ends it in time."""

import os
import selectors
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from evaluation.sandbox.cgroups import Cgroup, new_cgroup, sweep
from evaluation.sandbox.command import chain, checked
from evaluation.sandbox.ended import Ended, Reason
from evaluation.sandbox.limits import Limits
from evaluation.sandbox.output import Outbox
from evaluation.sandbox.refusals import LayerMissing
from evaluation.sandbox.slots import own_uid
from evaluation.sandbox.starting import Started, started
from evaluation.sandbox.trial import layers

TICK = 1.0
"""Seconds between two looks into /out."""
PIECE = 65_536

OnFiles = Callable[[Mapping[str, BinaryIO]], bool]
"""Gets the files that are newly finished, by name and open at their beginning until it returns; False stops the run."""
OnOutput = Callable[[bytes], None]
"""Gets what the command says on standard output, in pieces as they come, at most PIECE bytes each."""


def run(
    command: Sequence[str],
    *,
    read_only: Mapping[str, str | os.PathLike[str]] | None = None,
    environment: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    on_files: OnFiles | None = None,
    on_output: OnOutput | None = None,
) -> Ended:
    """Run a command in a sandbox and return how it ended.

    `read_only` is what the command may read besides the system's programs: the path inside, and the path here. It may
    write to /out, /tmp and /dev/shm; what it leaves in /out under a finished name (not `.name`, not `name.tmp`) is
    taken out. `on_files` is called about once a second, also when there is nothing new, and once more after the end.

    Raises LayerMissing where this machine cannot hold untrusted code, BadRequest for arguments that will not do,
    DidNotStart where the sandbox could not be made, OSError where this machine has no room for what is taken out, and
    whatever the two callables raise; nothing of the sandbox is left then either.
    """
    have = layers()
    why_not = have.why_not_untrusted()
    if why_not:
        raise LayerMissing(why_not)
    limits = limits or Limits()
    sources = checked(read_only or {}, as_root=have.own_uid)
    sweep()
    with ExitStack() as stack:
        uid = stack.enter_context(own_uid()) if have.own_uid else None
        group = stack.enter_context(new_cgroup(limits))
        links = chain(command, sources=sources, environment=environment or {}, limits=limits, group=group, uid=uid)
        began = time.monotonic()
        sandbox = stack.enter_context(started(links))
        watch = _Watch(sandbox, Outbox(sandbox.out, limits), limits, began, on_files, on_output)
        reason = watch.listen()
        if reason is Reason.EXIT and not sandbox.wait(began + limits.wall_seconds - time.monotonic()):
            reason = Reason.TIMEOUT
        sandbox.end()
        group.kill()
        wall = time.monotonic() - began
        files = watch.last_files(reason)
        code = _code(sandbox)
        return Ended(
            code=code,
            reason=_reason(reason, code, group),
            stdout=bytes(watch.said[sandbox.stdout]),
            stderr=bytes(watch.said[sandbox.stderr]),
            wall=wall,
            cpu=group.cpu_seconds or _cpu(sandbox),
            peak_memory=group.peak_memory or _largest(sandbox),
            handed_over=watch.outbox.taken,
            files=files,
            refused=tuple(watch.outbox.refused),
            layers=replace(have, cgroup=group.kind),
        )


@dataclass
class _Watch:
    """What is heard and taken while a sandbox runs."""

    sandbox: Started
    outbox: Outbox
    limits: Limits
    began: float
    on_files: OnFiles | None
    on_output: OnOutput | None
    said: dict[int, bytearray] = field(init=False)
    """The end of standard output and standard error, by file descriptor."""
    _heard: int = 0

    def __post_init__(self) -> None:
        """Begin with nothing said."""
        self.said = {self.sandbox.stdout: bytearray(), self.sandbox.stderr: bytearray()}

    def listen(self) -> Reason:
        """Listen until both streams have ended, or until there is a reason to end the run."""
        ends_at, next_look = self.began + self.limits.wall_seconds, time.monotonic() + TICK
        with selectors.DefaultSelector() as selector:
            for stream in self.said:
                selector.register(stream, selectors.EVENT_READ)
            while selector.get_map():
                now = time.monotonic()
                if now >= ends_at:
                    return Reason.TIMEOUT
                if now >= next_look:
                    if not self._hand_over():
                        return Reason.STOPPED
                    next_look = time.monotonic() + TICK
                for key, _ in selector.select(max(0.0, min(ends_at, next_look) - time.monotonic())):
                    if not self._hear(key.fd):
                        selector.unregister(key.fd)
                if self._heard > self.limits.output_bytes:
                    return Reason.OUTPUT
        return Reason.EXIT

    def last_files(self, reason: Reason) -> dict[str, bytes]:
        """Hand over what was finished by the end; return it instead where nobody listens."""
        if self.on_files is None:
            return {name: _emptied(stream) for name, stream in self.outbox.take().items()}
        if reason is not Reason.STOPPED:
            self._hand_over()
        return {}

    def _hear(self, stream: int) -> bool:
        """Read a piece of a stream; say whether there may be more."""
        piece = os.read(stream, PIECE)
        self._heard += len(piece)
        said = self.said[stream]
        said += piece
        del said[: -self.limits.kept_bytes]
        if piece and stream == self.sandbox.stdout and self.on_output is not None:
            self.on_output(piece)
        return bool(piece)

    def _hand_over(self) -> bool:
        if self.on_files is None:
            return True
        files = self.outbox.take()
        try:
            return self.on_files(files)
        finally:
            for stream in files.values():
                stream.close()


def _emptied(stream: BinaryIO) -> bytes:
    with stream:
        return stream.read()


def _code(sandbox: Started) -> int:
    code = sandbox.process.returncode
    return code if code >= 0 else 128 - code


def _reason(reason: Reason, code: int, group: Cgroup) -> Reason:
    if reason is Reason.EXIT and code:
        if group.ran_out_of_memory:
            return Reason.OOM
        if code > 128:
            return Reason.SIGNAL
    return reason


def _cpu(sandbox: Started) -> float:
    return sandbox.usage.ru_utime + sandbox.usage.ru_stime if sandbox.usage else 0.0


def _largest(sandbox: Started) -> int:
    return sandbox.usage.ru_maxrss * 1024 if sandbox.usage else 0
