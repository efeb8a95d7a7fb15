"""Programs are tested so that a right one passes, and that no other says so of itself, whatever it does."""

import gc
import json
import os
import re
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.engines import EngineFailed, Outcome, tried, why_not_code
from evaluation.engines import testing as module
from evaluation.engines.engine import PROJECT
from evaluation.engines.testing import PYTHON, TEST_LIMITS, TESTING
from evaluation.sandbox import Layers, layers
from evaluation.suites import SuiteError
from tests.evaluation.engines.hostile_programs import RIGHT, TAKING, TESTS, TRICKS, WRONG

SMALL = replace(TEST_LIMITS, wall_seconds=6, cpu_seconds=1, memory=128 << 20)


@pytest.fixture(autouse=True)
def _held() -> None:
    """Skip where programs cannot be tested."""
    why_not = why_not_code()
    if why_not:
        pytest.skip(why_not)


def test_a_right_program_passes_and_a_wrong_one_does_not() -> None:
    assert tried(RIGHT, TESTS).outcome is Outcome.PASSED
    assert tried(WRONG, TESTS).outcome is Outcome.FAILED


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_does_not_pass(name: str) -> None:
    assert tried(TRICKS[name], TESTS).outcome in {Outcome.FAILED, Outcome.UNPARSABLE}


@pytest.mark.parametrize("name", TAKING)
def test_what_takes_too_much_has_not_passed_and_costs_no_more_than_it_was_given(name: str) -> None:
    began = time.monotonic()
    found = tried(TAKING[name], TESTS, limits=SMALL)
    assert found.outcome is not Outcome.PASSED
    assert time.monotonic() - began < SMALL.wall_seconds + 30  # the bound holds; how near it comes is not judged here
    assert found.cpu_seconds <= SMALL.wall_seconds * SMALL.cores * 1.5


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("never answers", Outcome.TIMED_OUT), ("sleeps", Outcome.TIMED_OUT), ("takes all memory", Outcome.OUT_OF_MEMORY)],
)
def test_want_of_time_and_of_memory_are_told_apart(name: str, outcome: Outcome) -> None:
    limits = SMALL if outcome is Outcome.TIMED_OUT else replace(SMALL, wall_seconds=20, cpu_seconds=10)
    assert tried(TAKING[name], TESTS, limits=limits).outcome is outcome


def test_the_parse_error_is_told_apart() -> None:
    assert tried(TRICKS["no Python"], TESTS).outcome is Outcome.UNPARSABLE
    assert tried("x = 1\0", TESTS).outcome is Outcome.UNPARSABLE


PLAIN = """
import collections, math
big = 3 ** 500
values = [
    None, True, 0, -5, big, 1.5, float("inf"), -0.0, 1 + 2j, "é\\ud800\\n", b"\\x00", [1, [2]], (1, (2,)), {1, 2},
    frozenset("a"), {"a": [1], (1, 2): None, 3: {4: 5}}, [], (), {}, set(),
]
for value in values:
    given = same(value)
    assert given == value and type(given) is type(value), value
assert math.isnan(same(float("nan"))) and math.copysign(1, same(-0.0)) == -1
assert same(value=[1], more=2) == [1]
assert counted("aab") == {"a": 2, "b": 1} and same(collections.Counter("a")) == {"a": 1}
for wanted, call in ((ValueError, wrong), (ZeroDivisionError, divided), (NameError, not_there), (TypeError, made)):
    try:
        call()
    except wanted:
        continue
    assert False, wanted
"""
SAME = """
import collections
def same(value, more=0): return value
def counted(text): return collections.Counter(text)
def wrong(): raise ValueError("no")
def divided(): return 1 / 0
def made(): return object()
"""


def test_plain_values_and_exceptions_go_over_as_they_are() -> None:
    assert tried(SAME, PLAIN).outcome is Outcome.PASSED


def test_tests_that_catch_everything_do_not_pass_a_program_that_is_gone() -> None:
    tests = "try:\n    f(1)\nexcept:\n    pass\n"
    assert tried("import os\ndef f(x):\n    os._exit(0)\n", tests).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("tests", "sentence"),
    [("assert f(1 ==", "SyntaxError"), ("f(lambda: 1)", "a value of the kind function cannot be handed over")],
)
def test_tests_that_cannot_be_run_are_the_suites_fault(tests: str, sentence: str) -> None:
    with pytest.raises(SuiteError, match=f"the tests cannot be run: .*{sentence}"):
        tried(RIGHT, tests)


def test_tests_that_do_not_begin_say_nothing_about_the_program() -> None:
    with pytest.raises(EngineFailed, match="did not begin"):
        tried(RIGHT, TESTS, limits=replace(TEST_LIMITS, open_files=4))


def test_tests_as_long_as_a_suite_allows_go_through_the_pipe() -> None:
    assert tried(RIGHT, TESTS + "#" + "\U0001f600" * 19_000).outcome is Outcome.PASSED


def _changed(tmp_path: Path, old: str, new: str) -> Path:
    text, count = re.subn(re.escape(old), lambda _: new, TESTING.read_text())
    assert count == 1
    path = tmp_path / TESTING.name
    path.write_text(text)
    path.chmod(0o644)
    return path


def test_without_its_memory_closed_the_tests_could_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TESTING", _changed(tmp_path, "    hide()\n", "    pass\n"))
    assert tried(TRICKS["takes the tests' open files"], TESTS).outcome is Outcome.PASSED
    assert tried(TRICKS["reads the tests' memory"], TESTS).outcome is Outcome.PASSED


def test_from_a_file_in_place_of_a_pipe_the_tests_could_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def as_file(path: Path, told: dict[str, str]) -> Iterator[None]:
        content = module.json.dumps(told).encode()
        path.write_bytes(struct.pack(">I", len(content)) + content)
        yield

    monkeypatch.setattr(module, "_pipe", as_file)
    assert tried(TRICKS["reads the tests' files"], TESTS).outcome is Outcome.PASSED


@pytest.mark.slow
def test_no_trick_passes_where_the_sandbox_has_no_user_of_its_own() -> None:
    if not layers().own_uid:
        pytest.skip("These tests run without rights already.")
    command = [sys.executable, "-m", "tests.evaluation.engines.unprivileged_programs"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=PROJECT).stdout)
    assert found.pop("right") == found.pop("without a secret") == "passed"
    assert found.keys() == TRICKS.keys()
    assert set(found.values()) <= {"failed", "unparsable"}


def test_a_machine_that_cannot_hold_programs_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "why_not_untrusted", Layers(trouble="no permission").why_not_untrusted)
    assert "no permission" in (why_not_code() or "")
    monkeypatch.setattr(module, "PYTHON", Path("/nowhere/python3"))
    assert "apt-get install python3" in (why_not_code() or "")


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    tmp_path.chmod(0o755)
    gc.collect()  # what earlier tests forgot to close
    files = len(os.listdir("/proc/self/fd"))
    tried(TAKING["never answers"], TESTS, limits=SMALL)
    assert not list(tmp_path.iterdir())
    assert len(os.listdir("/proc/self/fd")) == files
    assert PYTHON.exists()
