"""Names the walls that a machine can put around untrusted code, and says in plain words what is open without each."""

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.sandbox.cgroups import Kind

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
