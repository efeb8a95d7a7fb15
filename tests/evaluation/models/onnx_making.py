"""ONNX models are made here with the package that defines them."""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def a_model(*tensors: TensorProto, nodes: list[Any] | None = None, **more: Any) -> onnx.ModelProto:
    """Make a model that multiplies its input by some weights."""
    weights = list(tensors) or [numpy_helper.from_array(np.eye(3, dtype="f4"), "w")]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3])]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])]
    nodes = nodes if nodes is not None else [helper.make_node("MatMul", ["x", "w"], ["y"])]
    graph = helper.make_graph(nodes, "graph", inputs, outputs, initializer=weights)
    return helper.make_model(graph, producer_name="a-team", **more)


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
