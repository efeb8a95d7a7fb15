"""How much energy an evaluation took: measured where the machine counts it, else estimated, and always said which."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

COUNTERS = Path("/sys/class/powercap")
WATTS_A_CORE = 10
"""A server processor's power at full load, divided by its cores: 8 to 13 W for those of 2020 to 2025."""


class Method(StrEnum):
    """Where a number of joules comes from."""

    MEASURED = "measured"
    """By the processor's own counters (RAPL), which count everything that ran on it meanwhile."""
    ESTIMATED = "estimated"
    """Processor seconds times WATTS_A_CORE."""
    NONE = "none"
    """Nothing was run: the answers were there already."""


@dataclass(frozen=True)
class Energy:
    """An amount in joules and how it was come by."""

    joules: int
    method: Method


@dataclass(frozen=True)
class Meter:
    """The processor's counters as they stood, in microjoules by name; empty where they cannot be read."""

    began: dict[str, int]

    @classmethod
    def started(cls, folder: Path = COUNTERS) -> "Meter":
        """Read the counters now."""
        return cls(_counters(folder))

    def energy(self, *, cpu_seconds: float, folder: Path = COUNTERS) -> Energy:
        """Return what was used since; counters that ran over meanwhile are no use, so then it is estimated."""
        ended = _counters(folder)
        used = [ended[name] - began for name, began in self.began.items() if name in ended]
        if used and min(used) >= 0 and len(used) == len(self.began):
            return Energy(sum(used) // 10**6, Method.MEASURED)
        return Energy(round(cpu_seconds * WATTS_A_CORE), Method.ESTIMATED)


def _counters(folder: Path) -> dict[str, int]:
    found = {}
    for path in sorted(folder.glob("intel-rapl:[0-9]*/energy_uj")):
        if path.parent.name.count(":") == 1:  # the parts of a package are counted in it
            try:
                found[path.parent.name] = int(path.read_text())
            except (OSError, ValueError):
                continue
    return found
