"""The filter is carried out, instruction by instruction, as the kernel would on both architectures."""

import errno
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.sandbox.seccomp import (
    ARCHITECTURES,
    CLONE,
    CLONE3,
    FIRST_OF_X32,
    FIRST_UNKNOWN,
    REFUSED,
    SOCKETS,
    programme,
)

ALLOWED, KILLED, REFUSES, ABSENT = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
BOTH = pytest.mark.parametrize("machine", ARCHITECTURES)
NEEDED = {"x86_64": (0, 1, 2, 3, 9, 11, 59, 202, 231, 257), "aarch64": (63, 64, 56, 57, 222, 215, 221, 98, 94, 29)}
"""read, write, open, close, mmap, munmap, execve, futex, exit_group, openat, ioctl: as far as each has them."""


def answer(machine: str, number: int, *arguments: int, mark: int | None = None) -> int:
    """Carry out the filter on a system call and return its answer."""
    data = struct.pack(
        "=IIQ6Q", number, ARCHITECTURES[machine][0] if mark is None else mark, 0, *(*arguments, *[0] * 6)[:6]
    )
    steps = list(struct.iter_unpack("=HBBI", programme(machine)))
    place = held = 0
    while True:
        code, if_so, if_not, operand = steps[place]
        place += 1
        if code == 0x20:
            held = struct.unpack_from("=I", data, operand)[0]
        elif code == 0x06:
            return operand
        else:
            true = {0x15: held == operand, 0x35: held >= operand, 0x45: bool(held & operand)}[code]
            place += if_so if true else if_not


@BOTH
def test_every_call_of_the_list_is_refused(machine: str) -> None:
    column = ARCHITECTURES[machine][1]
    for name, numbers in REFUSED.items():
        number = numbers[column]
        if number is not None:
            assert answer(machine, number) == REFUSES, name


@BOTH
def test_what_every_program_needs_is_allowed(machine: str) -> None:
    assert {answer(machine, number) for number in NEEDED[machine]} == {ALLOWED}


@BOTH
@given(number=st.integers(0, 2**32 - 1))
def test_nothing_but_the_list_is_refused(machine: str, number: int) -> None:
    column = ARCHITECTURES[machine][1]
    listed = {numbers[column] for numbers in REFUSED.values()} | {CLONE3, *(numbers[column] for numbers in SOCKETS)}
    said = answer(machine, number)
    if number >= FIRST_OF_X32 and column == 0:
        assert said == KILLED
    elif number >= FIRST_UNKNOWN:
        assert said == ABSENT
    else:
        assert (said == ALLOWED) == (number not in listed)


@BOTH
def test_another_architecture_is_the_end(machine: str) -> None:
    assert {answer(machine, number, mark=0x40000003) for number in range(500)} == {KILLED}


@BOTH
def test_processes_may_be_made_but_no_namespaces(machine: str) -> None:
    clone = CLONE[ARCHITECTURES[machine][1]]
    assert answer(machine, CLONE3) == ABSENT
    assert answer(machine, clone, 17) == answer(machine, clone, 0x003D0F00) == ALLOWED  # fork, and a thread
    for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert answer(machine, clone, flag | 17) == REFUSES
        assert answer(machine, clone, flag | 17 | 1 << 40) == REFUSES


@BOTH
@given(family=st.integers(0, 2**64 - 1))
def test_sockets_are_of_one_family(machine: str, family: int) -> None:
    for numbers in SOCKETS:
        expected = ALLOWED if family % 2**32 == 1 else REFUSES
        assert answer(machine, numbers[ARCHITECTURES[machine][1]], family, 1) == expected


def test_the_list_names_no_number_twice() -> None:
    for column in (0, 1):
        numbers = [one[column] for one in REFUSED.values() if one[column] is not None]
        assert len(set(numbers)) == len(numbers)
