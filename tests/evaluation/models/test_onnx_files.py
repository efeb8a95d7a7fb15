"""ONNX files are read field by field; the package `onnx` writes them here, and judges the table of fields."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import convert_model_to_external_data

from evaluation.models import (
    ArchiveWithin,
    LinkFound,
    ModelFormat,
    ModelRefused,
    OnnxBroken,
    OnnxOperatorUnknown,
    OnnxOutside,
    PickleFound,
    UnexpectedFile,
    WeightsNotFinite,
    inspect_model,
)
from evaluation.models.finite import BITS
from evaluation.models.onnx_schema import MESSAGES, TYPES, Content
from tests.evaluation.models.making import Folder

FLOATS = [TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.FLOAT8E4M3FN]


def a_model(*tensors: TensorProto, nodes: list[Any] | None = None, **more: Any) -> onnx.ModelProto:
    """Make a model that multiplies its input by some weights."""
    weights = list(tensors) or [numpy_helper.from_array(np.eye(3, dtype="f4"), "w")]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3])]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])]
    nodes = nodes if nodes is not None else [helper.make_node("MatMul", ["x", "w"], ["y"])]
    graph = helper.make_graph(nodes, "graph", inputs, outputs, initializer=weights)
    return helper.make_model(graph, producer_name="a-team", **more)


@pytest.fixture
def put(tmp_path: Path) -> Callable[[onnx.ModelProto | bytes], Path]:
    """Give a function that writes a model into a folder of its own."""

    def write(model: onnx.ModelProto | bytes) -> Path:
        content = model if isinstance(model, bytes) else model.SerializeToString()
        Folder(tmp_path / "m").put("model.onnx", content)
        return tmp_path / "m"

    return write


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
@settings(deadline=None, max_examples=300)
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


def varint(value: int) -> bytes:
    """Write a number as a varint."""
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def text(number: int, content: bytes) -> bytes:
    """Write a field of bytes."""
    return varint(number << 3 | 2) + varint(len(content)) + content


VERSION = b"\x08\x0a" + text(8, b"\x10\x15")
SOUND = b"\x08\x01\x10\x01" + text(9, b"\0\0\x80\x3f")  # dims [1], FLOAT, 1.0


def with_tensor(tensor: bytes) -> bytes:
    """Put a tensor into the graph of a model."""
    return VERSION + text(7, text(5, tensor))


ODD = {
    "two raw_data": (SOUND + text(9, b"\0\0\xc0\x7f"), "came before"),
    "two types": (SOUND + b"\x10\x06", "came before"),
    "numbers before the type": (b"\x08\x01" + text(9, b"\0\0\xc0\x7f") + b"\x10\x01", "before its type"),
    "dimensions after the numbers": (SOUND + b"\x08\x01", "has its dims after its numbers"),
    "no type": (b"\x08\x01", "has no type"),
    "an unknown type": (b"\x08\x01\x10\x63", "unknown type 99"),
    "a negative dimension": (b"\x08" + varint(2**64 - 1) + b"\x10\x01", "negative or huge"),
    "too few bytes": (b"\x08\x02\x10\x01" + text(9, b"\0" * 4), "holds 4 bytes of numbers and needs 8"),
    "too many bytes": (b"\x08\x01\x10\x01" + text(9, b"\0" * 8), "holds 8 bytes of numbers and needs 4"),
    "no numbers": (b"\x08\x02\x10\x01", "holds no numbers"),
    "too few integers": (b"\x08\x03\x10\x07" + text(7, b"\x01\x02"), "holds 2 of 3"),
    "numbers in two ways": (SOUND + text(4, b"\0\0\xc0\x7f"), "in two ways"),
    "half a number": (b"\x08\x01\x10\x01" + text(4, b"\0" * 6), "ends within a number"),
    "an unknown field": (SOUND + text(99, b"x"), "field 99"),
    "a text for a type": (b"\x08\x01" + text(2, b"x"), "something else stands where a number"),
    "a location without a place": (SOUND + b"\x70\x01", "does not say clearly"),
    "a place without a location": (b"\x08\x01\x10\x01" + text(13, text(1, b"location") + text(2, b"x")), "clearly"),
}


@pytest.mark.parametrize("what", ODD)
def test_a_tensor_that_could_be_read_in_two_ways_is_refused(put: Put, what: str) -> None:
    assert inspect_model(put(with_tensor(SOUND))).parameters == 1
    content, words = ODD[what]
    with pytest.raises(OnnxBroken, match=words):
        inspect_model(put(with_tensor(content)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (VERSION, "ends without its graph"),
        (text(7, text(5, SOUND)), "ends without its ir_version"),
        (with_tensor(SOUND) + VERSION[:2], "'ir_version' of ModelProto is given twice"),
        (with_tensor(SOUND) + text(7, b""), "'graph' of ModelProto is given twice"),
        (with_tensor(SOUND) + text(30, b"x"), "ModelProto has the unknown field 30"),
        (with_tensor(SOUND) + b"\x39" + b"\0" * 8, "'graph' of ModelProto is written as something else"),
        (with_tensor(SOUND) + b"\x0b", "no field of a protocol buffer"),
        (with_tensor(SOUND) + b"\xff" * 11, "longer than ten bytes"),
        (VERSION + text(7, b""), "holds no weights"),
        (with_tensor(text(8, b"n" * 5_000) + SOUND), "longer than 4,096 bytes"),
    ],
)
def test_a_file_that_is_no_plain_model_is_refused(put: Put, content: bytes, words: str) -> None:
    with pytest.raises(OnnxBroken, match=words):
        inspect_model(put(content))


def test_graphs_within_graphs_have_an_end(put: Put) -> None:
    graph = b""
    for _ in range(40):
        graph = text(1, text(5, text(6, graph)))
    with pytest.raises(OnnxBroken, match="nested more than 32 deep"):
        inspect_model(put(VERSION + text(7, graph)))


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


def test_a_zip_called_onnx_is_refused(put: Put) -> None:
    with pytest.raises(ArchiveWithin, match=r"model\.onnx: it is a zip archive"):
        inspect_model(put(b"PK\x03\x04" + b"\0" * 40))
