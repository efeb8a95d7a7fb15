"""The real engine on tiny models that were trained for this test: scores, shards, sudden ends, models gone bad."""

import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from evaluation import Part, Suite
from evaluation.engines import (
    Engine,
    Evaluated,
    GateFailed,
    NotLoadable,
    Settings,
    TooMuchMemory,
    TooMuchTime,
    evaluate_model,
)
from evaluation.engines.evaluating import LIMITS
from evaluation.models import WeightsNotFinite
from evaluation.tasks import By
from tests.evaluation.engines.conftest import STEPS, Trained

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]
KILLS = 30


@pytest.fixture(scope="session")
def evaluated(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Evaluated]:
    """Each of the trained models, evaluated."""
    suite, shards = trained.loaded(), tmp_path_factory.mktemp("shards")
    return {steps: evaluate_model(suite, trained.models[steps], shards=shards) for steps in STEPS}


def scores(found: Evaluated) -> dict[str, dict[str, float]]:
    """Return the scores by task and item."""
    units = {task.task: task.unit for task in found.report.tasks}
    told: dict[str, dict[str, float]] = {}
    for row in found.report.items.to_pylist():
        told.setdefault(row["task"], {})[row["item"]] = row["value"] / units[row["task"]]
    return told


@pytest.mark.parametrize("steps", STEPS)
def test_the_harness_and_we_agree_item_by_item(
    engine: Engine, trained: Trained, evaluated: dict[int, Evaluated], tmp_path: Path, steps: int
) -> None:
    bare, out = Path(__file__).with_name("bare.py"), tmp_path / "bare.json"
    environment = {**os.environ, "HF_HOME": str(tmp_path / "hf"), "OMP_NUM_THREADS": "1"}
    command = [engine.python, "-P", bare, trained.suite, trained.models[steps], out]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert scores(evaluated[steps]) == json.loads(out.read_text())


def test_whoever_trained_longer_is_better(evaluated: dict[int, Evaluated]) -> None:
    means = {
        steps: {task: np.mean(list(of.values())) for task, of in scores(found).items()}
        for steps, found in evaluated.items()
    }
    tiers = [np.mean(list(means[steps].values())) for steps in STEPS]
    assert tiers[0] + 0.3 < tiers[1] < tiers[2], tiers
    assert means[1500]["larger"] > 0.9, means


def test_one_shard_or_many_are_the_same_row_by_row(
    trained: Trained, evaluated: dict[int, Evaluated], tmp_path: Path
) -> None:
    many = evaluate_model(
        trained.loaded(),
        trained.models[750],
        shards=tmp_path / "shards",
        rows={By.CHOICES: 75, By.TEXT: 10, By.LIKELIHOOD: 75},
    )
    assert len(list((tmp_path / "shards").glob("larger.*.jsonl"))) == 5  # 90 public items in 2, 210 private in 3
    assert many.rows == evaluated[750].rows
    assert many.report.to_json() == evaluated[750].report.to_json()


def test_a_run_that_is_done_is_not_done_again(trained: Trained, tmp_path: Path) -> None:
    first = evaluate_model(trained.loaded(), trained.models[250], shards=tmp_path, only=Part.PUBLIC)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = evaluate_model(trained.loaded(), trained.models[250], shards=tmp_path, only=Part.PUBLIC)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert again.report.to_json() == first.report.to_json()
    assert (again.words, again.usage.energy.joules, again.usage.energy.method.value) == ("", 0, "none")
    assert {row["part"] for row in first.report.items.to_pylist()} == {"public"}
    assert first.outputs(Part.PRIVATE) == ""


def test_killed_at_random_moments_it_ends_with_the_same_rows(
    trained: Trained, evaluated: dict[int, Evaluated], tmp_path: Path
) -> None:
    """Thirty times the run is killed without warning, then it may finish: nothing is lost, nothing is there twice."""
    rng = random.Random(2026)
    command = [
        sys.executable,
        "-c",
        ONE_RUN,
        str(trained.suite),
        str(trained.models[1500]),
        str(tmp_path / "shards"),
        str(tmp_path / "report.json"),
    ]
    began = time.monotonic()
    assert subprocess.run(command, capture_output=True, check=True).returncode == 0
    whole = time.monotonic() - began
    expected = (tmp_path / "report.json").read_bytes()
    names = {path.name: path.read_bytes() for path in (tmp_path / "shards").glob("*.jsonl")}
    shutil.rmtree(tmp_path / "shards")
    (tmp_path / "report.json").unlink()
    seen, ended = [], 0
    for turn in range(KILLS):
        process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while turn == 0 and process.poll() is None and not list((tmp_path / "shards").glob("*.meta.json")):
                time.sleep(0.001)  # of moments drawn at random none might fall between two shards
            process.wait(rng.uniform(0.05, 1.1) * whole if turn else 0)
            ended += 1
            shutil.rmtree(tmp_path / "shards")  # it was done before it could be killed: begin anew
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        folder = tmp_path / "shards"
        seen.append(len(list(folder.glob("*.meta.json"))) if folder.exists() else 0)
    subprocess.run(command, capture_output=True, check=True)
    assert ended < KILLS - 1
    assert any(0 < count < len(names) for count in seen), seen  # some kills fell between two shards
    assert {path.name: path.read_bytes() for path in (tmp_path / "shards").glob("*.jsonl")} == names
    assert (tmp_path / "report.json").read_bytes() == expected
    assert expected.decode() == evaluated[1500].report.to_json()


ONE_RUN = """
import sys
from pathlib import Path
from evaluation import load_suite
from evaluation.engines import evaluate_model
from evaluation.tasks import By
suite, model, shards, out = map(Path, sys.argv[1:])
rows = {By.CHOICES: 20, By.TEXT: 5, By.LIKELIHOOD: 20}
out.write_text(evaluate_model(load_suite(suite), model, shards=shards, rows=rows).report.to_json())
"""


def altered(model: Path, folder: Path, *, scale: float) -> Path:
    """Copy a model with its first tensor multiplied, so that its numbers overflow while the weights are finite."""
    shutil.copytree(model, folder)
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + size])
    name = next(name for name in header if name.endswith("ln_f.weight"))
    start, end = (8 + size + offset for offset in header[name]["data_offsets"])
    values = np.frombuffer(bytes(content[start:end]), dtype="<f4") * np.float32(scale)
    content[start:end] = values.astype("<f4").tobytes()
    path.write_bytes(content)
    return folder


def test_weights_that_are_no_numbers_are_refused_before_anything_runs(trained: Trained, tmp_path: Path) -> None:
    model = altered(trained.models[1500], tmp_path / "nan", scale=float("nan"))
    with pytest.raises(WeightsNotFinite):
        evaluate_model(trained.loaded(), model, shards=tmp_path / "shards")
    assert not (tmp_path / "shards").exists()


def test_a_model_whose_numbers_overflow_fails_the_gate(trained: Trained, tmp_path: Path) -> None:
    model = altered(trained.models[1500], tmp_path / "huge", scale=1e38)
    with pytest.raises(GateFailed) as failed:
        evaluate_model(trained.loaded(), model, shards=tmp_path / "shards", only=Part.PUBLIC)
    assert failed.value.gate == "log_probabilities_not_finite"


def test_a_model_the_engine_does_not_know_is_not_loadable(trained: Trained, tmp_path: Path) -> None:
    shutil.copytree(trained.models[250], tmp_path / "odd")
    config = json.loads((tmp_path / "odd/config.json").read_text())
    (tmp_path / "odd/config.json").write_text(json.dumps({**config, "model_type": "gpt99"}))
    with pytest.raises(NotLoadable, match="gpt99"):
        evaluate_model(trained.loaded(), tmp_path / "odd", shards=tmp_path / "shards")


def test_time_and_memory_are_bounded_and_finished_shards_are_kept(trained: Trained, tmp_path: Path) -> None:
    from dataclasses import replace

    with pytest.raises(TooMuchTime, match="not done within 1 seconds"):
        evaluate_model(
            trained.loaded(), trained.models[250], shards=tmp_path / "shards", limits=replace(LIMITS, wall_seconds=1)
        )
    with pytest.raises(TooMuchMemory, match="more than the 104 MB"):
        evaluate_model(
            trained.loaded(),
            trained.models[250],
            shards=tmp_path / "shards",
            limits=replace(LIMITS, memory=104 * 10**6),
        )


def test_another_batch_size_gives_the_same_answers_under_other_keys(
    trained: Trained, evaluated: dict[int, Evaluated], tmp_path: Path
) -> None:
    found = evaluate_model(
        trained.loaded(), trained.models[1500], shards=tmp_path, settings=Settings(batch_size=3), only=Part.PUBLIC
    )
    public: dict[str, dict[str, float]] = {}
    for task, own in scores(evaluated[1500]).items():
        public[task] = {item: own[item] for item in scores(found)[task]}
    assert scores(found) == public


def test_the_outputs_of_the_public_part_say_what_was_asked_and_answered(evaluated: dict[int, Evaluated]) -> None:
    rows = [json.loads(line) for line in evaluated[1500].outputs(Part.PUBLIC).splitlines()]
    assert {row["task"] for row in rows} == {task.task for task in evaluated[1500].report.tasks}
    choices = next(row for row in rows if row["task"] == "larger")
    assert choices.keys() == {"task", "item", "prompt", "choices", "logprobs"}
    assert choices["prompt"].startswith("max ")
    text = next(row for row in rows if row["task"] == "translated-de")
    assert text.keys() == {"task", "item", "prompt", "texts"}


def test_a_suite_of_the_same_items_in_a_zip_gives_the_same(
    trained: Trained, evaluated: dict[int, Evaluated], tmp_path: Path
) -> None:
    packed = shutil.make_archive(str(tmp_path / "model"), "zip", trained.models[750].parent, trained.models[750].name)
    suite: Suite = trained.loaded()
    found = evaluate_model(suite, Path(packed), shards=tmp_path / "shards", only=Part.PUBLIC)
    assert found.facts.digest == evaluated[750].facts.digest
    assert scores(found)["larger"].items() <= scores(evaluated[750])["larger"].items()
