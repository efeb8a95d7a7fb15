"""Every attack holds, as root and without; where one does not, it is one of those that are told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.sandbox import Kind, layers, run
from evaluation.sandbox.layers import NOT_HELD
from tests.evaluation.sandbox.assault import PYTHON, assail, judged
from tests.evaluation.sandbox.attacks import ATTACKS
from tests.evaluation.sandbox.baits import Baits

ROOT = Path(__file__).parents[3]


@pytest.mark.usefixtures("sandboxed")
def test_the_sandbox_starts() -> None:
    ended = run([PYTHON, "-I", "-c", "print('inside')"])
    assert (ended.stdout, ended.stderr, ended.code) == (b"inside\n", b"", 0)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_holds(baits: Baits, name: str) -> None:
    trouble = judged(ATTACKS[name], baits)
    if name in NOT_HELD and layers().cgroup is Kind.NONE:
        assert trouble, f"{name} holds without a cgroup now: take it out of the list"
    else:
        assert not trouble


@pytest.mark.slow
@pytest.mark.usefixtures("as_root")
def test_without_root_only_those_attacks_break_that_are_told() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.evaluation.sandbox.unprivileged"], cwd=ROOT, capture_output=True, text=True, check=True
    )  # fmt: skip
    troubles = json.loads(told.stdout)
    assert set(troubles) == set(ATTACKS)
    assert {name: trouble for name, trouble in troubles.items() if trouble and name not in NOT_HELD} == {}
    assert {name for name, trouble in troubles.items() if trouble} == set(NOT_HELD)


def test_what_does_not_hold_is_in_the_handbook() -> None:
    handbook = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    assert [name for name in NOT_HELD if f"*{name}*" not in handbook] == []
    assert set(NOT_HELD) <= set(ATTACKS)


def test_the_baits_are_worth_taking(baits: Baits) -> None:
    """What attacks look for is in reach of every user outside, so that it is the sandbox that keeps it away."""
    for path in (baits.database, baits.theirs / "model.bin"):
        assert path.stat().st_mode & 0o006 == 0o006
        assert all(folder.stat().st_mode & 0o001 for folder in path.parents)
    assert os.get_inheritable(baits.open_file)
    assert b"SQLite" in os.pread(baits.open_file, 20, 0)


def test_nothing_is_left_behind(baits: Baits) -> None:
    assert assail(ATTACKS["silent daemon"], baits).left_behind == []
    assert list(Path("/sys/fs/cgroup").rglob(f"evaluation-sandbox-{os.getpid()}-*")) == []
