"""Runs an attack in a sandbox and says whether it held; an attack is a program, and a judgement on what came of it."""

import os
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from evaluation.sandbox import Ended, Limits, run
from evaluation.sandbox.command import STAGES
from tests.evaluation.sandbox.baits import MODEL, Baits

PYTHON = "/usr/bin/python3"
MEBIBYTE = 1 << 20
QUICK = Limits(wall_seconds=20, memory=512 * MEBIBYTE)


@dataclass
class Seen:
    """How an attack went, seen from outside."""

    baits: Baits
    ended: Ended | None = None
    taken: dict[str, bytes] = field(default_factory=dict)
    heard: int = 0
    left_behind: list[str] = field(default_factory=list)

    @property
    def end(self) -> Ended:
        """How the run ended."""
        assert self.ended is not None
        return self.ended

    @property
    def said(self) -> bytes:
        """The end of what it said."""
        return self.end.stdout

    def words(self) -> Mapping[bytes, bytes]:
        """What it said line by line, as `name: rest`."""
        lines = (line.partition(b": ") for line in self.said.splitlines())
        return {name: rest for name, _, rest in lines}


@dataclass(frozen=True)
class Attack:
    """A program, and whether what came of it is harmless."""

    name: str
    program: str
    held: Callable[[Seen], bool]
    limits: Limits = QUICK
    python: str = PYTHON


def within(**changed: float) -> Limits:
    """Return the usual limits of an attack, some of them changed."""
    return replace(QUICK, **changed)  # type: ignore[arg-type]  # every limit is a number


def assail(attack: Attack, baits: Baits) -> Seen:
    """Run an attack and return what was seen."""
    seen, mark = Seen(baits), f"attack-{secrets.token_hex(8)}"

    def take(files: Mapping[str, BinaryIO]) -> bool:
        assert not set(files) & set(seen.taken), "a name was handed over twice"
        seen.taken.update((name, stream.read()) for name, stream in files.items())
        return True

    def hear(piece: bytes) -> None:
        seen.heard += len(piece)

    seen.ended = run(
        [attack.python, "-I", "-c", attack.program, mark],
        read_only={"/in": baits.mine},
        environment=baits.environment(),
        limits=attack.limits,
        on_files=take,
        on_output=hear,
    )
    seen.left_behind = [f"process {pid}" for pid in with_argument(mark)]
    seen.left_behind += staged_mounts()
    return seen


def judged(attack: Attack, baits: Baits) -> str:
    """Run an attack and return nothing where it held, else what was seen."""
    visits = len(baits.visits)
    seen = assail(attack, baits)
    if seen.left_behind or len(baits.visits) != visits or (baits.folder / "broken-out").exists():
        return f"left behind or reached: {seen.left_behind} {baits.visits}"
    model = baits.mine / "model.bin"
    if not model.exists() or model.read_bytes() != MODEL:
        return "the model was written to"
    return "" if attack.held(seen) else f"{attack.name}: {seen.end} {list(seen.taken)[:9]}"


def with_argument(mark: str) -> list[int]:
    """Return the processes whose command line holds a mark, this one left out."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                if mark.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:  # it ended while we looked
                continue
    return found


def staged_mounts() -> list[str]:
    """Return the mounts of this machine at the places where a sandbox is staged, other people's left out."""
    found = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [f"a mount at {place}" for place in found if place.startswith(STAGES) and place not in MOUNTED_BEFORE]


MOUNTED_BEFORE = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]


def interpreter_is_there() -> bool:
    """Say whether the attacks' Python is installed."""
    return Path(PYTHON).exists() and sys.platform == "linux"
