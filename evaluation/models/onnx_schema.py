"""The messages of ONNX that are looked into, by the numbers of their fields.

From onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), as of IR version 13; a test holds this table
against the `onnx` package. A field that is not here is refused: nobody could say what it does.
"""

from dataclasses import dataclass
from enum import Enum

from evaluation.models.wire import Wire


class Content(Enum):
    """What the value of a field is, as far as reading goes."""

    NUMBER = Wire.VARINT
    DOUBLE = Wire.EIGHT
    FLOAT = Wire.FOUR
    BYTES = Wire.BYTES


@dataclass(frozen=True)
class Field:
    """One field: its name, what it holds, whether it may occur often, and the message in it that is looked into."""

    name: str
    content: Content = Content.BYTES
    often: bool = False
    message: str = ""


def _one(name: str, message: str = "") -> Field:
    return Field(name, message=message)


def _many(name: str, message: str = "") -> Field:
    return Field(name, often=True, message=message)


def _number(name: str, *, often: bool = False) -> Field:
    return Field(name, Content.NUMBER, often)


MESSAGES: dict[str, dict[int, Field]] = {
    "ModelProto": {
        1: _number("ir_version"), 2: _one("producer_name"), 3: _one("producer_version"), 4: _one("domain"),
        5: _number("model_version"), 6: _one("doc_string"), 7: _one("graph", "GraphProto"),
        8: _many("opset_import"), 14: _many("metadata_props"), 20: _many("training_info", "TrainingInfoProto"),
        25: _many("functions", "FunctionProto"), 26: _many("configuration"),
    },
    "GraphProto": {
        1: _many("node", "NodeProto"), 2: _one("name"), 5: _many("initializer", "TensorProto"), 10: _one("doc_string"),
        11: _many("input"), 12: _many("output"), 13: _many("value_info"), 14: _many("quantization_annotation"),
        15: _many("sparse_initializer", "SparseTensorProto"), 16: _many("metadata_props"),
    },
    "NodeProto": {
        1: _many("input"), 2: _many("output"), 3: _one("name"), 4: _one("op_type"),
        5: _many("attribute", "AttributeProto"), 6: _one("doc_string"), 7: _one("domain"), 8: _one("overload"),
        9: _many("metadata_props"), 10: _many("device_configurations"),
    },
    "AttributeProto": {
        1: _one("name"), 2: Field("f", Content.FLOAT), 3: _number("i"), 4: _one("s"), 5: _one("t", "TensorProto"),
        6: _one("g", "GraphProto"), 7: Field("floats", Content.FLOAT, often=True), 8: _number("ints", often=True),
        9: _many("strings"), 10: _many("tensors", "TensorProto"), 11: _many("graphs", "GraphProto"),
        13: _one("doc_string"), 14: _one("tp"), 15: _many("type_protos"), 20: _number("type"),
        21: _one("ref_attr_name"), 22: _one("sparse_tensor", "SparseTensorProto"),
        23: _many("sparse_tensors", "SparseTensorProto"),
    },
    "TensorProto": {
        1: _number("dims", often=True), 2: _number("data_type"), 3: _one("segment"),
        4: Field("float_data", Content.FLOAT, often=True), 5: _number("int32_data", often=True),
        6: _many("string_data"), 7: _number("int64_data", often=True), 8: _one("name"), 9: _one("raw_data"),
        10: Field("double_data", Content.DOUBLE, often=True), 11: _number("uint64_data", often=True),
        12: _one("doc_string"), 13: _many("external_data", "StringStringEntryProto"), 14: _number("data_location"),
        16: _many("metadata_props"),
    },
    "SparseTensorProto": {
        1: _one("values", "TensorProto"), 2: _one("indices", "TensorProto"), 3: _number("dims", often=True),
    },
    "FunctionProto": {
        1: _one("name"), 4: _many("input"), 5: _many("output"), 6: _many("attribute"), 7: _many("node", "NodeProto"),
        8: _one("doc_string"), 9: _many("opset_import"), 10: _one("domain"),
        11: _many("attribute_proto", "AttributeProto"),
        12: _many("value_info"), 13: _one("overload"), 14: _many("metadata_props"),
    },
    "TrainingInfoProto": {
        1: _one("initialization", "GraphProto"), 2: _one("algorithm", "GraphProto"), 3: _many("initialization_binding"),
        4: _many("update_binding"),
    },
    "StringStringEntryProto": {1: _one("key"), 2: _one("value")},
}  # fmt: skip

TYPES: dict[int, str] = {
    1: "F32", 2: "U8", 3: "I8", 4: "U16", 5: "I16", 6: "I32", 7: "I64", 8: "STRING", 9: "BOOL", 10: "F16", 11: "F64",
    12: "U32", 13: "U64", 14: "C64", 15: "C128", 16: "BF16", 17: "F8_E4M3", 18: "F8_E4M3FNUZ", 19: "F8_E5M2",
    20: "F8_E5M2FNUZ", 21: "U4", 22: "I4", 23: "F4", 24: "F8_E8M0", 25: "U2", 26: "I2",
}  # fmt: skip
"""The types of elements by TensorProto.DataType, under the names that safetensors give them."""

STANDARD_DOMAINS = frozenset(
    {"", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "ai.onnx.preview.training"}
)
BUILT_IN_DOMAINS = frozenset({"com.microsoft", "com.microsoft.nchwc", "com.ms.internal.nhwc"})
"""Domains whose operators are part of ONNX Runtime itself."""
RUNS_CODE = frozenset({"PythonOp", "PythonOpGrad", "PyOp", "ATen", "ATenGrad", "EPContext", "ExternOp"})
"""Operators of ONNX Runtime that call Python or load a compiled file."""
