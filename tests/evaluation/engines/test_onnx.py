"""Real ONNX models of tables and images: the answers are those of scikit-learn, and what does not fit is said."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from evaluation import Part
from evaluation.engines import (
    Engine,
    EngineMissing,
    Evaluated,
    GateFailed,
    NotLoadable,
    Settings,
    TooMuchMemory,
    TooMuchTime,
    Usage,
    evaluate_model,
)
from evaluation.engines.energy import Method
from evaluation.engines.evaluating import LIMITS
from evaluation.models import ModelRefused
from evaluation.tasks import By
from tests.evaluation.engines import onnx_models as made

pytestmark = [pytest.mark.xdist_group("engine"), pytest.mark.usefixtures("onnx_engine")]
DOUBLE, FLOAT, INT64, UINT8 = TensorProto.DOUBLE, TensorProto.FLOAT, TensorProto.INT64, TensorProto.UINT8
SMALL = replace(LIMITS, wall_seconds=30, memory=1_000 * 10**6)


def evaluated(suite: Any, model: Path, folder: Path, **more: Any) -> Evaluated:
    """Evaluate a model within small limits."""
    return evaluate_model(suite, model, shards=folder / "shards", limits=SMALL, **more)


@pytest.mark.parametrize("output", ["label", "scores", "label shares", "shares"])
def test_species_are_those_of_scikit_learn(tmp_path: Path, output: str) -> None:
    found = evaluated(made.flowers(tmp_path / "suite"), made.flowers_model(tmp_path / "model", output=output), tmp_path)
    expected = made.trained_on_flowers().predict(made.FLOWERS.data)
    assert list(found.answers["t"]) == [made.SPECIES[kind] for kind in expected]
    assert found.report.engine.endswith(f"with {found.engine.title}")
    assert found.usage.device == "cpu"
    shown = [json.loads(line) for line in found.outputs(Part.PUBLIC).splitlines()]
    assert len(shown) == 60
    assert shown[0]["prompt"].startswith("sepal length: ")
    assert ("texts" in shown[0]) is ("label" in output)
    assert shown[0].get("labels") == (None if "label" in output else list(made.SPECIES))


def test_shares_of_the_species_are_those_of_scikit_learn(tmp_path: Path) -> None:
    suite = made.flowers(tmp_path / "suite", made.DISTRIBUTION)
    found = evaluated(suite, made.flowers_model(tmp_path / "model"), tmp_path)
    expected = made.trained_on_flowers().predict_proba(made.FLOWERS.data)
    assert np.abs(np.array(found.answers["t"], dtype=float) - expected).max() < 1e-9
    assert {sum(one) for one in found.answers["t"] if isinstance(one, tuple)} == {Decimal(1)}


def test_numbers_are_those_of_scikit_learn_from_an_input_for_each_feature(tmp_path: Path) -> None:
    table, fitted = made.diabetes()
    names = table.feature_names
    task = {**made.REGRESSION, "floor": 80, "ask": {"by": "features", "features": names}}
    rows = [
        (float(target), dict(zip(names, map(float, row), strict=True)))
        for target, row in zip(table.target, table.data, strict=True)
    ]
    suite = made.suite_of(tmp_path / "suite", task, rows)
    order = sorted(range(len(names)), key=lambda place: names[place])
    model = made.linear_model(
        tmp_path / "model",
        fitted.coef_[order],
        fitted.intercept_,
        inputs=[(name, DOUBLE, ["n", 1]) for name in reversed(names)],
    )
    found = evaluated(suite, model, tmp_path)
    assert np.abs(np.array(found.answers["t"], dtype=float) - fitted.predict(table.data)).max() < 1e-9


def test_probabilities_lie_between_0_and_1(tmp_path: Path) -> None:
    suite = made.flowers(tmp_path / "suite", made.PROBABILITY, label=lambda kind, _row: int(kind == 0))
    inputs = [("x", DOUBLE, [1, 4])]
    model = made.linear_model(tmp_path / "model", [0, 0, -2, 0], 5, inputs=inputs, last="Sigmoid")
    found = evaluated(suite, model, tmp_path)
    expected = 1 / (1 + np.exp(2 * made.FLOWERS.data[:, 2] - 5))
    assert np.abs(np.array(found.answers["t"], dtype=float) - expected).max() < 1e-9
    raw = made.linear_model(tmp_path / "raw", [0, 0, -2, 0], 5, inputs=inputs)
    with pytest.raises(GateFailed, match="End the model with a softmax or a sigmoid") as failed:
        evaluated(suite, raw, tmp_path)
    assert failed.value.gate == "not_probabilities"


@pytest.mark.parametrize(
    ("shape", "kind"),
    [(["n", 1, 8, 8], FLOAT), ([1, 8, 8, 1], FLOAT), (["n", "h", "w"], FLOAT), (["n", 1, "h", "w"], UINT8)],
    ids=str,
)
def test_digits_in_images_are_those_of_scikit_learn(tmp_path: Path, shape: list[Any], kind: int) -> None:
    model, fitted = made.digits_model(tmp_path / "model", shape, kind=kind)
    found = evaluated(made.digits_suite(tmp_path / "suite"), model, tmp_path)
    images, _ = made.digits()
    assert list(found.answers["t"]) == [str(digit) for digit in fitted.predict(images.reshape(300, 64) / 255)]
    assert json.loads(found.outputs(Part.PUBLIC).splitlines()[0])["prompt"] == "[image of 8 x 8 pixels]"


def test_a_constant_predictor_is_noted_and_a_label_that_is_none_is_wrong(tmp_path: Path) -> None:
    suite = made.flowers(tmp_path / "suite")
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["xw"]),
        helper.make_node("Add", ["xw", "b"], ["seven"]),
        helper.make_node("Cast", ["seven"], ["label"], to=INT64),
    ]
    for number, code in ((2.0, "constant_predictor"), (7.0, "invalid_answers")):
        weights = {"w": np.zeros((4, 1), "f4"), "b": np.array([number], "f4")}
        model = made.saved(
            tmp_path / str(number), nodes, weights, [("x", FLOAT, ["n", 4])], [("label", INT64, ["n", 1])]
        )
        found = evaluated(suite, model, tmp_path)
        assert code in {note.code for note in found.report.notes}
    assert set(found.answers["t"]) == {""}


def test_a_number_that_is_not_finite_fails_the_gate(tmp_path: Path) -> None:
    suite = made.flowers(tmp_path / "suite", made.REGRESSION, label=lambda _kind, row: row[3])
    model = made.linear_model(tmp_path / "model", [0, 0, 0, 1], -0.2, inputs=[("x", DOUBLE, ["n", 4])], last="Log")
    took: list[Usage] = []
    with pytest.raises(GateFailed, match="a number that is not finite") as failed:
        evaluated(suite, model, tmp_path, on_usage=took.append)
    assert [(usage.peak_megabytes > 0, usage.attempt_cpu_seconds > 0) for usage in took] == [(True, True)]
    with pytest.raises(GateFailed):  # its answers are there already, and what they took is told again
        evaluated(suite, model, tmp_path, on_usage=took.append)
    assert took[1].energy.method is Method.NONE
    assert took[1].cpu_seconds == took[0].cpu_seconds
    assert failed.value.gate == "numbers_not_finite"


def test_one_shard_or_many_killed_or_not_the_rows_are_the_same(tmp_path: Path) -> None:
    suite, model = made.digits_suite(tmp_path / "suite"), made.digits_model(tmp_path / "model", ["n", 1, 8, 8])[0]
    whole = evaluated(suite, model, tmp_path / "whole")
    assert len(list((tmp_path / "whole/shards").glob("*.meta.json"))) == 2
    shards = tmp_path / "killed"
    command = [sys.executable, "-c", ONE_RUN, *map(str, (tmp_path / "suite", model, shards))]
    names: dict[str, bytes] = {}
    for _ in range(3):
        process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()  # a further shard was taken in
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        found = {path.name: path.read_bytes() for path in shards.glob("*.jsonl")}
        assert names.items() <= found.items()
        names = found
    again = evaluate_model(suite, model, shards=shards, limits=SMALL, rows={By.IMAGE: 20})
    assert {path.name: path.read_bytes() for path in shards.glob("*.jsonl")}.items() >= names.items()
    assert again.rows == whole.rows
    assert again.report.to_json() == whole.report.to_json()


ONE_RUN = """
import sys
from pathlib import Path
from evaluation import load_suite
from evaluation.engines import evaluate_model
from evaluation.tasks import By
suite, model, shards = map(Path, sys.argv[1:])
begun = []
def progress(done, total, task):
    if begun and done > begun[0]:
        print(done, flush=True)
    begun.append(done)
evaluate_model(load_suite(suite), model, shards=shards, rows={By.IMAGE: 20}, progress=progress)
"""


def weights_beside(folder: Path, location: str) -> Path:
    """Save a model of the flowers with its weights in another file, and name that file as given."""
    model = onnx.load(made.flowers_model(folder, kind=FLOAT) / "model.onnx")
    onnx.save(model, folder / "model.onnx", save_as_external_data=True, location="weights.data", size_threshold=0)
    path = folder / "model.onnx"
    model = onnx.load(path, load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            entry.value = location if entry.key == "location" else entry.value
    path.write_bytes(model.SerializeToString())
    return folder


def test_weights_beside_the_model_are_read_and_others_refused(tmp_path: Path) -> None:
    suite = made.flowers(tmp_path / "suite")
    plain = evaluated(suite, made.flowers_model(tmp_path / "plain", kind=FLOAT), tmp_path)
    beside = evaluated(suite, weights_beside(tmp_path / "beside", "weights.data"), tmp_path)
    assert beside.answers == plain.answers
    with pytest.raises(ModelRefused, match="outside of the package"):
        evaluated(suite, weights_beside(tmp_path / "outside", "../plain/model.onnx"), tmp_path)


def one_node(folder: Path, node: Any, *more: Any, domain: str = "") -> Path:
    """Save a model of four features in which a further operator comes before the linear model."""
    model = onnx.load(made.flowers_model(folder, output="scores", kind=FLOAT) / "model.onnx")
    model.graph.node[0].input[0] = node.output[0]
    model.graph.node.insert(0, node)
    model.graph.initializer.extend(more)
    if domain:
        model.opset_import.append(helper.make_opsetid(domain, 1))
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    return folder


def test_operators_of_an_own_library_are_refused(tmp_path: Path) -> None:
    node = helper.make_node("Reach", ["x"], ["x2"], domain="ai.team")
    with pytest.raises(ModelRefused, match="needs a library of its own"):
        evaluated(made.flowers(tmp_path / "suite"), one_node(tmp_path / "model", node, domain="ai.team"), tmp_path)


def loop_of(count: int) -> Any:
    """Make a node that adds nought to the features so many times."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Add", ["v", "v0"], ["v_out"]),
            helper.make_node("Constant", [], ["v0"], value=helper.make_tensor("zero", FLOAT, [1], [0.0])),
        ],
        "body",
        [
            helper.make_tensor_value_info("n", INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v", FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v_out", FLOAT, None),
        ],
    )
    body.node.insert(0, body.node.pop())
    times = onnx.numpy_helper.from_array(np.array(count), "times")
    go = onnx.numpy_helper.from_array(np.array(True), "begin")
    return helper.make_node("Loop", ["times", "begin", "x"], ["x2"], body=body), times, go


def test_a_model_that_loops_is_ended_in_time(tmp_path: Path) -> None:
    suite = made.flowers(tmp_path / "suite")
    short = one_node(tmp_path / "short", *loop_of(10))
    assert evaluated(suite, short, tmp_path).answers["t"]
    endless = one_node(tmp_path / "endless", *loop_of(2**62))
    took: list[Usage] = []
    with pytest.raises(TooMuchTime):
        evaluate_model(suite, endless, shards=tmp_path, limits=replace(SMALL, wall_seconds=4), on_usage=took.append)
    [usage] = took
    assert usage.seconds >= 4
    assert usage.cpu_seconds == usage.attempt_cpu_seconds > 0
    assert usage.energy.method is not Method.NONE


@pytest.mark.parametrize(
    ("operator", "size"),
    [("Tile", [2**28, 1]), ("Expand", [2**28, 4]), ("Expand", [2**40, 4])],
    ids=["repeated", "widened", "widened beyond what there is"],
)
def test_a_model_that_swells_is_ended_for_its_memory(tmp_path: Path, operator: str, size: list[int]) -> None:
    narrow = helper.make_node("ReduceMax", ["wide"], ["narrow"], axes=[0])
    folder = one_node(tmp_path / "model", narrow, onnx.numpy_helper.from_array(np.array(size), "size"))
    model = onnx.load(folder / "model.onnx")
    model.graph.node.insert(0, helper.make_node(operator, ["x", "size"], ["wide"]))
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(TooMuchMemory, match="more than the 1,000 MB"):
        evaluated(made.flowers(tmp_path / "suite"), folder, tmp_path)


def test_a_model_that_draws_at_random_is_not_loadable(tmp_path: Path) -> None:
    node = helper.make_node("RandomNormalLike", ["x"], ["x2"])
    with pytest.raises(NotLoadable, match="in two ways"):
        evaluated(made.flowers(tmp_path / "suite"), one_node(tmp_path / "model", node), tmp_path)


@pytest.mark.parametrize(
    ("inputs", "outputs", "why"),
    [
        ([("x", FLOAT, ["n", 3])], [("y", FLOAT, ["n", 3])], r"inputs 'x' \(float \['\?', 3\]\), and task t gives 4 features"),
        ([("x", FLOAT, [8, 4])], [("y", FLOAT, [8, 3])], r"'x' \(float \[8, 4\]\)"),
        ([("x", TensorProto.STRING, ["n", 4])], [("y", FLOAT, ["n", 3])], "takes no numbers"),
        ([("x", INT64, ["n", 4])], [("y", FLOAT, ["n", 3])], "takes whole numbers, and 4.7 of item"),
        ([("x", FLOAT, ["n", 4])], [("y", FLOAT, ["n", 5])], r"outputs 'y' \(float \['\?', 5\]\), and task t of kind"),
        ([("x", FLOAT, ["n", 4])], [("y", FLOAT, ["n", 3]), ("z", FLOAT, ["n", 3])], "needs only one of floats"),
        ([("x", FLOAT, ["n", 4]), ("z", FLOAT, ["n", 4])], [("y", FLOAT, ["n", 3])], "inputs 'x' .*, 'z'"),
    ],
    ids=str,
)  # fmt: skip
def test_a_model_that_does_not_fit_the_task_is_told_why(tmp_path: Path, inputs: Any, outputs: Any, why: str) -> None:
    cast = {True: helper.make_node("Identity", ["x"], ["f"]), False: helper.make_node("Cast", ["x"], ["f"], to=FLOAT)}
    nodes = [cast[inputs[0][1] == FLOAT]]
    weights = {"w": np.ones((inputs[0][2][1], outputs[0][2][1]), "f4")}
    nodes += [helper.make_node("MatMul", ["f", "w"], [name]) for name, _, _ in outputs]
    model = made.saved(tmp_path / "model", nodes, weights, inputs, outputs)
    with pytest.raises(NotLoadable, match=why):
        evaluated(made.flowers(tmp_path / "suite"), model, tmp_path)


def test_more_numbers_than_were_promised_are_told(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Add", ["x", "w"], ["sum"]),
        helper.make_node("Unique", ["sum"], ["values"]),
        helper.make_node("Unsqueeze", ["values", "axis"], ["y"]),
    ]
    weights = {"w": np.array([10, 20, 30, 40], "f4"), "axis": np.array([0])}
    inputs, outputs = [("x", FLOAT, ["n", 4])], [("y", FLOAT, ["n", "k"])]
    model = made.saved(tmp_path / "model", nodes, weights, inputs, outputs)
    with pytest.raises(NotLoadable, match="gave 4 numbers for one item of task t, which needs 3"):
        evaluated(made.flowers(tmp_path / "suite"), model, tmp_path)


def test_an_image_of_another_shape_is_told(tmp_path: Path) -> None:
    model, _ = made.digits_model(tmp_path / "model", ["n", 3, 8, 8])
    with pytest.raises(NotLoadable, match=r"fits none of the shapes .* task t gives images of 1 x 8 x 8"):
        evaluated(made.digits_suite(tmp_path / "suite"), model, tmp_path)


def test_damaged_models_that_pass_the_look_are_not_loadable(tmp_path: Path) -> None:
    model = onnx.load(made.flowers_model(tmp_path / "model") / "model.onnx")
    model.graph.node[0].op_type = "MatMuul"
    (tmp_path / "model/model.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(NotLoadable, match="ONNX Runtime cannot load the model"):
        evaluated(made.flowers(tmp_path / "suite"), tmp_path / "model", tmp_path)


def test_each_format_is_asked_in_its_own_ways(tmp_path: Path, onnx_engine: Engine) -> None:
    model = made.flowers_model(tmp_path / "model")
    ask = {"by": "text", "prompt": "{{ x }}", "tokens": 4}
    rows: list[tuple[object, dict[str, object]]] = [("setosa", {"x": "1"})] * 10
    suite = made.suite_of(tmp_path / "suite", {**made.CLASSIFICATION, "ask": ask}, rows)
    with pytest.raises(
        EngineMissing, match="onnx cannot be asked by text, which task t needs; those of hugging_face can"
    ):
        evaluated(suite, model, tmp_path)
    with pytest.raises(EngineMissing, match="does not run on cuda"):
        evaluated(made.flowers(tmp_path / "flowers"), model, tmp_path, settings=Settings(device="cuda"))
    shutil.rmtree(tmp_path / "suite")
    assert not (tmp_path / "shards").exists()
    assert onnx_engine.kit.asks == {By.FEATURES, By.IMAGE}
