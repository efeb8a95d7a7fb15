"""Engines for the tests of executors: the real one, and short scripts in its place; and what is left of them."""

import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from challenge.runs.executors_local import Bounds, Job, LocalExecutor, Progress
from evaluation import load_suite

BEGIN = """print('{"done": 0, "total": 22, "task": ""}', file=sys.stderr, flush=True)\n"""
"""What an engine says when it begins with a team's file."""


def sha_of(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def job_of(packed: Path, folder: Path, content: bytes) -> Job:
    """Return the job to evaluate `content` on a packed suite."""
    path = folder / "predictions.csv"
    path.write_bytes(content)
    return Job(
        reference="trial-0001", suite=packed, suite_sha256=sha_of(packed), suite_digest=load_suite(packed).digest,
        file=path, file_sha256=sha_of(path),
    )  # fmt: skip


def go_on(_progress: Progress) -> bool:
    """Let the engine work, whatever it says."""
    return True


def real(folder: Path, megabytes: int = 2048) -> LocalExecutor:
    """Return an executor with the real engine."""
    return LocalExecutor(folder / "work", Bounds(seconds=60, megabytes=megabytes))


def script(folder: Path, body: str, *, seconds: int = 20) -> LocalExecutor:
    """Return an executor whose engine is a few lines of Python; the arguments are as the engine gets them."""
    path = folder / "engine.py"
    path.write_text("import json, os, signal, subprocess, sys, time\nout = 'out'\n" + body)
    return LocalExecutor(folder / "work", Bounds(seconds=seconds, megabytes=1024), (sys.executable, str(path)))


def is_alive(pid: int) -> bool:
    """Tell whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is so; fail after `seconds`."""
    ends_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends_at, "it never came about"
        time.sleep(0.02)
