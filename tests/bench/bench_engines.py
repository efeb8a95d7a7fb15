"""What the platform adds to running a model, beside lm-evaluation-harness by itself on the same items."""

import importlib.util
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from evaluation.engines import Engine, engine_for
from evaluation.engines.engine import HERE
from evaluation.models import ModelFormat
from tests.bench.figures import Figure

SIZES, ROUNDS, STEPS = (1_000, 10), 3, 100
"""Items of each of two tasks, many and next to none, which shows the start; rounds; and how many steps the model is trained, which does not matter here."""
BARE = Path(__file__).parents[1] / "evaluation" / "engines" / "bare.py"
API, COMMAND = "lm_eval's Python API, no sandbox", "lm-eval run, its command line"


def figures() -> Iterator[Figure]:
    """Measure processor time, all processes together, and time on the wall."""
    engine = engine_for(ModelFormat.HUGGING_FACE)
    for items in SIZES:
        with TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
            yield from figures_of(items, engine, Path(name))


def figures_of(items: int, engine: Engine, folder: Path) -> Iterator[Figure]:
    """Measure on so many items of each task; ours and the rivals take turns."""
    model, suite = prepared(engine, folder, items)
    bare = [str(engine.python), "-P", str(BARE), str(suite), str(model), str(folder / "bare.json")]
    ours, api, command = [], [], []
    for number in range(ROUNDS):
        own = folder / f"round{number}"
        own.mkdir()
        ours.append(spent(our_command(suite, model, own), folder))
        api.append(spent(bare, folder))
        command.append(spent(command_line(engine, suite, model, folder), folder))
    for place, unit in ((0, "CPU-s"), (1, "s")):
        mine, theirs, line = ([one[place] for one in rounds] for rounds in (ours, api, command))
        yield Figure(f"a model on {2 * items:,} items, sandbox and all", mine, unit, theirs, API)
        yield Figure("  the same", mine, unit, line, COMMAND)


def our_command(suite: Path, model: Path, folder: Path) -> list[str]:
    """Return the command by which anybody runs a model as the platform does, from the files to the report."""
    return [
        sys.executable, "-m", "evaluation", "run", str(suite), str(model), "--out", str(folder / "ours"),
        "--shards", str(folder / "shards"), "--quiet",
    ]  # fmt: skip


def spent(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a command; return processor seconds, those of its children too, and seconds."""
    environment = {**os.environ, "HF_HOME": str(folder / "hf"), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - began


def command_line(engine: Engine, suite: Path, model: Path, folder: Path) -> list[str]:
    """Write the suite's tasks for the harness's own command line, and return it."""
    bare = loaded(BARE)
    tasks = folder / "tasks"
    tasks.mkdir(exist_ok=True)
    names = []
    for task in json.loads((suite / "suite.yaml").read_text())["tasks"]:
        (tasks / f"{task['name']}.yaml").write_text(json.dumps(bare.config_of(suite, task, folder)))
        names.append(task["name"])
    return [
        str(engine.folder / "bin" / "lm-eval"), "run", "--model", "hf", "--model_args", f"pretrained={model},dtype=float32",
        "--tasks", ",".join(names), "--include_path", str(tasks), "--device", "cpu", "--batch_size", "16",
        "--output_path", str(folder / "out"), "--log_samples",
    ]  # fmt: skip


def prepared(engine: Engine, folder: Path, items: int) -> tuple[Path, Path]:
    """Train a tiny model, and write a suite of two tasks of choices."""
    program = HERE / "programs" / "tiny_models_program.py"
    subprocess.run([engine.python, "-P", program, folder, str(STEPS)], check=True, capture_output=True)
    tiny = loaded(program)
    suite = folder / "large"
    tiny.write_suite(suite, random.Random(1), choices=items, translations=1)
    manifest = json.loads((suite / "suite.yaml").read_text())
    manifest["tasks"] = [task for task in manifest["tasks"] if task["ask"]["by"] == "choices"]
    (suite / "suite.yaml").write_text(json.dumps(manifest))
    for path in [*suite.glob("items/translated*"), *suite.glob("inputs/translated*")]:
        path.unlink()
    return folder / f"tiny-{STEPS}", suite


def loaded(path: Path) -> ModuleType:
    """Load a program as a module; it does nothing on being loaded."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module
