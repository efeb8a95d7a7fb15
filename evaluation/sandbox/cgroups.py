"""Counts what all processes of a sandbox take together, and bounds it: by cgroup v2 where one is delegated, else v1.

Version 2 needs a folder below which this user may make others, with the controllers memory and pids: the one that
SANDBOX_CGROUP names, that of this process, or the one above it (systemd: Delegate=yes and DelegateSubgroup=). Version 1
needs root. The folders lie below those of this process, so that the bounds of its service hold as well. What a
process left behind that was killed is swept by the next one; nothing runs in it, since a sandbox dies with its parent.
"""

import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from evaluation.sandbox.limits import Limits

MOUNTED = Path("/sys/fs/cgroup")
PREFIX = "evaluation-sandbox-"
PERIOD = 100_000
"""Microseconds over which the share of the cores is counted."""
OVERHEAD = 3
"""Processes of the sandbox itself that are in it: bubblewrap outside, its first process inside, one on the way."""
PATIENCE = 5.0
"""Seconds until killed processes are gone and their folder can be removed."""


class Kind(StrEnum):
    """Which cgroups there are for us."""

    V2 = "v2"
    V1 = "v1"
    NONE = "none"


@dataclass(frozen=True)
class Cgroup:
    """One folder in version 2, one a controller in version 1, none where there is no cgroup to be had."""

    kind: Kind = Kind.NONE
    folders: tuple[Path, ...] = ()

    @property
    def ran_out_of_memory(self) -> bool:
        """Say whether a process was killed for want of memory."""
        counts = (_field(path, "oom_kill") for path in self._files("memory.events", "memory.oom_control"))
        return any(count > 0 for count in counts)

    @property
    def peak_memory(self) -> int:
        """Return the most bytes held at one time; 0 where nothing counts them."""
        return max((_number(path) for path in self._files("memory.peak", "memory.max_usage_in_bytes")), default=0)

    @property
    def cpu_seconds(self) -> float:
        """Return what all processes together took; 0 where nothing counts it."""
        if self.kind is Kind.V2:
            return max((_field(path, "usage_usec") for path in self._files("cpu.stat")), default=0) / 1e6
        return max((_number(path) for path in self._files("cpuacct.usage")), default=0) / 1e9

    def kill(self) -> None:
        """Kill whatever is still in it, again and again until nothing is."""
        for path in self._files("cgroup.kill"):
            with suppress(OSError):
                _write(path, 1)
        ends_at = time.monotonic() + PATIENCE
        while time.monotonic() < ends_at:
            inside = {int(word) for path in self._files("cgroup.procs") for word in _text(path).split()}
            if not inside:
                return
            for number in inside:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            time.sleep(0.01)

    def _files(self, *names: str) -> Iterator[Path]:
        paths = (folder / name for folder in self.folders for name in names)
        yield from (path for path in paths if path.exists())


@contextmanager
def new_cgroup(limits: Limits) -> Iterator[Cgroup]:
    """Yield a fresh cgroup of the best kind there is, and remove it in the end with all that runs in it."""
    name = f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    group = _made_v2(name, limits) or _made_v1(name, limits) or Cgroup()
    try:
        yield group
    finally:
        group.kill()
        _remove(group.folders)


def sweep() -> int:
    """Remove the folders of processes that are gone; return how many. Whatever runs in one keeps it."""
    swept = 0
    for above in {*_candidates_v2(), *(folder for folder, _ in _parents_v1())}:
        for folder in above.glob(f"{PREFIX}*"):
            owner = folder.name.removeprefix(PREFIX).partition("-")[0]
            if owner.isdigit() and not Path("/proc", owner).exists():
                with suppress(OSError):
                    folder.rmdir()
                    swept += 1
    return swept


def _made_v2(name: str, limits: Limits) -> Cgroup | None:
    for above in _candidates_v2():
        folder = above / name
        try:
            available = set((above / "cgroup.controllers").read_text().split())
            for controller in ("memory", "pids", "cpu"):
                if controller in available:
                    with suppress(OSError):  # not ours to enable; it may be enabled already
                        _write(above / "cgroup.subtree_control", f"+{controller}")
            folder.mkdir()
            _write(folder / "memory.max", limits.memory)
            _write(folder / "pids.max", limits.processes + OVERHEAD)
            optional = {
                "memory.swap.max": "0",
                "cpu.max": f"{round(limits.cores * PERIOD)} {PERIOD}",
            }
            for file, value in optional.items():
                if (folder / file).exists():
                    _write(folder / file, value)
        except OSError:
            _remove((folder,))
            continue
        return Cgroup(Kind.V2, (folder,))
    return None


def _made_v1(name: str, limits: Limits) -> Cgroup | None:
    values = {
        "memory.limit_in_bytes": limits.memory,
        "memory.memsw.limit_in_bytes": limits.memory,
        "pids.max": limits.processes + OVERHEAD,
        "cpu.cfs_period_us": PERIOD,
        "cpu.cfs_quota_us": round(limits.cores * PERIOD),
    }
    folders: list[Path] = []
    parents = list(_parents_v1())
    if not {"memory", "pids"} <= {controller for _, controller in parents}:
        return None
    try:
        for above, controller in parents:
            folder = above / name
            folders.append(folder)
            folder.mkdir(exist_ok=True)  # cpu and cpuacct may be one folder
            for file, value in values.items():
                if file.startswith(f"{controller}.") and (folder / file).exists():
                    _write(folder / file, value)
    except OSError:
        _remove(folders)
        return None
    return Cgroup(Kind.V1, tuple(folders))


def _candidates_v2() -> Iterator[Path]:
    """Yield the folders below which ours may be made: the one that is named, our own, the one above."""
    named = os.environ.get("SANDBOX_CGROUP")
    for root in (MOUNTED, MOUNTED / "unified"):
        if not (root / "cgroup.controllers").exists():
            continue
        own = root / _own_paths().get("", "/").lstrip("/")
        above = [Path(named)] if named else []
        above += [own, own.parent] if own != root else [own]
        yield from (folder for folder in above if folder.is_relative_to(root) and _may_move(own, folder))


def _may_move(source: Path, target: Path) -> bool:
    """Say whether a process may go from one cgroup into another: who may write to the list of the one above both."""
    return os.access(Path(os.path.commonpath((source, target)), "cgroup.procs"), os.W_OK)


def _parents_v1() -> Iterator[tuple[Path, str]]:
    for controller in ("memory", "pids", "cpu", "cpuacct"):
        root = MOUNTED / controller
        if (root / "cgroup.clone_children").exists():
            own = root / _own_paths().get(controller, "/").lstrip("/")
            yield (own if own.exists() else root), controller  # in a container the path may be the host's


def _own_paths() -> dict[str, str]:
    """Return where this process is, by controller; version 2 has the empty name."""
    paths = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        paths.update(dict.fromkeys(controllers.split(","), path))
    return paths


def _remove(folders: "tuple[Path, ...] | list[Path]") -> None:
    ends_at = time.monotonic() + PATIENCE
    for folder in folders:
        while True:
            try:
                folder.rmdir()
                break
            except FileNotFoundError:
                break
            except OSError:  # the last process has ended and is not quite gone
                if time.monotonic() > ends_at:
                    break
                time.sleep(0.005)


def _write(path: Path, value: object) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)  # never made: where the kernel has no such file, it is no bound
    try:
        os.write(file, str(value).encode())
    finally:
        os.close(file)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _number(path: Path) -> int:
    text = _text(path).strip()
    return int(text) if text.isdigit() else 0


def _field(path: Path, name: str) -> int:
    found = [line.split()[1] for line in _text(path).splitlines() if line.startswith(f"{name} ")]
    return int(found[0]) if found else 0
