"""Tries a sandbox to learn which walls this machine can put around untrusted code, since no list of features tells."""

import os
import shutil
import subprocess
from contextlib import ExitStack
from functools import cache

from evaluation.sandbox.cgroups import new_cgroup
from evaluation.sandbox.command import GO, PATH, READY, chain
from evaluation.sandbox.layers import Layers
from evaluation.sandbox.limits import Limits
from evaluation.sandbox.seccomp import is_supported
from evaluation.sandbox.slots import own_uid

PATIENCE = 60.0
"""Seconds that the trial may take."""
PROGRAMMES = {"bwrap": "bubblewrap", "unshare": "util-linux", "setpriv": "util-linux", "prlimit": "util-linux"}
"""What a sandbox is made with, and the packages of Debian that hold it."""


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
            timeout=PATIENCE,
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
