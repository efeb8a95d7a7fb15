"""An ONNX file that could be read in two ways, or not to its end, is refused."""

from collections.abc import Callable
from pathlib import Path

import onnx
import pytest

from evaluation.models import (
    OnnxBroken,
    inspect_model,
)
from tests.evaluation.models.onnx_making import SOUND, VERSION, text, varint, with_tensor

Put = Callable[[onnx.ModelProto | bytes], Path]


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
