"""An engine that takes too much is stopped, nothing of it is left, and only what is the team's is put on the team."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from challenge.runs.executors_local import Job, Progress
from challenge.runs.executors_process import WARDEN
from challenge.runs.states import Outcome
from tests.challenge.runs.engines import BEGIN, go_on, is_alive, job_of, real, script, until

NEVER_LOOKED = "it never looked at the predictions."

FAMILY = """
def sign(name):
    with open(os.path.join({pids!r}, 'new-' + name), 'w') as file:
        file.write(str(os.getpid()))
    os.rename(os.path.join({pids!r}, 'new-' + name), os.path.join({pids!r}, name))

def fork(name, *steps):
    if os.fork() == 0:
        for step in steps:
            step()
        sign(name)
        while True:
            time.sleep(60)

def leave():
    if os.fork():
        os._exit(0)

fork('child', lambda: fork('grandchild'))
fork('of a session of its own', os.setsid, lambda: fork('grandchild in that session'))
fork('daemon', os.setsid, leave, os.setsid, leave)
fork('deaf', lambda: [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGTERM, signal.SIGHUP)], os.setpgrp)
sign('engine')
"""
NAMES = {
    "engine", "child", "grandchild", "of a session of its own", "grandchild in that session", "daemon", "deaf",
}  # fmt: skip


class Family:
    """An engine with children of every kind, each of which signs with its number once it is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "pids"
        self.folder.mkdir()
        self.body = BEGIN + FAMILY.format(pids=str(self.folder))

    def is_complete(self) -> bool:
        """Tell whether all have signed."""
        return {path.name for path in self.folder.iterdir()} == NAMES

    def alive(self) -> set[str]:
        """Return who is alive."""
        return {path.name for path in self.folder.iterdir() if is_alive(int(path.read_text()))}


@pytest.fixture
def family(tmp_path: Path) -> Family:
    """An engine with children of every kind."""
    return Family(tmp_path)


def test_an_engine_that_takes_too_long_is_stopped_with_all_its_children(
    job: Job, tmp_path: Path, family: Family
) -> None:
    def hold_up(_progress: Progress) -> bool:
        until(family.is_complete, 60)  # the time limit is looked at after this, however slow the machine is
        return True

    finished = script(tmp_path, family.body + "time.sleep(600)\n", seconds=10).run(job, hold_up)
    assert (finished.outcome, family.is_complete()) == (Outcome.TIMED_OUT, True)
    assert finished.explanation == "The evaluation was not done within 10 seconds and was stopped."
    assert family.alive() == set()


def test_an_engine_that_is_told_to_stop_leaves_no_child(job: Job, tmp_path: Path, family: Family) -> None:
    engine = script(tmp_path, family.body + "time.sleep(600)\n", seconds=600)
    assert engine.run(job, lambda _progress: not family.is_complete()).outcome is Outcome.CANCELLED
    assert family.alive() == set()


def test_an_engine_that_ends_by_itself_leaves_no_child(job: Job, tmp_path: Path, family: Family) -> None:
    ending = f"while len(os.listdir({str(family.folder)!r})) < {len(NAMES)}: time.sleep(0.02)\nsys.exit(9)\n"
    finished = script(tmp_path, family.body + ending, seconds=600).run(job, go_on)
    assert (finished.outcome, finished.problems[0]) == (Outcome.ENGINE_FAILED, "The engine ended with 9.")
    assert (family.is_complete(), family.alive()) == (True, set())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_dies_leaves_neither_engine_nor_child(
    job: Job, tmp_path: Path, family: Family, number: signal.Signals
) -> None:
    executor = script(tmp_path, family.body + "time.sleep(600)\n")
    program = (
        "from pathlib import Path\n"
        "from challenge.runs.executors_local import Bounds, Job, LocalExecutor\n"
        f"job = Job('trial-0001', Path({str(job.suite)!r}), {job.suite_sha256!r}, '0' * 64, "
        f"Path({str(job.file)!r}), {job.file_sha256!r})\n"
        f"LocalExecutor(Path({str(executor.folder)!r}), Bounds(600, 1024), {executor.command!r}).run(job, lambda p: True)\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[3])
    until(family.is_complete, 60)
    assert family.alive() == NAMES
    worker.send_signal(number)
    worker.wait()
    until(lambda: family.alive() == set())


def test_a_warden_that_is_killed_takes_the_engine_with_it(job: Job, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    body = f"{BEGIN}open({str(pids)!r}, 'w').write(f'{{os.getppid()}} {{os.getpid()}} ')\ntime.sleep(600)\n"

    def kill_the_warden(_progress: Progress) -> bool:
        if pids.exists() and pids.read_text().endswith(" "):
            os.kill(int(pids.read_text().split()[0]), signal.SIGKILL)
        return True

    finished = script(tmp_path, body, seconds=600).run(job, kill_the_warden)
    assert (finished.outcome, finished.problems[0]) == (Outcome.ENGINE_FAILED, "The engine ended with -9.")
    until(lambda: not is_alive(int(pids.read_text().split()[1])))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_sent_to_the_whole_service_leaves_the_evaluation_to_its_worker(
    job: Job, tmp_path: Path, number: signal.Signals
) -> None:
    pids, gone_on = tmp_path / "pids", tmp_path / "gone-on"
    body = (
        f"{BEGIN}open({str(pids)!r}, 'w').write(f'{{os.getppid()}} {{os.getpid()}} ')\n"
        f"while not os.path.exists({str(gone_on)!r}): time.sleep(0.02)\nsys.exit(75)\n"
    )

    def stop_the_service(_progress: Progress) -> bool:
        if pids.exists() and pids.read_text().endswith(" ") and not gone_on.exists():
            for pid in pids.read_text().split():
                os.kill(int(pid), number)
            gone_on.touch()
        return True

    assert script(tmp_path, body, seconds=600).run(job, stop_the_service).outcome is None


def test_the_warden_ends_as_the_engine_ended() -> None:
    def ending_of(program: str, **limits: list[int]) -> int:
        command = [*WARDEN, json.dumps({"RLIMIT_CORE": [0, 0], **limits}), sys.executable, "-I", "-S", "-c", program]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as warden:
            return warden.wait()

    assert ending_of("raise SystemExit(75)") == 75
    assert ending_of("import os; os.abort()") == -signal.SIGABRT
    assert ending_of("import os; os.kill(os.getpid(), 9)") == -signal.SIGKILL
    assert ending_of("while True: pass", RLIMIT_CPU=[1, 2]) == -signal.SIGXCPU


def test_a_command_that_cannot_be_started_is_told_so_in_words(tmp_path: Path) -> None:
    command = [*WARDEN, "{}", str(tmp_path / "nothing")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as warden:
        assert warden.wait() == 127
        assert warden.stderr is not None
        assert "No such file" in warden.stderr.read()


@pytest.mark.parametrize("megabytes", [1, 20, 40, 80, 120, 160, 200, 240, 270, 300])
def test_too_little_memory_for_the_engine_itself_is_never_put_on_the_team(
    job: Job, tmp_path: Path, megabytes: int
) -> None:
    finished = real(tmp_path, megabytes).run(job, go_on)
    assert finished.outcome is Outcome.ENGINE_FAILED
    assert finished.explanation.endswith(NEVER_LOOKED)
    assert f" {megabytes} MB of memory" in finished.explanation  # whatever the interpreter could still say of its end


@pytest.mark.parametrize("megabytes", [480, 600])
def test_a_file_that_unpacks_beyond_the_memory_is_the_teams_affair(
    packed: Path, tmp_path: Path, megabytes: int
) -> None:
    texts = [letter * 5_500_000 for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR"]
    buffer = io.BytesIO()
    rows = {"task": ["topic"] * len(texts), "item": ["t1"] * len(texts), "prediction": texts}
    pq.write_table(pa.table(rows), buffer, compression="zstd")
    assert len(buffer.getvalue()) < 20_000
    executor = real(tmp_path, megabytes)
    finished = executor.run(job_of(packed, tmp_path, buffer.getvalue()), go_on)
    assert finished.outcome is Outcome.OUT_OF_MEMORY
    assert finished.explanation == f"The evaluation needed more than {megabytes} MB of memory and was stopped."
    assert executor.run(job_of(packed, tmp_path, b"task,item,prediction\n"), go_on).outcome is Outcome.UNREADABLE


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        ("raise MemoryError", Outcome.OUT_OF_MEMORY),
        ("sys.exit(4)", Outcome.OUT_OF_MEMORY),
        ("print('std::bad_alloc', file=sys.stderr, flush=True); os.abort()", Outcome.OUT_OF_MEMORY),
        ("os.kill(os.getpid(), signal.SIGXCPU)", Outcome.TIMED_OUT),
        ("sys.exit('a MemoryErro')", Outcome.ENGINE_FAILED),
        ("print('MemoryError', file=sys.stderr); sys.exit(2)", Outcome.SUITE_BROKEN),
    ],
)
def test_what_runs_out_before_the_engine_began_is_the_platforms_affair(
    job: Job, tmp_path: Path, ending: str, outcome: Outcome
) -> None:
    assert script(tmp_path, BEGIN + ending).run(job, go_on).outcome is outcome
    before = script(tmp_path, ending).run(job, go_on)
    if outcome is Outcome.SUITE_BROKEN:
        assert before.outcome is outcome
    else:
        assert (before.outcome, before.explanation.endswith(NEVER_LOOKED)) == (Outcome.ENGINE_FAILED, True)


def test_an_engine_that_is_never_ready_is_the_platforms_affair(job: Job, tmp_path: Path) -> None:
    finished = script(tmp_path, "time.sleep(600)", seconds=2).run(job, go_on)
    assert (finished.outcome, finished.explanation) == (
        Outcome.ENGINE_FAILED,
        f"The engine was not ready within 2 seconds and was stopped; {NEVER_LOOKED}",
    )
