"""One program that a model wrote is tested in a sandbox of its own, in a way that it cannot pretend to have passed.

Several programs in one sandbox would be cheaper and not as safe: they are one user, so that one could end the next or
leave something for it. Tests and secret go in through a named pipe, which holds nothing once it is read; how the two
sides are kept apart inside is told in `programs/testing_program.py`.
"""

import json
import os
import secrets
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from fcntl import F_SETPIPE_SZ, fcntl
from pathlib import Path

from evaluation.engines.asking import EngineFailed
from evaluation.engines.engine import HERE
from evaluation.sandbox import Ended, Limits, Reason, run, why_not_untrusted
from evaluation.suites import SuiteError

MEBIBYTE = 1 << 20
PYTHON = Path("/usr/bin/python3")
TESTING = HERE / "programs" / "testing_program.py"
TEST_LIMITS = Limits(
    wall_seconds=20,
    cpu_seconds=5,
    memory=512 * MEBIBYTE,
    processes=16,
    open_files=64,
    file_bytes=16 * MEBIBYTE,
    out_bytes=MEBIBYTE,
    scratch_bytes=16 * MEBIBYTE,
    shared_bytes=MEBIBYTE,
    entries=256,
    files=1,
    output_bytes=64 * 1024,
    kept_bytes=8 * 1024,
)
"""Of one program and its tests. Time is counted in seconds of the processor, so that a busy machine fails nobody; the
clock on the wall is for those who sleep."""
NEARLY = 0.8
"""Share of its processor seconds at which a program that failed is taken for one that was stopped for them: the kernel
stops and counts by two clocks, which were seen to differ by a fourteenth of a second."""
_BEGAN = b"began\n"
_LONGEST_TOLD = 1 << 20


class Outcome(StrEnum):
    """What came of testing one program."""

    PASSED = "passed"
    FAILED = "failed"
    """A test did not hold, or the program raised or ended what it should not have."""
    UNPARSABLE = "unparsable"
    """It is no Python."""
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"


@dataclass(frozen=True)
class Tried:
    """An outcome and the processor seconds it took."""

    outcome: Outcome
    cpu_seconds: float


def why_not_code() -> str | None:
    """Return None, or the sentence that says why no program may be tested on this machine."""
    if not PYTHON.exists():
        return f"No program can be tested on this machine: {PYTHON} is missing. Install it: apt-get install python3"
    return why_not_untrusted()


def tried(program: str, tests: str, *, limits: Limits = TEST_LIMITS) -> Tried:
    """Test a program in a sandbox.

    Raises SuiteError for tests that cannot be run whatever the program, EngineFailed where testing did not begin, and
    what `run` raises.
    """
    secret = secrets.token_hex(32)
    heard = _Heard()
    with tempfile.TemporaryDirectory(prefix="tests-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the sandbox is another user
        (folder / "program.py").write_text(program, encoding="utf-8", newline="")
        with _pipe(folder / "tests", {"secret": secret, "tests": tests}):
            ended = run(
                [str(PYTHON), "-I", "/in/testing_program.py", "tests", "/in/told"],
                read_only={"/in/testing_program.py": TESTING, "/in/told": folder},
                limits=limits,
                on_output=heard.output,
            )
    return Tried(_outcome(ended, heard, secret, limits), ended.cpu)


@dataclass
class _Heard:
    """The first words, before anything of the program ran; what comes after may drive them out of the rest."""

    first: bytes = field(default=b"")

    def output(self, piece: bytes) -> None:
        self.first = (self.first + piece)[: len(_BEGAN)]


def _outcome(ended: Ended, heard: _Heard, secret: str, limits: Limits) -> Outcome:
    if heard.first != _BEGAN:
        words = ended.stderr.decode(errors="replace")[-2_000:]
        raise EngineFailed(f"The tests of a program did not begin ({ended.reason.value}, {ended.code}).", words)
    lines = ended.stdout.decode(errors="replace").splitlines()
    if f"{secret} passed" in lines:
        return Outcome.PASSED
    fault = next((line for line in lines if line.startswith(f"{secret} fault ")), "")
    if fault:
        raise SuiteError(f"the tests cannot be run: {fault.removeprefix(f'{secret} fault ')}")
    # from here on it may be the program's own word, and it has not passed whatever it says
    if ended.reason is Reason.TIMEOUT or ended.cpu >= NEARLY * limits.cpu_seconds:
        return Outcome.TIMED_OUT
    if ended.reason is Reason.OOM:
        return Outcome.OUT_OF_MEMORY
    return Outcome.UNPARSABLE if "unparsable" in lines else Outcome.FAILED


@contextmanager
def _pipe(path: Path, told: dict[str, str]) -> Iterator[None]:
    """Make a named pipe that holds what is told until it is read once; raises SuiteError for more than it can hold."""
    content = json.dumps(told, ensure_ascii=False).encode()
    if len(content) + 4 > _LONGEST_TOLD:
        raise SuiteError(f"the tests have {len(content):,} bytes; at most {_LONGEST_TOLD:,} can be told")
    os.mkfifo(path)
    path.chmod(0o644)
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if len(content) > 60_000:
            fcntl(pipe, F_SETPIPE_SZ, _LONGEST_TOLD)
        framed = struct.pack(">I", len(content)) + content
        if os.write(pipe, framed) != len(framed):
            raise OSError("The pipe to the sandbox does not hold what the tests are.")
        yield
    finally:
        os.close(pipe)
