"""Weights that an ONNX file keeps elsewhere must lie beside it, where they are said to be, and be finite."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from onnx.external_data_helper import convert_model_to_external_data

from evaluation.models import (
    LinkFound,
    OnnxBroken,
    OnnxOutside,
    PickleFound,
    UnexpectedFile,
    WeightsNotFinite,
    inspect_model,
)
from tests.evaluation.models.making import Folder
from tests.evaluation.models.onnx_making import a_model


@pytest.fixture
def outside(tmp_path: Path) -> Folder:
    """Make a model whose two tensors lie in a file beside it."""
    one, two = np.ones((8, 8), "f4"), np.arange(64, dtype="f8")
    model = a_model(numpy_helper.from_array(one, "w"), numpy_helper.from_array(two, "v"))
    convert_model_to_external_data(model, all_tensors_to_one_file=True, location="weights.data", size_threshold=0)
    (tmp_path / "m").mkdir()
    onnx.save_model(model, tmp_path / "m" / "model.onnx")
    return Folder(tmp_path / "m")


def change(folder: Folder, **entries: str) -> None:
    """Change where the first tensor is said to lie."""
    model = onnx.load_model(folder.path / "model.onnx", load_external_data=False)
    tensor = model.graph.initializer[0]
    kept = {entry.key: entry.value for entry in tensor.external_data} | entries
    del tensor.external_data[:]
    for key, value in kept.items():
        tensor.external_data.add(key=key, value=value)
    folder.put("model.onnx", model.SerializeToString())


def test_weights_beside_the_file_are_read(outside: Folder) -> None:
    found = inspect_model(outside.path)
    assert (found.parameters, found.dtypes) == (128, ("F32", "F64"))
    assert [file.name for file in found.files] == ["model.onnx", "weights.data"]


def test_one_file_a_tensor_may_have_any_name(tmp_path: Path) -> None:
    model = a_model(numpy_helper.from_array(np.ones(8, "f4"), "w"))
    convert_model_to_external_data(model, all_tensors_to_one_file=False, size_threshold=0)
    (tmp_path / "m").mkdir()
    onnx.save_model(model, tmp_path / "m" / "model.onnx")
    assert [file.name for file in inspect_model(tmp_path / "m").files] == ["model.onnx", "w"]


@pytest.mark.parametrize(
    "location",
    [
        "/etc/passwd",
        "../weights.data",
        "a/../../weights.data",
        "..",
        "",
        "a//b",
        "C:\\x",
        "a\\b",
        "file:x",
        "./weights.data",
    ],
)
def test_weights_outside_of_the_package_are_refused(outside: Folder, location: str) -> None:
    change(outside, location=location)
    with pytest.raises(OnnxOutside, match="outside of the package"):
        inspect_model(outside.path)


def test_weights_behind_a_link_are_refused(outside: Folder, tmp_path: Path) -> None:
    (outside.path / "weights.data").rename(tmp_path / "weights.data")
    (outside.path / "weights.data").symlink_to(tmp_path / "weights.data")
    with pytest.raises(LinkFound, match=r"weights\.data"):
        inspect_model(outside.path)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"location": "other.data"}, "'other.data', which is missing"),
        ({"offset": "100000"}, "ends after the end"),
        ({"offset": "-1"}, "no number"),
        ({"length": "8"}, "needs 256 bytes and is given 8"),
        ({"length": "9" * 30}, "no number"),
        ({"offset": "4"}, "overlaps another|ends after"),
    ],
)
def test_weights_that_are_not_where_they_are_said_to_be(outside: Folder, entries: dict[str, str], words: str) -> None:
    change(outside, **entries)
    with pytest.raises(OnnxBroken, match=words):
        inspect_model(outside.path)


def test_weights_outside_must_be_finite(outside: Folder) -> None:
    path = outside.path / "weights.data"
    content = bytearray(path.read_bytes())
    content[100:104] = np.array([np.nan], "f4").tobytes()
    path.write_bytes(content)
    with pytest.raises(WeightsNotFinite, match=r"weights\.data: the tensor 'w' holds NaN or infinity"):
        inspect_model(outside.path)


def test_a_file_that_the_model_does_not_name_is_refused(outside: Folder) -> None:
    outside.put("more.data", b"x")
    with pytest.raises(UnexpectedFile, match=r"more\.data: the ONNX file does not name it"):
        inspect_model(outside.path)


def test_weights_with_the_name_of_a_pickle_are_refused(outside: Folder) -> None:
    (outside.path / "weights.data").rename(outside.path / "weights.bin")
    change(outside, location="weights.bin")
    with pytest.raises(PickleFound, match=r"weights\.bin"):
        inspect_model(outside.path)
