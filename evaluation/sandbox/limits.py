"""How much a sandboxed command may take, of everything it can take."""

import math
from dataclasses import dataclass, fields

from evaluation.sandbox.refusals import BadRequest

MEBIBYTE = 1 << 20
LEAST_CORES = 0.01


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of one run; sizes in bytes, times in seconds. Raises BadRequest unless each is positive and finite."""

    wall_seconds: float = 60
    """From the start to the end, however little the machine gave of itself."""
    cpu_seconds: int = 60
    """Of each process by itself."""
    cores: float = 1
    """All processes together; held by a cgroup alone."""
    memory: int = 1024 * MEBIBYTE
    """All processes together, files in memory counted; without a cgroup the address space of each process."""
    processes: int = 64
    """And threads."""
    open_files: int = 256
    """Of each process."""
    file_bytes: int = 256 * MEBIBYTE
    """One file."""
    out_bytes: int = 256 * MEBIBYTE
    """What /out holds at one time; it lies in memory."""
    scratch_bytes: int = 128 * MEBIBYTE
    """What /tmp holds at one time; it lies in memory."""
    shared_bytes: int = 16 * MEBIBYTE
    """What /dev/shm holds."""
    entries: int = 4096
    """Files, folders and links in each of the three."""
    files: int = 100
    """Taken out of /out, over the whole run."""
    taken_bytes: int = 1024 * MEBIBYTE
    """Taken out of /out, over the whole run."""
    output_bytes: int = 16 * MEBIBYTE
    """Said on standard output and standard error together; more ends the run."""
    kept_bytes: int = 64 * 1024
    """Of each of the two, the end, which is kept."""

    def __post_init__(self) -> None:
        """Refuse what is no bound."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value > 0):
                raise BadRequest(f"The limit {field.name} is {value}; it must be a positive number.")
        if self.cores < LEAST_CORES:
            raise BadRequest(f"The limit cores is {self.cores}; the kernel gives {LEAST_CORES} at least.")
