"""Evaluates on this machine: the engine as a process of its own, with limits, without secrets, and watched.

The engine gets copies of its two files and an empty folder. It reads what a team sent, so what comes back is
treated like anything else that came from outside. Its environment is built here, not inherited: nothing that the
worker knows (keys, addresses, passwords) is in it.
"""

import json
import logging
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from challenge.calls.states import EntryKind
from challenge.runs import executors_endpoint, executors_model
from challenge.runs.executors_endpoint import Spending
from challenge.runs.executors_folder import (
    LARGEST_ITEMS,
    LARGEST_META,
    LARGEST_PROBLEMS,
    SHARDS,
    BadOutput,
    FileLost,
    copy_in,
    problem_sentences,
    take_out,
)
from challenge.runs.executors_job import EndpointJob, Evaluate, Finished, Job
from challenge.runs.executors_process import Bounds, Listener, Progress, Watched, watch
from challenge.runs.states import Outcome

__all__ = ["Bounds", "Evaluate", "Finished", "Job", "Listener", "LocalExecutor", "Progress"]

HOUSE = Path(__file__).resolve().parents[2]
ENGINE = (sys.executable, "-P", "-s", "-B", "-m", "evaluation")
# -P: nothing in the work folder may pass for a module; -s, -B: neither read nor write outside of it
DONE, BAD_SUITE, UNREADABLE, OUT_OF_MEMORY, TRY_AGAIN = 0, 2, 3, 4, 75
CONTRACT = frozenset({DONE, BAD_SUITE, UNREADABLE, OUT_OF_MEMORY, TRY_AGAIN})
CPU_SPENT = -24
FOR_MODELS = Bounds(seconds=3600, megabytes=8192, in_sandbox=True)
NAMES = {
    EntryKind.PREDICTIONS: ("predictions", "the predictions"),
    EntryKind.MODEL: ("model.zip", "the package with the model"),
}
"""What an entry's file is called in the engine's folder, and in words."""
SIGNS_OF_MEMORY = (
    "MemoryError", "error return without exception set", "without setting an exception", "bad_alloc",
    "malloc of size", "annot allocate memory", "emory allocation still failed", "failed to map segment",
)  # fmt: skip
"""What Python, C++, Arrow, the C library, OpenBLAS and the loader say when memory is refused."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LocalExecutor:
    """Starts the engine on this machine, within bounds, in a fresh folder under `folder`."""

    folder: Path
    bounds: Bounds
    command: tuple[str, ...] = ENGINE
    model_bounds: Bounds = FOR_MODELS
    """Of an evaluation that runs a model."""
    told: Mapping[str, str] = field(default_factory=dict)
    """Variables of the environment that the engine gets besides its own, where they say anything."""
    hosts: frozenset[str] = frozenset()
    """Hosts of endpoints that may be asked."""
    spending: Spending = field(default_factory=Spending)
    """What asking one endpoint may take."""
    private_endpoints: bool = False
    """Whether an endpoint may be on this machine and by http: for tests, and set by no setting."""

    def run(self, job: Job, listener: Listener) -> Finished:
        """Evaluate a job; `listener` hears the progress about once a second and may say stop by answering False.

        Raises OSError where the machine itself fails, as when its disk is full.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix="run-", dir=self.folder, ignore_cleanup_errors=True) as name:
            work = Path(name)
            try:
                copy_in(job.suite, work / "suite.zip", sha256=job.suite_sha256, what="the suite")
                if job.endpoint is not None:
                    return self._ask(work, job, job.endpoint, listener)
                name, what = NAMES[job.entry]
                copy_in(job.file, work / name, sha256=job.file_sha256, what=what)
            except FileLost as error:
                return Finished(Outcome.FILE_LOST, str(error))
            if job.entry is EntryKind.MODEL:
                return self._run_model(work, job, listener)
            self._write_spec(work, job)
            only = ("--only", "public") if job.only_public else ()
            watched = watch(
                (*self.command, "score", "suite.zip", "predictions", "--out", "out", *only, "--progress", "--quiet"),
                folder=work,
                environment=_environment(work),
                bounds=self.bounds,
                listener=listener,
            )
            return self._judge(watched, work / "out")

    def _run_model(self, work: Path, job: Job, listener: Listener) -> Finished:
        """Have the engine run a model; its finished shards lie outside of its folder, for whoever takes it up again.

        Shards are named by all that they depend on, so teams share a folder without reaching one another's.
        """
        shards = (self.folder / SHARDS / (job.suite_digest or job.suite_sha256)).resolve()
        shards.mkdir(parents=True, exist_ok=True, mode=0o700)
        watched = watch(
            (*self.command, *executors_model.arguments(job, self.model_bounds, shards=shards)),
            folder=work,
            environment=_environment(work) | {name: value for name, value in self.told.items() if value},
            bounds=self.model_bounds,
            listener=listener,
        )
        return executors_model.judge(watched, work / "out", self.model_bounds)

    def _ask(self, work: Path, job: Job, endpoint: EndpointJob, listener: Listener) -> Finished:
        """Have the engine ask an endpoint; its answers lie outside of its folder, for the next attempt of this run."""
        if (refused := executors_endpoint.why_not_asked(endpoint, self.hosts)) is not None:
            return refused
        shards = (self.folder / SHARDS / endpoint.keep).resolve()
        shards.mkdir(parents=True, exist_ok=True, mode=0o700)
        executors_endpoint.write_entry(work, endpoint, self.spending)
        watched = watch(
            (*self.command, *executors_endpoint.arguments(job, shards=shards, private=self.private_endpoints)),
            folder=work,
            environment=_environment(work) | dict(executors_endpoint.environment(endpoint)),
            bounds=self.spending.bounds(self.bounds.megabytes),
            listener=listener,
        )
        return executors_endpoint.judge(watched, work / "out", endpoint, self.spending)

    def _write_spec(self, work: Path, job: Job) -> None:
        """Write down what is evaluated under which limits: the first half of the contract with any engine."""
        spec = {
            "contract": 1,
            "submission": job.reference,
            "suite": {"file": "suite.zip", "sha256": job.suite_sha256, "digest": job.suite_digest},
            "predictions": {"file": "predictions", "sha256": job.file_sha256},
            "out": "out",
            "limits": {"seconds": self.bounds.seconds, "megabytes": self.bounds.megabytes},
        }
        (work / "spec.json").write_text(json.dumps(spec, indent=1, sort_keys=True) + "\n")

    def _judge(self, watched: Watched, out: Path) -> Finished:
        """Say what an exit code means; what is in doubt is never the team's fault."""
        code, words = watched.code, watched.words
        if watched.stopped:
            return Finished(Outcome.CANCELLED)
        if watched.overdue or code == CPU_SPENT:
            return self._short_of_time(watched)
        if code == OUT_OF_MEMORY or (code not in CONTRACT and _tells_of_memory(words)):
            return self._short_of_memory(watched)
        if code == TRY_AGAIN:
            log.warning("the engine asks to be tried again: %s", " | ".join(words))
            return Finished(None, "The engine could not work just now.", words)
        try:
            if code == DONE:
                meta = take_out(out, "meta.json", limit=LARGEST_META)
                return Finished(Outcome.SCORED, meta=meta, items=take_out(out, "items.parquet", limit=LARGEST_ITEMS))
            if code == UNREADABLE:
                problems = problem_sentences(take_out(out, "problems.json", limit=LARGEST_PROBLEMS))
                return Finished(Outcome.UNREADABLE, "The file of predictions cannot be scored as it is.", problems)
        except BadOutput as error:
            return Finished(Outcome.ENGINE_FAILED, "The engine left no usable result.", (str(error), *words))
        if code == BAD_SUITE:
            return Finished(Outcome.SUITE_BROKEN, "The engine cannot use the suite.", words)
        return self._broke_off(watched)

    def _broke_off(self, watched: Watched) -> Finished:
        """Say of an engine that gave no reason how far it came, and what it was given: one may be short of either."""
        ended = (f"The engine ended with {watched.code}.", *watched.words)
        if watched.has_begun:
            return Finished(Outcome.ENGINE_FAILED, "The engine broke off without a result.", ended)
        return Finished(
            Outcome.ENGINE_FAILED,
            f"The engine broke off, within {self.bounds.seconds:,} seconds and {self.bounds.megabytes:,} MB of memory; "
            "it never looked at the predictions.",
            ended,
        )

    def _short_of_time(self, watched: Watched) -> Finished:
        """Say whose affair it is: the team's only once the engine has begun with the team's file."""
        most = f"{self.bounds.seconds:,} seconds"
        if watched.has_begun:
            return Finished(Outcome.TIMED_OUT, f"The evaluation was not done within {most} and was stopped.")
        sentence = f"The engine was not ready within {most} and was stopped; it never looked at the predictions."
        return Finished(Outcome.ENGINE_FAILED, sentence, watched.words)

    def _short_of_memory(self, watched: Watched) -> Finished:
        """Say whose affair it is, by the same rule."""
        most = f"{self.bounds.megabytes:,} MB of memory"
        if watched.has_begun:
            return Finished(Outcome.OUT_OF_MEMORY, f"The evaluation needed more than {most} and was stopped.")
        return Finished(
            Outcome.ENGINE_FAILED,
            f"The engine itself needs more than the {most} that it is given; it never looked at the predictions.",
            (f"The engine ended with {watched.code}.", *watched.words),
        )


def _environment(work: Path) -> dict[str, str]:
    """Return everything the engine may know of this machine."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(work),
        "TMPDIR": str(work),
        "PYTHONPATH": str(HOUSE),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        # each thread, and Arrow's own store of memory, sets much address space aside, which counts under a limit
        "ARROW_IO_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "1",
    }


def _tells_of_memory(words: tuple[str, ...]) -> bool:
    return any(sign in line for line in words for sign in SIGNS_OF_MEMORY)
