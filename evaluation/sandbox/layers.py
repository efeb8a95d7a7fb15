"""Says which walls this machine can put around untrusted code, and in plain words what is open where one is missing."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache

from evaluation.sandbox.cgroups import Kind, new_cgroup
from evaluation.sandbox.command import GO, PATH, READY, chain
from evaluation.sandbox.limits import Limits
from evaluation.sandbox.seccomp import is_supported
from evaluation.sandbox.slots import own_uid

PROGRAMMES = {"bwrap": "bubblewrap", "unshare": "util-linux", "setpriv": "util-linux", "prlimit": "util-linux"}
"""What a sandbox is made with, and the packages of Debian that hold it."""

NOT_HELD: Mapping[str, str] = {
    "total memory": "the processes of one sandbox can take the limit on memory each",
    "total CPU": "the processes of one sandbox share all cores of the machine",
}
"""The attacks that do not hold where there is no cgroup, by the name that the tests call them, and what each means."""


@dataclass(frozen=True)
class Layers:
    """The walls of this machine, each tried out and not guessed."""

    bubblewrap: str = ""
    """Its version; empty where it is missing or cannot start anything."""
    seccomp: bool = False
    own_uid: bool = False
    cgroup: Kind = Kind.NONE
    sized_output: bool = False
    """Whether /out, /tmp and /dev/shm have a size and a number of files."""
    trouble: str = ""
    """What the system said when a sandbox was tried and did not start."""

    def why_not_untrusted(self) -> str | None:
        """Return None, or the sentence that says why nothing untrusted may run here and what to do about it."""
        if self.trouble:
            return f"Nothing untrusted can run on this machine: {self.trouble}"
        if not self.seccomp:
            return (
                "Nothing untrusted can run on this machine: its kernel does not filter system calls (seccomp), or its "
                "architecture is not known here. Take Linux with CONFIG_SECCOMP_FILTER, on x86_64 or aarch64."
            )
        return None

    def lost(self) -> tuple[str, ...]:
        """Return what is open on this machine although the sandbox runs, a sentence each."""
        sentences = []
        if self.cgroup is Kind.NONE:
            sentences += [f"No cgroup, so {meaning} ({attack})." for attack, meaning in NOT_HELD.items()]
        if not self.own_uid:
            sentences.append("No user of its own, so whatever broke out of a sandbox would be the user who started it.")
        return tuple(sentences)


@cache
def layers() -> Layers:
    """Try a sandbox once in the life of this process and return what it was made of."""
    missing = [name for name in PROGRAMMES if shutil.which(name, path=PATH) is None]
    if missing:
        packages = " ".join(sorted({PROGRAMMES[name] for name in missing}))
        return Layers(
            seccomp=is_supported(),
            trouble=f"{' and '.join(missing)} is missing. Install it: apt-get install {packages}",
        )
    if not is_supported():
        return Layers()
    surroundings = {"PATH": PATH}
    asked = subprocess.run(["bwrap", "--version"], env=surroundings, capture_output=True, text=True, check=False)
    version = asked.stdout.split()
    limits = Limits()
    with ExitStack() as stack:
        uid = stack.enter_context(own_uid()) if os.geteuid() == 0 else None
        group = stack.enter_context(new_cgroup(limits))
        trial = chain(["true"], sources=[], environment={}, limits=limits, group=group, uid=uid)
        stack.callback(trial.close)
        tried = subprocess.run(
            trial.arguments,
            pass_fds=trial.files,
            env=surroundings,
            cwd="/",
            input=GO,
            capture_output=True,
            check=False,
            timeout=60,
        )
    if tried.returncode or tried.stdout != READY:
        said = " ".join(tried.stderr.decode(errors="replace").split())
        return Layers(
            seccomp=True,
            trouble=f"bubblewrap cannot start anything here. It needs user namespaces, and as root also the right to "
            f"mount; containers and some systems forbid both. The system said: {said[:400]}",
        )
    return Layers(
        bubblewrap=version[-1] if version else "unknown",
        seccomp=True,
        own_uid=uid is not None,
        cgroup=group.kind,
        sized_output=True,
    )


def why_not_untrusted() -> str | None:
    """Return None, or the sentence that says why nothing untrusted may run on this machine."""
    return layers().why_not_untrusted()
