"""When everything is killed at once nothing of a sandbox is left, and what was finished is safe outside."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evaluation.sandbox import run
from evaluation.sandbox.cgroups import PREFIX, sweep
from tests.evaluation.sandbox.assault import PYTHON, staged_mounts, with_argument
from tests.evaluation.sandbox.unprivileged import NOBODY_IN_PARTICULAR

ROOT = Path(__file__).parents[3]
PARENT = """
import os, sys, tempfile
from pathlib import Path
from evaluation.sandbox import Limits, run

mark, folder, user = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.chdir(folder)
if user != os.geteuid():
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)

def take(files):
    for name, stream in files.items():
        Path(name).write_bytes(stream.read())
    return True

program = '''
import os, time
open("/out/shard.tmp", "w").write("finished")
os.rename("/out/shard.tmp", "/out/shard")
if os.fork() == 0:
    os.setsid()
time.sleep(600)
'''
run(["/usr/bin/python3", "-I", "-c", program, mark], on_files=take, limits=Limits(wall_seconds=600))
"""
MAKER = """
import os, sys
from evaluation.sandbox import layers, run

user = int(sys.argv[2])
if user != os.geteuid():
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
layers()
print("begun", flush=True)
while True:
    run(["/bin/sh", "-c", "sleep 0.02", sys.argv[1]])
"""
USERS = [os.geteuid(), NOBODY_IN_PARTICULAR] if os.geteuid() == 0 else [os.geteuid()]


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until something is true."""
    for _ in range(300):
        if true():
            return
        time.sleep(0.1)
    raise TimeoutError(what)


def groups_of(pid: int) -> list[Path]:
    """Return the cgroup folders of a process's sandboxes."""
    return list(Path("/sys/fs/cgroup").rglob(f"{PREFIX}{pid}-*"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user can reach and write to."""
    with tempfile.TemporaryDirectory(prefix="killed-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("deed", [signal.SIGKILL, signal.SIGTERM])
def test_the_death_of_the_parent(folder: Path, user: int, deed: signal.Signals) -> None:
    mark = f"killed-{os.getpid()}-{user}-{deed}"
    temporary = set(os.listdir(tempfile.gettempdir()))
    parent = subprocess.Popen([sys.executable, "-c", PARENT, mark, str(folder), str(user)], cwd=ROOT)
    try:
        until(lambda: _content(folder / "shard") == "finished", "no shard came out")
        assert len(with_argument(mark)) >= 4
    finally:
        parent.send_signal(deed)
        parent.wait()
    until(lambda: with_argument(mark) == [], "processes are left")
    assert (folder / "shard").read_text() == "finished"
    assert staged_mounts() == []
    newer = set(os.listdir(tempfile.gettempdir())) - temporary
    assert not {name for name in newer if name.startswith("sandbox-")}
    # the next sandboxes sweep its cgroups, once the system has reaped what died in them
    until(lambda: run(["/bin/true"]).code == 0 and groups_of(parent.pid) == [], "cgroups are left")


@pytest.mark.slow
@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize("user", USERS)
def test_the_death_of_the_parent_while_a_sandbox_is_made(user: int) -> None:
    """Bubblewrap alone leaves a process behind in one of three tries of this."""
    for delay in range(0, 60, 4):
        mark = f"made-{os.getpid()}-{user}-{delay}"
        parent = subprocess.Popen([sys.executable, "-c", MAKER, mark, str(user)], cwd=ROOT, stdout=subprocess.PIPE)
        assert parent.stdout is not None
        with parent.stdout:
            assert parent.stdout.readline() == b"begun\n"
            time.sleep(delay / 1000)
            parent.kill()
            parent.wait()
        until(lambda mark=mark: with_argument(mark) == [], f"processes are left after {delay} ms")


def _content(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@pytest.mark.usefixtures("as_root")
def test_a_living_process_keeps_its_cgroup() -> None:
    during: list[list[Path]] = []

    def look(_: object) -> bool:
        sweep()
        during.append(groups_of(os.getpid()))
        return False

    run([PYTHON, "-c", "import time; time.sleep(60)"], on_files=look)
    assert during[0] != []
    assert groups_of(os.getpid()) == []
