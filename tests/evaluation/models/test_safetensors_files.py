"""The header of a safetensors file must account for every byte; the library of the format is the judge of the judge."""

import json
import struct
import tracemalloc
from typing import Any

import numpy as np
import pytest
import safetensors.numpy as library
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors import SafetensorError, deserialize

from evaluation.archives import ArchiveLimits
from evaluation.models import SafetensorsBroken, inspect_model
from evaluation.models.reading import Reading
from evaluation.models.safetensors_files import MAX_HEADER, Tensor, read_safetensors
from evaluation.trees import FolderTree
from tests.evaluation.models.making import DTYPES, Folder, safetensors, with_header

GOOD = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
EIGHT = b"\0" * 8


def read(folder: Folder, content: bytes) -> tuple[Tensor, ...]:
    """Write a file and read it."""
    folder.put("model.safetensors", content)
    tree = FolderTree(folder.path, limits=ArchiveLimits())
    with Reading(tree, "model.safetensors", name="model.safetensors", size=len(content)) as file:
        return read_safetensors(file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Make one folder for all examples."""
    return Folder(tmp_path_factory.mktemp("weights"))


def two(**changes: Any) -> bytes:
    """Make a file of two tensors, with changes to the second."""
    second = {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]} | changes
    return with_header({"a": GOOD, "b": second}, EIGHT * 2)


BROKEN = {
    "empty": (b"", "cut off"),
    "nine bytes": (b"\0" * 9, "cut off"),
    "a header beyond the file": (struct.pack("<Q", 500) + b"{}", "said to have 500 bytes"),
    "a header of 2**63 bytes": (struct.pack("<Q", 2**63) + b"{}", "said to have 9,223,372,036,854,775,808"),
    "no JSON": (with_header(b"{oops}", EIGHT), "not valid JSON"),
    "no UTF-8": (with_header(b'{"\xff":1}', EIGHT), "not UTF-8"),
    "a list": (with_header(b"[]", EIGHT), "does not begin with a brace"),
    "a blank first": (with_header(b' {"a":1}', EIGHT), "does not begin with a brace"),
    "nothing in it": (with_header({}, b""), "holds no tensor"),
    "only metadata": (with_header({"__metadata__": {"a": "b"}}, b""), "holds no tensor"),
    "metadata of numbers": (with_header({"__metadata__": {"a": 1}, "a": GOOD}, EIGHT), "not an object of texts"),
    "a tensor that is none": (with_header({"a": 1}, EIGHT), "needs just dtype, shape and data_offsets"),
    "one field too many": (with_header({"a": {**GOOD, "more": 1}}, EIGHT), "needs just dtype"),
    "an unknown type": (with_header({"a": {**GOOD, "dtype": "F31"}}, EIGHT), "unknown type 'F31'"),
    "a type that is a list": (with_header({"a": {**GOOD, "dtype": ["F32"]}}, EIGHT), "unknown type"),
    "a negative dimension": (with_header({"a": {**GOOD, "shape": [-2]}}, EIGHT), "a shape that is none"),
    "a dimension of true": (with_header({"a": {**GOOD, "shape": [True]}}, EIGHT), "a shape that is none"),
    "a dimension of 2.0": (with_header({"a": {**GOOD, "shape": [2.0]}}, EIGHT), "a shape that is none"),
    "a huge dimension": (with_header({"a": {**GOOD, "shape": [2**60]}}, EIGHT), "a shape that is none"),
    "dimensions that overflow": (with_header({"a": {**GOOD, "shape": [2**33, 2**31, 2]}}, EIGHT), "needs"),
    "huge dimensions and a zero": (with_header({"a": {**GOOD, "shape": [2**53, 0]}}, EIGHT), "needs 0 bytes"),
    "offsets the wrong way": (with_header({"a": {**GOOD, "data_offsets": [8, 0]}}, EIGHT), "offsets that are none"),
    "negative offsets": (with_header({"a": {**GOOD, "data_offsets": [-8, 0]}}, EIGHT), "offsets that are none"),
    "three offsets": (with_header({"a": {**GOOD, "data_offsets": [0, 8, 8]}}, EIGHT), "offsets that are none"),
    "too few bytes for the shape": (two(shape=[3]), "needs 12 bytes and is given 8"),
    "too many bytes for the shape": (two(shape=[1]), "needs 4 bytes and is given 8"),
    "half a byte": (
        with_header({"a": {"dtype": "F4", "shape": [3], "data_offsets": [0, 2]}}, b"\0\0"),
        "needs 2 bytes",
    ),
    "overlap": (two(data_offsets=[4, 12]), "overlaps the one before it"),
    "the same bytes twice": (two(data_offsets=[0, 8]), "overlaps the one before it"),
    "a gap": (with_header({"a": GOOD, "b": {**GOOD, "data_offsets": [12, 20]}}, EIGHT * 3), "leaves a gap"),
    "a gap at the beginning": (with_header({"a": {**GOOD, "data_offsets": [8, 16]}}, EIGHT * 2), "leaves a gap"),
    "a file that ends early": (two()[:-1], "end 1 bytes after the end of the file"),
    "bytes of no tensor": (two() + b"\0", "1 bytes at its end belong to no tensor"),
    "a key twice": (with_header(b'{"a":%b,"a":%b}' % ((json.dumps(GOOD).encode(),) * 2), EIGHT), "'a' is given twice"),
    "a shape twice": (
        with_header(b'{"a":{"dtype":"F32","shape":[9],"shape":[2],"data_offsets":[0,8]}}', EIGHT),
        "'shape' is given twice",
    ),
    "NaN for an offset": (
        with_header(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[NaN,8]}}', EIGHT),
        "NaN is not a number",
    ),
    "deep nesting": (with_header(b'{"a":' + b"[" * 100_000, EIGHT), "nested too deep"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_lying_header_is_refused(folder: Folder, what: str) -> None:
    content, words = BROKEN[what]
    with pytest.raises(SafetensorsBroken, match=words):
        read(folder, content)


def test_a_refusal_names_the_file_and_what_to_do(model: Folder) -> None:
    model.put("model.safetensors", two() + b"more")
    with pytest.raises(SafetensorsBroken) as refused:
        inspect_model(model.path)
    assert str(refused.value) == (
        "model.safetensors: 4 bytes at its end belong to no tensor. Save it again with the safetensors library."
    )


@pytest.mark.parametrize("length", [MAX_HEADER + 1, 100_000_001])
def test_a_header_that_is_too_long_is_not_read(folder: Folder, length: int) -> None:
    path = folder.put("model.safetensors", struct.pack("<Q", length) + b"{")
    with path.open("r+b") as file:
        file.truncate(length + 100)  # a hole, which takes no room on the disk
    tree = FolderTree(folder.path, limits=ArchiveLimits(total=2**30))
    with Reading(tree, "model.safetensors", name="m", size=length + 100) as file:
        tracemalloc.start()
        try:
            with pytest.raises(SafetensorsBroken, match=f"has {length:,} bytes; at most {MAX_HEADER:,} are read"):
                read_safetensors(file)
            assert tracemalloc.get_traced_memory()[1] < 4_000_000
        finally:
            tracemalloc.stop()


def test_weights_of_any_size_take_little_memory(folder: Folder) -> None:
    content = safetensors({"a": np.zeros(16_000_000, "<f4")})
    path = folder.put("model.safetensors", content)
    size, content = len(content), b""
    tree = FolderTree(folder.path, limits=ArchiveLimits(total=2**30))
    tracemalloc.start()
    try:
        with Reading(tree, path.name, name="m", size=size) as file:
            assert read_safetensors(file)[0].elements == 16_000_000
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8).filter(
    lambda n: n != "__metadata__"
)
ARRAYS = st.sampled_from(sorted(DTYPES)).flatmap(
    lambda dtype: arrays.arrays(
        np.dtype(dtype),
        arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
        elements={"allow_nan": False, "allow_infinity": False} if np.dtype(dtype).kind in "fc" else None,
    )
)


@given(tensors=st.dictionaries(NAMES, ARRAYS, min_size=1, max_size=6))
def test_what_the_library_writes_is_read_as_the_library_reads_it(folder: Folder, tensors: dict[str, Any]) -> None:
    content = library.save(tensors, metadata={"format": "np"})
    theirs = {name: (entry["dtype"], tuple(entry["shape"])) for name, entry in deserialize(content)}
    ours = read(folder, content)
    assert {tensor.name: (tensor.dtype, tensor.shape) for tensor in ours} == theirs
    assert {tensor.name: tensor.elements for tensor in ours} == {name: array.size for name, array in tensors.items()}
    start = 8 + int.from_bytes(content[:8], "little")
    for tensor in ours:
        assert content[start + tensor.begin : start + tensor.end] == tensors[tensor.name].tobytes()


@given(data=st.data(), tensors=st.dictionaries(NAMES, ARRAYS, min_size=1, max_size=3))
@settings(max_examples=300)
def test_whatever_the_library_refuses_is_refused(folder: Folder, data: st.DataObject, tensors: dict[str, Any]) -> None:
    """One byte is changed anywhere, or the file is cut or made longer; whatever is then accepted, the library reads."""
    content = bytearray(safetensors(tensors))
    way = data.draw(st.sampled_from(["change", "cut", "lengthen"]))
    if way == "change":
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    elif way == "cut":
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    else:
        content += data.draw(st.binary(min_size=1, max_size=9))
    try:
        ours = read(folder, bytes(content))
    except ValueError:
        return
    try:
        theirs = deserialize(bytes(content))
    except SafetensorError as error:
        pytest.fail(f"accepted, and the library says: {error}")
    assert {(t.name, t.dtype, t.shape) for t in ours} == {(n, e["dtype"], tuple(e["shape"])) for n, e in theirs}
