"""Several programs for an item: drawn, different, and the same however the work is divided."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from evaluation import Suite, load_suite
from evaluation.engines import Evaluated, Settings, evaluate_model, gates
from evaluation.tasks import By
from tests.evaluation.engines.conftest import Trained

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]
SAMPLES = 4
BODIES = ("    return 2 * x\n", "    return x\n", "    return (\n")
"""Right, wrong, and no Python; what the model writes after it is a comment, so what passes is known."""
WORDS = ("cat dog", "sun moon", "tree fish", "bird stone")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """Write a suite of twelve items of code that a tiny model can be asked."""
    folder = tmp_path_factory.mktemp("code")
    for name in ("items", "inputs"):
        (folder / name).mkdir()
    ask = {"by": "text", "prompt": "{{ prompt }}", "stop": ["\n"], "tokens": 16}
    task = {
        "name": "t", "title": "T", "kind": "code", "metric": "pass_at_k", "floor": 0, "ceiling": 1,
        "samples": SAMPLES, "k": 2, "ask": ask,
    }  # fmt: skip
    split = {"seed": 1, "public_share": 0.5}
    manifest = {"name": "code", "version": "1", "title": "Code", "split": split, "tasks": [task]}
    (folder / "suite.yaml").write_text(json.dumps(manifest))
    labels = io.StringIO(newline="")
    writer = csv.writer(labels, lineterminator="\n")
    writer.writerow(["item", "label"])
    inputs = []
    for number in range(12):
        writer.writerow([f"i{number}", "for x in (1, 2):\n    assert f(x) == 2 * x\n"])
        prompt = f"def f(x):\n{BODIES[number % 3]}# de: {WORDS[number // 3]} ->"
        inputs.append(json.dumps({"item": f"i{number}", "prompt": prompt}) + "\n")
    (folder / "items/t.csv").write_text(labels.getvalue())
    (folder / "inputs/t.jsonl").write_text("".join(inputs))
    return load_suite(folder)


def texts(found: Evaluated) -> dict[str, tuple[str, ...]]:
    """Return what was written, by item."""
    return {row.item: row.texts for rows in found.rows.values() for row in rows}


def test_samples_are_drawn_tested_and_the_same_in_any_division(
    trained: Trained, suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a tiny model often has nothing to say to a program, which is not what is tried here
    monkeypatch.setattr(gates, "GATES", [gate for gate in gates.GATES if gate.name != "empty_answers"])
    model = trained.models[1500]
    whole = evaluate_model(suite, model, shards=tmp_path / "a")
    said = texts(whole)
    assert {len(of_item) for of_item in said.values()} == {SAMPLES}
    assert any(len(set(of_item)) > 1 for of_item in said.values())  # nothing is the same number by way of a cache
    answers = [Decimal(SAMPLES if number % 3 == 0 else 0) for number in range(12)]
    assert whole.answers["t"] == tuple(answers)
    assert sum(task.sum for task in whole.report.tasks) == 4 * 10_000
    assert {note.code for note in whole.report.notes} >= {"unparsable_programs"}
    divided = evaluate_model(suite, model, shards=tmp_path / "b", rows={By.TEXT: 2}, settings=Settings(batch_size=3))
    assert texts(divided) == said
    other = evaluate_model(suite, model, shards=tmp_path / "c", settings=Settings(seed=5))
    assert texts(other) != said
