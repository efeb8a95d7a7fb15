"""ONNX files are read field by field; the package `onnx` writes them here, and judges the table of fields."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from evaluation.models import (
    ArchiveWithin,
    ModelFormat,
    ModelRefused,
    OnnxBroken,
    OnnxOperatorUnknown,
    WeightsNotFinite,
    inspect_model,
)
from evaluation.models.finite import BITS
from evaluation.models.onnx_schema import MESSAGES, TYPES, Content
from tests.evaluation.models.making import Folder
from tests.evaluation.models.onnx_making import a_model

FLOATS = [TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.FLOAT8E4M3FN]


Put = Callable[[onnx.ModelProto | bytes], Path]


def test_a_sound_model_is_described(put: Put, tmp_path: Path) -> None:
    model = a_model()
    onnx.checker.check_model(model)
    found = inspect_model(put(model))
    assert (found.format, found.model_type, found.architecture) == (ModelFormat.ONNX, "onnx", "a-team")
    assert (found.parameters, found.tensors, found.dtypes) == (9, 1, ("F32",))
    assert inspect_model(Folder(tmp_path / "m").zipped(tmp_path / "m.zip")) == found


def test_the_table_of_fields_is_that_of_the_package() -> None:
    numbers = {1: Content.DOUBLE, 2: Content.FLOAT, 9: Content.BYTES, 11: Content.BYTES, 12: Content.BYTES}
    for name, fields in MESSAGES.items():
        theirs = {field.number: field for field in getattr(onnx, name).DESCRIPTOR.fields}
        assert set(fields) == set(theirs), name
        for number, field in fields.items():
            their = theirs[number]
            assert (field.name, field.often) == (their.name, their.is_repeated), (name, number)
            assert field.content is numbers.get(their.type, Content.NUMBER), (name, field.name)
            if field.message:
                assert field.message == their.message_type.name, (name, field.name)
    looked_into = {field.message for fields in MESSAGES.values() for field in fields.values()}
    for name, fields in MESSAGES.items():
        for number, field in fields.items():
            their = getattr(onnx, name).DESCRIPTOR.fields_by_number[number]
            if their.message_type is not None and their.message_type.name in looked_into - {"StringStringEntryProto"}:
                assert field.message, f"{name}.{field.name} could hide a {their.message_type.name}"


def test_the_table_of_types_is_that_of_the_package() -> None:
    known = {name: number for name, number in TensorProto.DataType.items() if number}
    assert set(TYPES) == set(known.values()) - {known["FLOAT6E2M3"], known["FLOAT6E3M2"]}
    for number, name in TYPES.items():
        if name == "STRING":
            continue
        dtype = np.dtype(helper.tensor_dtype_to_np_dtype(number))
        assert BITS[name] == dtype.itemsize * 8 or BITS[name] < 8, name


@pytest.mark.parametrize("kind", sorted(TYPES))
@pytest.mark.parametrize("raw", [True, False])
def test_tensors_of_every_type_are_read(put: Put, kind: int, raw: bool) -> None:
    count = 6
    if TYPES[kind] == "STRING":
        tensor = helper.make_tensor("w", kind, [count], [b"a"] * count)
    elif raw:
        tensor = helper.make_tensor("w", kind, [count], b"\0" * math.ceil(count * BITS[TYPES[kind]] / 8), raw=True)
    else:
        tensor = helper.make_tensor("w", kind, [count], [1] * count)
    found = inspect_model(put(a_model(tensor)))
    assert (found.parameters, found.dtypes) == (count, (TYPES[kind],))


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("kind", FLOATS)
@pytest.mark.parametrize("raw", [True, False])
def test_weights_must_be_finite_however_they_are_written(put: Put, kind: int, bad: float, raw: bool) -> None:
    numbers = np.array([1, bad, 2])
    if raw:
        dtype = helper.tensor_dtype_to_np_dtype(kind)
        with np.errstate(invalid="ignore"):
            tensor = helper.make_tensor("w", kind, [3], numbers.astype(dtype).tobytes(), raw=True)
    else:
        tensor = helper.make_tensor("w", kind, [3], numbers.tolist())
    if kind == TensorProto.FLOAT8E4M3FN and not math.isnan(bad) and not raw:
        pytest.skip("this type has no infinity: the package writes its largest number")
    with pytest.raises(WeightsNotFinite, match="the tensor 'w' holds NaN or infinity"):
        inspect_model(put(a_model(tensor)))


def constant(value: float) -> onnx.NodeProto:
    """Make a node with a constant."""
    return helper.make_node("Constant", [], ["c"], value=numpy_helper.from_array(np.array([value], "f4"), "c"))


def test_a_mask_may_be_infinite_and_never_nan(put: Put) -> None:
    assert inspect_model(put(a_model(nodes=[constant(-math.inf)]))).parameters == 9
    with pytest.raises(WeightsNotFinite, match="'c' holds NaN"):
        inspect_model(put(a_model(nodes=[constant(math.nan)])))


def test_weights_within_a_branch_are_judged_as_weights(put: Put) -> None:
    bad = numpy_helper.from_array(np.array([math.inf], "f4"), "deep")
    inner = helper.make_graph([], "branch", [], [], initializer=[bad])
    node = helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner)
    with pytest.raises(WeightsNotFinite, match="'deep' holds NaN or infinity"):
        inspect_model(put(a_model(nodes=[node])))


def test_sparse_weights_are_judged(put: Put) -> None:
    model = a_model()
    values = numpy_helper.from_array(np.array([math.nan], "f4"), "s")
    indices = numpy_helper.from_array(np.array([1], "i8"), "i")
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [3]))
    with pytest.raises(WeightsNotFinite, match="'s'"):
        inspect_model(put(model))


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("my.ops", "Own"),
        ("com.microsoft", "PythonOp"),
        ("com.microsoft", "EPContext"),
        ("ai.onnx.contrib", "PyCustomOp"),
    ],
)
def test_an_operator_that_needs_a_library_is_refused(put: Put, domain: str, name: str) -> None:
    inner = helper.make_graph([helper.make_node(name, ["x"], ["y"], domain=domain)], "branch", [], [])
    for nodes in (
        [helper.make_node(name, ["x"], ["y"], domain=domain)],
        [helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner)],
    ):
        with pytest.raises(OnnxOperatorUnknown, match=f"'{name}' of '{domain}'"):
            inspect_model(put(a_model(nodes=nodes)))


def test_operators_of_the_runtime_and_functions_of_the_file_are_accepted(put: Put) -> None:
    body = [helper.make_node("Identity", ["a"], ["b"])]
    function = helper.make_function("my.ops", "Own", ["a"], ["b"], body, [helper.make_opsetid("", 21)])
    nodes = [
        helper.make_node("Own", ["x"], ["z"], domain="my.ops"),
        helper.make_node("FusedMatMul", ["z", "w"], ["y"], domain="com.microsoft"),
        helper.make_node("Normalizer", ["z"], ["v"], domain="ai.onnx.ml"),
    ]
    assert inspect_model(put(a_model(nodes=nodes, functions=[function]))).parameters == 9


def test_a_function_with_an_operator_that_needs_a_library_is_refused(put: Put) -> None:
    body = [helper.make_node("Evil", ["a"], ["b"], domain="their.ops")]
    function = helper.make_function("my.ops", "Own", ["a"], ["b"], body, [helper.make_opsetid("", 21)])
    with pytest.raises(OnnxOperatorUnknown, match="'Evil'"):
        inspect_model(put(a_model(functions=[function])))


def test_every_beginning_of_a_file_is_refused(put: Put) -> None:
    whole = a_model().SerializeToString()
    for length in range(len(whole)):
        with pytest.raises(OnnxBroken):
            inspect_model(put(whole[:length]))


@given(data=st.data())
@settings(max_examples=300)
def test_whatever_is_accepted_the_package_reads_in_the_same_way(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(a_model(nodes=[constant(1), helper.make_node("MatMul", ["x", "w"], ["y"])]).SerializeToString())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    folder = Folder(tmp_path_factory.mktemp("m"))
    folder.put("model.onnx", bytes(content))
    try:
        found = inspect_model(folder.path)
    except ModelRefused:
        return
    try:
        theirs = onnx.load_model_from_string(bytes(content))
    except DecodeError:
        return  # a name that is no text, for example: it is for whoever loads the model to say so
    arrays = [numpy_helper.to_array(tensor) for tensor in theirs.graph.initializer]
    assert found.parameters == sum(array.size for array in arrays)
    assert all(np.isfinite(array).all() for array in arrays if array.dtype.kind == "f")


def test_a_zip_called_onnx_is_refused(put: Put) -> None:
    with pytest.raises(ArchiveWithin, match=r"model\.onnx: it is a zip archive"):
        inspect_model(put(b"PK\x03\x04" + b"\0" * 40))
