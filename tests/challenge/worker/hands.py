"""Hands for tests: a worker whose engine is the real one or a few lines, and something that happens meanwhile."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from challenge.runs.executors_local import Bounds, Finished, Job, Listener, LocalExecutor
from challenge.worker.evaluating import Evaluator
from tests.cast import Cast

BOUNDS = Bounds(seconds=60, megabytes=2048)


def nothing() -> None:
    """Let nothing happen."""


@dataclass(frozen=True)
class Meanwhile(LocalExecutor):
    """An executor during whose work, before and after the engine, something happens."""

    before: Callable[[], object] = field(default=nothing)
    after: Callable[[], object] = field(default=nothing)

    def run(self, job: Job, listener: Listener) -> Finished:
        """Evaluate a job."""
        self.before()
        finished = super().run(job, listener)
        self.after()
        return finished


def hands(
    cast: Cast,
    *,
    engine: str = "",
    worker: str = "hands",
    before: Callable[[], object] = nothing,
    after: Callable[[], object] = nothing,
) -> Evaluator:
    """Return a worker's hands; `engine` is the body of an engine that takes the place of the real one."""
    folder = cast.house.settings.instance / "work"
    if not engine:
        return Evaluator(cast.house, worker, Meanwhile(folder, BOUNDS, before=before, after=after))
    script = Path(cast.house.settings.instance) / "engine.py"
    script.write_text("import json, os, sys, time\n" + engine)
    return Evaluator(
        cast.house, worker, Meanwhile(folder, BOUNDS, (sys.executable, str(script)), before=before, after=after)
    )
