"""Writes the chain of commands that a sandbox is: each makes one wall and becomes the next.

    setpriv     has the next killed when whoever started it dies
    unshare     namespaces of mounts and processes, which take all below with them when it ends: bubblewrap's own way
                to die with its parent leaves a process behind where the parent dies while the sandbox is being made
    sh          joins the cgroup; mounts what is read, /out, /tmp and /dev/shm where the sandbox's user can reach them
    setpriv     becomes that user for good (as root; another user makes a user namespace instead, in which it is root)
    bwrap       namespaces of every kind, a root folder with nothing in it but what is named here, the filter
    sh          is process 1: says that it is ready and waits for the word, so that /out is open before anything runs
    prlimit     bounds each process
    the command

bubblewrap's options go through a file in memory: its arguments can be read inside, and would tell host paths.
"""

import os
import shlex
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.sandbox.cgroups import Cgroup
from evaluation.sandbox.limits import Limits
from evaluation.sandbox.refusals import BadRequest
from evaluation.sandbox.seccomp import programme

READY = b"ready\n"
GO = b"go\n"
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
UID_INSIDE = "1000"
SYSTEM = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
TAKEN = ("/bin", "/dev", "/lib", "/lib32", "/lib64", "/libx32", "/out", "/proc", "/sbin", "/usr")
STAGES = ("/mnt", "/media", "/srv", "/opt", "/var/tmp")  # noqa: S108  # a mount point, nothing is written to it
"""Folders that every system has; one of them is covered, in our own mount namespace alone."""
FIRST_PROCESS = 'echo ready && IFS= read -r go && exec </dev/null && "$@"; exit $?'
"""Reaps what the command leaves behind, which bubblewrap's own first process may not have done when it ends."""


@dataclass(frozen=True)
class Source:
    """Something that may be read inside: its path there, and the path here, with every link followed."""

    inside: str
    path: str
    is_folder: bool


def checked(read_only: Mapping[str, str | os.PathLike[str]], *, as_root: bool) -> list[Source]:
    """Return what may be read inside, outer folders first; raise BadRequest for a path that will not do."""
    sources = []
    for inside, given in sorted(read_only.items()):
        _check_text(inside, os.fspath(given))
        if not inside.startswith("/") or os.path.normpath(inside) != inside or inside == "/":
            raise BadRequest(f"{inside}: a path inside the sandbox is absolute and has no detours.")
        if any(f"{inside}/".startswith(f"{taken}/") for taken in TAKEN) or inside == "/tmp":  # noqa: S108
            raise BadRequest(f"{inside}: this folder of the sandbox is taken; choose another path inside.")
        try:
            path = os.path.realpath(given, strict=True)
            mode = os.stat(path).st_mode
        except OSError as error:
            raise BadRequest(f"{given}: cannot be read in the sandbox ({error.strerror}).") from error
        if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
            raise BadRequest(f"{given}: neither a folder nor a plain file, so the sandbox does not show it.")
        needed = os.R_OK | (os.X_OK if stat.S_ISDIR(mode) else 0)
        # as root a stranger reads it, whom the folders above do not matter but its own mode does
        if not (mode & needed == needed if as_root else os.access(path, needed)):
            who = "everybody" if as_root else "this user"
            raise BadRequest(f"{given}: not readable for {who}, so not for the sandbox; chmod -R a+rX mends that.")
        sources.append(Source(inside, path, stat.S_ISDIR(mode)))
    return sources


@dataclass(frozen=True)
class Chain:
    """A chain that can be started: its arguments and the files that it inherits."""

    arguments: tuple[str, ...]
    files: tuple[int, ...]

    def close(self) -> None:
        """Close our ends of the files."""
        for file in self.files:
            os.close(file)


def chain(
    command: Sequence[str],
    *,
    sources: Sequence[Source],
    environment: Mapping[str, str],
    limits: Limits,
    group: Cgroup,
    uid: int | None,
) -> Chain:
    """Return the chain for a command; `uid` is the user to become, where we are root.

    Raises BadRequest for text that no command line can hold.
    """
    _check_text(*command, *environment, *environment.values())
    if not command:
        raise BadRequest("There is no command to run.")
    if any(not name or "=" in name for name in environment):
        raise BadRequest("A name in the environment is empty or holds '='.")
    stage = _stage(sources)
    options = _options(sources, stage, environment, limits)
    filtered = _in_memory("filter", programme())
    options += ["--seccomp", str(filtered)]
    told = _in_memory("options", b"".join(word.encode() + b"\0" for word in options))
    arguments = ["setpriv", "--pdeathsig", "KILL", "--", "unshare", "--mount", "--propagation", "private"]
    arguments += ["--pid", "--fork", "--kill-child", "--mount-proc"]
    arguments += ["--user", "--map-root-user"] if uid is None else []
    arguments += ["--", "/bin/sh", "-c", _staging(sources, stage, limits, group, uid or 0), "stage"]
    if uid is not None:
        arguments += ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--no-new-privs"]
    arguments += ["bwrap", "--args", str(told), "--", "/bin/sh", "-c", FIRST_PROCESS, "sh"]
    arguments += [*_bounds(limits, has_cgroup=bool(group.folders)), *command]
    return Chain(tuple(arguments), (filtered, told))


def _options(sources: Sequence[Source], stage: str, environment: Mapping[str, str], limits: Limits) -> list[str]:
    options = ["--unshare-all", "--unshare-user", "--disable-userns", "--uid", UID_INSIDE, "--gid", UID_INSIDE]
    options += ["--as-pid-1", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "sandbox"]
    options += ["--ro-bind", "/usr", "/usr"]
    for name in SYSTEM:
        folder = Path("/", name)
        if folder.is_symlink():
            options += ["--symlink", os.readlink(folder), str(folder)]
        elif folder.is_dir():
            options += ["--ro-bind", str(folder), str(folder)]
    for file in ("/etc/ld.so.cache", "/etc/alternatives"):
        options += ["--ro-bind-try", file, file]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for name, inside in (("shm", "/dev/shm"), ("tmp", "/tmp"), ("out", "/out")):  # noqa: S108  # its own, inside
        options += ["--bind", f"{stage}/{name}", inside]
    for number, source in enumerate(sources):
        options += ["--ro-bind", f"{stage}/{number}", source.inside]
    # bubblewrap's own file systems have no size, so nothing may be written to them
    options += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp", "--clearenv"]  # noqa: S108
    threads = str(max(1, int(limits.cores)))
    surroundings = {
        "PATH": "/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp", "LANG": "C.UTF-8", "USER": "sandbox",  # noqa: S108
        "LOGNAME": "sandbox", "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads,
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    for name, value in {**surroundings, **environment}.items():
        options += ["--setenv", name, value]
    return options


def _staging(sources: Sequence[Source], stage: str, limits: Limits, group: Cgroup, owner: int) -> str:
    """Write the script that mounts, as root, all that the sandbox's user could not reach or bound by itself."""
    lines = ["set -e"]
    lines += [f"echo 0 >{shlex.quote(str(folder / 'cgroup.procs'))}" for folder in group.folders]
    lines += [f"mount -n -t tmpfs -o size=1m,mode=755,nosuid,nodev none {stage}", f"cd {stage}", "mkdir out tmp shm"]
    rooms = (("out", limits.out_bytes, ",noexec"), ("tmp", limits.scratch_bytes, ""), ("shm", limits.shared_bytes, ""))
    for name, size, more in rooms:
        options = f"size={size},nr_inodes={limits.entries},mode=700,uid={owner},gid={owner},nosuid,nodev{more}"
        lines.append(f"mount -n -t tmpfs -o {options} none {name}")
    for number, source in enumerate(sources):
        lines.append(f"mkdir {number}" if source.is_folder else f": >{number}")
        lines.append(f"mount -n --rbind {shlex.quote(source.path)} {number}")
    return "\n".join([*lines, "cd /", 'exec "$@"'])


def _bounds(limits: Limits, *, has_cgroup: bool) -> list[str]:
    bounds = {
        "core": 0, "memlock": 0, "msgqueue": 0, "cpu": limits.cpu_seconds, "fsize": limits.file_bytes,
        "nofile": limits.open_files, "nproc": limits.processes + 1,
    }  # fmt: skip
    if not has_cgroup:
        bounds["as"] = limits.memory
    return ["prlimit", *(f"--{name}={value}" for name, value in bounds.items()), "--"]


def _stage(sources: Sequence[Source]) -> str:
    for stage in STAGES:
        if Path(stage).is_dir() and not any(f"{source.path}/".startswith(f"{stage}/") for source in sources):
            return stage
    raise BadRequest(f"Something to be read lies in each of {', '.join(STAGES)}; one must be free of them.")


def _in_memory(name: str, content: bytes) -> int:
    file = os.memfd_create(name)
    os.write(file, content)
    os.lseek(file, 0, os.SEEK_SET)
    return file


def _check_text(*texts: str) -> None:
    for text in texts:
        if "\0" in text or any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
            raise BadRequest(f"{ascii(text)[:120]}: holds what no command line can hold.")
