"""A suite for models, tiny models that were trained for it in this very test run, and the engine that runs them."""

import fcntl
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from evaluation import Suite, load_suite
from evaluation.engines import Engine, EngineMissing, engine_for
from evaluation.engines.engine import HERE
from evaluation.models import ModelFormat
from evaluation.sandbox import why_not_untrusted

STEPS = (250, 750, 1500)
"""Of training: some 10, 30 and 60 seconds of a processor."""


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine that runs language models, and a machine that can hold it; skips where either is missing."""
    if why_not := why_not_untrusted():
        pytest.skip(why_not)
    try:
        return engine_for(ModelFormat.HUGGING_FACE)
    except EngineMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def onnx_engine() -> Engine:
    """The engine that runs ONNX models, and a machine that can hold it; skips where either is missing."""
    if why_not := why_not_untrusted():
        pytest.skip(why_not)
    try:
        return engine_for(ModelFormat.ONNX)
    except EngineMissing as error:
        pytest.skip(str(error))


@dataclass(frozen=True)
class Trained:
    """The suite's folder, and the models by the steps they were trained for."""

    suite: Path
    models: dict[int, Path]

    def loaded(self) -> Suite:
        """Load the suite."""
        return load_suite(self.suite)


@pytest.fixture(scope="session")
def trained(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Train the models once in a test run, however many processes share it."""
    base = tmp_path_factory.getbasetemp()
    # processes that share a test run have folders of their own beside one another
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "tiny-models"
    folder.mkdir(exist_ok=True, mode=0o755)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            program = HERE / "programs" / "tiny_models_program.py"
            subprocess.run([engine.python, "-P", program, folder, *map(str, STEPS)], check=True, capture_output=True)
            (folder / "done").touch()
    return Trained(folder / "suite", {steps: folder / f"tiny-{steps}" for steps in STEPS})


@pytest.fixture
def own_suite(tmp_path: Path) -> Callable[..., Suite]:
    """Write and load a suite of one task from its manifest, labels and inputs."""

    def make(task: dict[str, object], labels: dict[str, str], inputs: dict[str, dict[str, object]]) -> Suite:
        folder = tmp_path / "own"
        for name in ("items", "inputs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        manifest = {"name": "own", "version": "1", "title": "Own", "split": {"seed": 1, "public_share": 0.5}}
        (folder / "suite.yaml").write_text(json.dumps({**manifest, "tasks": [{"name": "t", "title": "T", **task}]}))
        (folder / "items/t.csv").write_text("item,label\n" + "".join(f"{k},{v}\n" for k, v in labels.items()))
        rows = (json.dumps({"item": item, **fields}) + "\n" for item, fields in inputs.items())
        (folder / "inputs/t.jsonl").write_text("".join(rows))
        return load_suite(folder)

    return make
