"""Writes the filter of system calls as a programme of the kernel's own machine (BPF), without any library.

What it refuses is of no use to a model and has been the way out of many a container: namespaces, mounts, memory of
other processes, memory that no limit of a process counts, io_uring, BPF, keys. Sockets may be made of the family `unix`
alone: a network namespace does not cover AF_VSOCK, which leads from a virtual machine to its host. Calls that are newer
than this list do not exist in here, so that a new kernel opens no new door.

Instructions and the layout of `struct seccomp_data`: seccomp(2), linux/filter.h, linux/audit.h.
"""

import errno
import platform
import struct
from collections.abc import Iterator
from pathlib import Path

ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""The kernel's mark of an architecture, and its column in the tables below."""

REFUSED: dict[str, tuple[int | None, int | None]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "statmount": (457, 457), "listmount": (458, 458),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    "personality": (135, 92), "syslog": (103, 116), "lookup_dcookie": (212, 18), "vhangup": (153, 58),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "uselib": (134, None),
    "_sysctl": (156, None), "sysfs": (139, None), "ustat": (136, None), "nfsservctl": (180, 42),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "mq_open": (240, 180), "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190),
}  # fmt: skip
"""Numbers on x86_64 and aarch64; None where the call does not exist."""

CLONE, CLONE3, SOCKETS = (56, 220), 435, ((41, 198), (53, 199))
FIRST_UNKNOWN = 463
"""The first number after mseal, the last call this list has looked at."""
FIRST_OF_X32 = 0x40000000
NEW_NAMESPACES = 0x7E020000
"""Every CLONE_NEW* that clone() can take; the bit of CLONE_NEWTIME means a signal there, so it is clone3's alone."""
AF_UNIX = 1

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Offsets in `struct seccomp_data`; of the argument the lower half, where both architectures are little-endian."""


def is_supported() -> bool:
    """Say whether this kernel filters system calls and this module knows its architecture."""
    return platform.machine() in ARCHITECTURES and Path("/proc/sys/kernel/seccomp/actions_avail").exists()


def programme(machine: str = "") -> bytes:
    """Return the filter for `machine`, else for this one, as an array of `struct sock_filter`.

    Raises KeyError for an architecture that ARCHITECTURES lacks.
    """
    mark, column = ARCHITECTURES[machine or platform.machine()]
    return b"".join(_instructions(mark, column))


def _instructions(mark: int, column: int) -> Iterator[bytes]:
    """Yield the instructions; a jump counts those it leaves out, if so and if not."""
    refuse, absent = _FAIL | errno.EPERM, _FAIL | errno.ENOSYS
    yield from (_do(_LOAD, _ARCHITECTURE), _do(_EQUAL, mark, 1, 0), _do(_RETURN, _KILL), _do(_LOAD, _NUMBER))
    if column == 0:
        yield from (_do(_AT_LEAST, FIRST_OF_X32, 0, 1), _do(_RETURN, _KILL))
    yield from (_do(_AT_LEAST, FIRST_UNKNOWN, 0, 1), _do(_RETURN, absent))
    for numbers in REFUSED.values():
        number = numbers[column]
        if number is not None:
            yield from (_do(_EQUAL, number, 0, 1), _do(_RETURN, refuse))
    # the flags of clone3 lie in memory, where no filter sees them; without it the C library takes clone
    yield from (_do(_EQUAL, CLONE3, 0, 1), _do(_RETURN, absent))
    yield _do(_EQUAL, CLONE[column], 0, 4)
    yield from (_do(_LOAD, _FIRST_ARGUMENT), _do(_ANY_BIT, NEW_NAMESPACES, 0, 1), _do(_RETURN, refuse))
    yield _do(_LOAD, _NUMBER)
    for numbers in SOCKETS:
        yield _do(_EQUAL, numbers[column], 0, 4)
        yield from (_do(_LOAD, _FIRST_ARGUMENT), _do(_EQUAL, AF_UNIX, 1, 0), _do(_RETURN, refuse))
        yield _do(_LOAD, _NUMBER)
    yield _do(_RETURN, _ALLOW)


def _do(code: int, operand: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, operand)
