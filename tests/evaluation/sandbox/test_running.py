"""A run tells what happens while it happens, hands over what is finished, and says how it ended."""

import gc
import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import pytest

from evaluation.sandbox import BadRequest, DidNotStart, Ended, Kind, Limits, Reason, layers, run
from tests.evaluation.sandbox.assault import MEBIBYTE, PYTHON, with_argument

pytestmark = pytest.mark.usefixtures("sandboxed")
QUICK = Limits(wall_seconds=20)


def python(program: str, **others: object) -> Ended:
    """Run a program in a sandbox."""
    return run([PYTHON, "-I", "-c", program], **{"limits": QUICK, **others})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("program", "reason", "code"),
    [
        ("print('well')", Reason.EXIT, 0),
        ("raise SystemExit(3)", Reason.EXIT, 3),
        ("import os; os.kill(os.getpid(), 11)", Reason.SIGNAL, 139),
        ("import time; time.sleep(60)", Reason.TIMEOUT, 137),
    ],
)
def test_how_it_ended(program: str, reason: Reason, code: int) -> None:
    ended = python(program, limits=Limits(wall_seconds=2) if reason is Reason.TIMEOUT else QUICK)
    assert (ended.reason, ended.code) == (reason, code)


def test_a_command_that_is_not_there() -> None:
    ended = run(["/no/such/program"])
    assert ended.reason is Reason.EXIT
    assert ended.code != 0
    assert b"/no/such/program" in ended.stderr


def test_memory_of_files_counts_as_memory() -> None:
    if layers().cgroup is Kind.NONE:
        pytest.skip("Only a cgroup counts it.")
    program = "[open(f'/out/.{n}', 'wb').write(bytes(1 << 20)) for n in range(200)]"
    ended = python(program, limits=Limits(wall_seconds=20, memory=100 * MEBIBYTE))
    assert ended.reason is Reason.OOM
    assert ended.peak_memory <= 100 * MEBIBYTE


def test_it_says_what_it_cost() -> None:
    ended = python(
        "import time; b = bytearray(64 << 20); t = time.process_time()\nwhile time.process_time() < t + 0.3: pass"
    )
    assert ended.cpu >= 0.3
    assert ended.wall >= ended.cpu / 2
    assert ended.peak_memory >= 64 * MEBIBYTE
    assert ended.layers == layers()


def test_files_are_handed_over_while_it_runs_and_once() -> None:
    """The program ends only when the first shard has been seen outside, which it learns from nobody but us: by our stop."""
    came: list[dict[str, bytes]] = []

    def take(files: Mapping[str, BinaryIO]) -> bool:
        came.append({name: stream.read() for name, stream in files.items()})
        return "shard-2" not in files

    program = """
import os, time
for number in (1, 2):
    open(f"/out/shard-{number}.tmp", "w").write(str(number) * 3)
    open("/out/.hidden", "w").write("x")
    os.rename(f"/out/shard-{number}.tmp", f"/out/shard-{number}")
    time.sleep(1.1)
time.sleep(60)
"""
    ended = python(program, on_files=take)
    assert ended.reason is Reason.STOPPED
    assert {name: content for files in came for name, content in files.items()} == {
        "shard-1": b"111",
        "shard-2": b"222",
    }
    assert ended.handed_over == ("shard-1", "shard-2")
    assert ended.files == {}


def test_what_is_finished_survives_a_bad_end() -> None:
    ended = python("import os; open('/out/done', 'w').write('kept'); open('/out/half.tmp', 'w').write('x'); os.abort()")
    assert ended.reason is Reason.SIGNAL
    assert ended.files == {"done": b"kept"}


def test_a_large_file_arrives_whole() -> None:
    ended = python("import os; open('/out/large', 'wb').write(os.urandom(1 << 20) * 200)")
    assert len(ended.files["large"]) == 200 * MEBIBYTE
    assert ended.files["large"][:100] == ended.files["large"][-MEBIBYTE:][:100]


def test_whoever_listens_may_stop_it_without_any_file() -> None:
    assert python("import time; time.sleep(60)", on_files=lambda files: bool(files)).reason is Reason.STOPPED


def test_output_is_heard_while_it_runs() -> None:
    heard: list[bytes] = []

    def hear(piece: bytes) -> None:
        heard.append(piece)
        if b'"done": 1' in piece:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        python("""import time; print('{"done": 1}', flush=True); time.sleep(60)""", on_output=hear)
    assert heard == [b'{"done": 1}\n']


@pytest.mark.parametrize("kind", ["on_files", "on_output"])
def test_trouble_of_the_listener_ends_it_all(kind: str) -> None:
    def fail(_: object) -> bool:
        raise ValueError(kind)

    mark = f"trouble-{kind}"
    with pytest.raises(ValueError, match=kind):
        run([PYTHON, "-I", "-c", "import time; print('x', flush=True); time.sleep(60)", mark], **{kind: fail})  # type: ignore[arg-type]
    assert with_argument(mark) == []


def test_the_environment_is_what_was_given() -> None:
    ended = python("import os; print(os.environ['TASK'], os.environ['HOME'])", environment={"TASK": "a b\n'$(id)'"})
    assert ended.stdout == b"a b\n'$(id)' /tmp\n"


def test_no_file_stays_open() -> None:
    python("pass")
    gc.collect()  # what earlier tests forgot to close
    before = len(os.listdir("/proc/self/fd"))
    for program in ("pass", "open('/out/x', 'w').write('x')", "1 / 0"):
        python(program)
    with pytest.raises(BadRequest):
        run([PYTHON, "\0"])
    with pytest.raises(DidNotStart):
        run([PYTHON, "x" * (1 << 20)])
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.usefixtures("as_root")
def test_sandboxes_of_the_moment_have_users_of_their_own() -> None:
    users: set[int] = set()
    met = threading.Barrier(3, timeout=60)
    mark = "own-user"

    def one() -> None:
        def hear(_: bytes) -> None:
            met.wait()  # all three run now
            users.update(os.stat(f"/proc/{pid}").st_uid for pid in with_argument(mark))
            met.wait()

        run(
            [PYTHON, "-I", "-c", "import time; print(1, flush=True); time.sleep(60)", mark],
            on_output=hear,
            limits=Limits(wall_seconds=10),
        )

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(users - {0}) == 3  # unshare alone, which waits outside, stays root


def test_a_hundred_runs_leave_no_trace() -> None:
    """Zombies once filled the limit on processes, so that after seventy runs nothing started any more."""
    temporary = set(Path(tempfile.gettempdir()).glob("sandbox-*"))
    for _ in range(100):
        assert run(["/bin/true"]).code == 0
    assert set(Path(tempfile.gettempdir()).glob("sandbox-*")) == temporary
