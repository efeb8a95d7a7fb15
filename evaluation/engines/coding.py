"""Code is answered by what its tests say: each program that a model wrote is tested once, and what came of it is kept.

A program is the prompt with what the model wrote after it, up to the first stop (HumanEval's way, Chen et al. 2021);
the truth of its item tests it. What came of a program is kept in a file beside the shards, under the SHA-256 of
program, tests, limits and the code that tests; a run that was killed goes on where it was. Programs alike are tested
once.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from evaluation.engines.answers import Outcomes
from evaluation.engines.asking import TooMuchTime
from evaluation.engines.requests import Batch, Request
from evaluation.engines.shards import Row
from evaluation.engines.testing import PYTHON, TEST_LIMITS, TESTING, Outcome, tried
from evaluation.sandbox import Limits
from evaluation.suites import Suite, SuiteError
from evaluation.tasks import Kind

VERSION = 1
FILE = "programs.jsonl"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A program that a model wrote for an item, and the tests that are its truth."""

    batch: Batch
    item: str
    program: str
    tests: str

    def key(self, limits: Limits) -> str:
        """Return the SHA-256 over all that an outcome depends on, or should."""
        depends_on = {
            "version": VERSION,
            "python": os.path.realpath(PYTHON),
            "testing": hashlib.sha256(TESTING.read_bytes()).hexdigest(),
            "limits": asdict(limits),
            "program": self.program,
            "tests": self.tests,
        }
        return hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()


@dataclass
class OutcomeStore:
    """The file of outcomes that are known, a line each; half a line, as a kill leaves it, is passed over."""

    folder: Path
    known: dict[str, Outcome] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Read what is known; raises OSError."""
        path = self.folder / FILE
        for line in path.read_bytes().split(b"\n") if path.exists() else []:
            try:
                found = json.loads(line)
                self.known[str(found["key"])] = Outcome(found["outcome"])
            except (ValueError, KeyError, TypeError, RecursionError):
                continue

    def keep(self, key: str, outcome: Outcome) -> None:
        """Keep an outcome; raises OSError."""
        self.known[key] = outcome
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / FILE).open("ab") as file:
            # on a line of its own, whatever a kill left before it
            file.write(b"\n" * (file.tell() > 0) + json.dumps({"key": key, "outcome": outcome}).encode() + b"\n")


@dataclass(frozen=True)
class Coded:
    """What came of all programs, and the processor seconds that testing them took this time."""

    outcomes: Outcomes
    cpu_seconds: float


def outcomes_of(
    suite: Suite,
    rows: Mapping[Batch, Sequence[Row]],
    *,
    folder: Path,
    wall_seconds: float,
    limits: Limits = TEST_LIMITS,
    progress: Progress | None = None,
) -> Coded:
    """Test every program of every task of code that is not known yet, one after the other.

    Raises TooMuchTime where that takes longer than `wall_seconds`, what is known by then being kept; SuiteError for
    tests that cannot be run or are not there; and what `tried` raises.
    """
    written = list(_written(suite, rows))
    keys = [one.key(limits) for one in written]
    store = OutcomeStore(folder)
    began, used = time.monotonic(), 0.0
    outcomes: dict[Batch, dict[str, tuple[Outcome, ...]]] = {}
    for place, (one, key) in enumerate(zip(written, keys, strict=True)):
        if key not in store.known:
            left = wall_seconds - (time.monotonic() - began)
            if left <= 0:
                raise TooMuchTime(f"The programs the model wrote were not tested within {wall_seconds:,.0f} seconds.")
            try:
                found = tried(one.program, one.tests, limits=limits)
            except SuiteError as error:
                raise SuiteError(f"{one.batch.task.name}: item {one.item!r}: {error}") from error
            used += found.cpu_seconds
            store.keep(key, found.outcome)
        of_batch = outcomes.setdefault(one.batch, {})
        of_batch[one.item] = (*of_batch.get(one.item, ()), store.known[key])
        if progress:
            progress(place + 1, len(written), one.batch.task.name)
    return Coded(outcomes, used)


def program_of(request: Request, text: str, stop: Sequence[str]) -> str:
    """Return the prompt and what was written after it before the first stop; blanks matter to Python and stay."""
    ends = [place for place in (text.find(one) for one in stop) if place >= 0]
    return request.prompt + text[: min(ends, default=len(text))]


def _written(suite: Suite, rows: Mapping[Batch, Sequence[Row]]) -> Iterator[Written]:
    for batch, said in rows.items():
        if batch.task.kind is not Kind.CODE:
            continue
        truth = suite.truths[batch.task.name]
        tests = dict(zip(truth.items, truth.labels, strict=True))
        for request, row in zip(batch.requests, said, strict=True):
            label = tests[request.item]
            if not isinstance(label, str):
                raise SuiteError(f"{batch.task.name}: this is a starter suite, which holds no {batch.part.value} tests")
            for text in row.texts:
                program = program_of(request, text, batch.ask.stop)
                yield Written(batch=batch, item=request.item, program=program, tests=label)
