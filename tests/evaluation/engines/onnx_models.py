"""Real models of scikit-learn's own data, written as ONNX, and the suites that ask them."""

import base64
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression

from evaluation import Suite, load_suite

FLOAT = TensorProto.FLOAT
FLOWERS = load_iris()
FEATURES = ["sepal length", "sepal width", "petal length", "petal width"]
SPECIES = ["setosa", "versicolor", "virginica"]
CLASSIFICATION = {
    "kind": "classification", "metric": "accuracy", "floor": 0.333333, "ceiling": 1, "labels": SPECIES,
    "ask": {"by": "features", "features": FEATURES},
}  # fmt: skip
DISTRIBUTION = {**CLASSIFICATION, "kind": "distribution", "metric": "brier", "floor": 0.67, "ceiling": 0}
PROBABILITY = {
    "kind": "probability", "metric": "brier", "floor": 0.25, "ceiling": 0,
    "ask": {"by": "features", "features": FEATURES},
}  # fmt: skip
REGRESSION = {**PROBABILITY, "kind": "regression", "metric": "absolute_error", "floor": 1, "ceiling": 0}
DIGITS = {
    "kind": "classification", "metric": "accuracy", "floor": 0.1, "ceiling": 1, "labels": [str(n) for n in range(10)],
    "ask": {"by": "image", "image": "picture", "size": [8, 8]},
}  # fmt: skip


def suite_of(folder: Path, task: Mapping[str, object], rows: Sequence[tuple[object, dict[str, object]]]) -> Suite:
    """Write and load a suite of one task from a label and the fields of each item."""
    for name in ("items", "inputs"):
        (folder / name).mkdir(parents=True)
    manifest = {"name": "own", "version": "1", "title": "Own", "split": {"seed": 1, "public_share": 0.4}}
    (folder / "suite.yaml").write_text(json.dumps({**manifest, "tasks": [{"name": "t", "title": "T", **task}]}))
    lines = [f"i{n:03},{label}\n" for n, (label, _) in enumerate(rows)]
    (folder / "items/t.csv").write_text("item,label\n" + "".join(lines))
    inputs = [json.dumps({"item": f"i{n:03}", **fields}) + "\n" for n, (_, fields) in enumerate(rows)]
    (folder / "inputs/t.jsonl").write_text("".join(inputs))
    return load_suite(folder)


def flowers(folder: Path, task: Mapping[str, object] = CLASSIFICATION, *, label: Any = None) -> Suite:
    """Make a suite of the flowers; `label` gives an item's label from the species' number and the features."""
    label = label or (lambda kind, _row: SPECIES[kind])
    rows = [
        (label(kind, row), dict(zip(FEATURES, map(float, row), strict=True)))
        for kind, row in zip(FLOWERS.target, FLOWERS.data, strict=True)
    ]
    return suite_of(folder, task, rows)


def png(pixels: NDArray[np.uint8]) -> str:
    """Write pixels (height, width) or (height, width, 3) as a PNG file in base64, by the layout of the format."""
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    form = struct.pack(">IIBBBBB", width, height, 8, 0 if pixels.ndim == 2 else 2, 0, 0, 0)
    chunks = ((b"IHDR", form), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return base64.b64encode(content).decode()


def digits() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Give 300 images of 8 x 8 pixels of 0 to 240, and which digit each is."""
    found = load_digits()
    return (found.images[:300] * 15).astype(np.uint8), found.target[:300]


def digits_suite(folder: Path) -> Suite:
    """Make a suite of the digits."""
    images, targets = digits()
    rows: list[tuple[object, dict[str, object]]] = [
        (int(target), {"picture": png(image)}) for image, target in zip(images, targets, strict=True)
    ]
    return suite_of(folder, DIGITS, rows)


def saved(
    folder: Path,
    nodes: list[onnx.NodeProto],
    weights: Mapping[str, NDArray[Any]],
    inputs: Sequence[tuple[str, int, list[Any]]],
    outputs: Sequence[tuple[str, int, list[Any]]],
) -> Path:
    """Save a model in a folder of its own."""
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info(*one) for one in inputs],
        [helper.make_tensor_value_info(*one) for one in outputs],
        initializer=[numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    return folder


def trained_on_flowers() -> LogisticRegression:
    """Train a linear model of the species."""
    return LogisticRegression(max_iter=1_000).fit(FLOWERS.data, FLOWERS.target)


def flowers_model(folder: Path, *, output: str = "shares", kind: int = TensorProto.DOUBLE) -> Path:
    """Write the linear model: its output the shares of the species, its scores, or the species' number."""
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    fitted = trained_on_flowers()
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["xw"]),
        helper.make_node("Add", ["xw", "b"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["shares"], axis=1),
        helper.make_node("ArgMax", ["scores"], ["label"], axis=1, keepdims=0),
    ]
    weights = {"w": fitted.coef_.T.astype(dtype), "b": fitted.intercept_.astype(dtype)}
    known = {"label": (TensorProto.INT64, ["n"]), "shares": (kind, ["n", 3]), "scores": (kind, ["n", 3])}
    outputs = [(name, *known[name]) for name in output.split()]
    return saved(folder, nodes, weights, [("x", kind, ["n", 4])], outputs)


def linear_model(folder: Path, coefficients: Any, intercept: float, *, inputs: Sequence[Any], last: str = "") -> Path:
    """Write a model of one number; with several inputs, one for each feature, they are joined in alphabetical order."""
    nodes = []
    (name, *_), *others = inputs
    if others:
        nodes.append(helper.make_node("Concat", sorted(one[0] for one in inputs), ["x"], axis=1))
        name = "x"
    nodes.append(helper.make_node("MatMul", [name, "w"], ["xw"]))
    nodes.append(helper.make_node("Add", ["xw", "b"], ["number"]))
    if last:
        nodes.append(helper.make_node(last, ["number"], ["last"]))
    weights = {"w": np.array(coefficients, dtype="f8").reshape(-1, 1), "b": np.array([intercept], dtype="f8")}
    return saved(folder, nodes, weights, inputs, [("last" if last else "number", TensorProto.DOUBLE, ["n", 1])])


def digits_model(folder: Path, shape: list[Any], *, kind: int = FLOAT) -> tuple[Path, LogisticRegression]:
    """Write a model of the digits: a convolution over the whole image, which is a linear model of its pixels."""
    images, targets = digits()
    fitted = LogisticRegression(max_iter=2_000).fit(images.reshape(300, 64) / 255, targets)
    kernel = fitted.coef_.reshape(10, 1, 8, 8).astype("f4")
    nodes = [
        helper.make_node("Cast", ["picture"], ["float"], to=FLOAT),
        helper.make_node("Div", ["float", "scale"], ["x"]),
        helper.make_node("Reshape", ["x", "shape"], ["image"]),
        helper.make_node("Conv", ["image", "w", "b"], ["map"]),
        helper.make_node("Flatten", ["map"], ["scores"]),
    ]
    weights = {
        "w": kernel, "b": fitted.intercept_.astype("f4"), "shape": np.array([-1, 1, 8, 8]),
        "scale": np.array(1 if kind == FLOAT else 255, dtype="f4"),
    }  # fmt: skip
    return saved(folder, nodes, weights, [("picture", kind, shape)], [("scores", FLOAT, ["n", 10])]), fitted


def diabetes() -> tuple[Any, LinearRegression]:
    """Give a table of ten numbers and a target, and the linear model of them."""
    found = load_diabetes()
    return found, LinearRegression().fit(found.data, found.target)
