"""The command `sandbox` prints what this machine has to hold untrusted code with, and what it does not hold."""

import sys
from argparse import Namespace

from evaluation.commands.exits import Exit
from evaluation.sandbox import Layers, layers


def run_sandbox(_options: Namespace) -> Exit:
    """Try a sandbox and tell; not accepted where nothing untrusted may run on this machine."""
    have = layers()
    sys.stdout.write(told(have))
    return Exit.NOT_ACCEPTED if have.why_not_untrusted() else Exit.DONE


def told(have: Layers) -> str:
    """Write the layers as lines of text, and what is open as sentences."""
    words = {True: "yes", False: "no"}
    lines = [
        f"bubblewrap       {have.bubblewrap or 'no'}",
        f"user of its own  {words[have.own_uid]}",
        f"seccomp          {words[have.seccomp]}",
        f"cgroup           {have.cgroup}",
        f"sized output     {words[have.sized_output]}",
    ]
    why_not = have.why_not_untrusted()
    lines += [why_not] if why_not else ["Untrusted code may run here.", *have.lost()]
    return "\n".join(lines) + "\n"
