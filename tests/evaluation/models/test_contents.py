"""Pickles, archives and programs are refused by their bytes as well as by their names, and never run."""

import bz2
import gzip
import io
import lzma
import pickle
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.models import ArchiveWithin, OwnCode, PickleFound, ProgramFound, UnexpectedFile, inspect_model
from evaluation.models.pickles import is_pickle
from tests.evaluation.models.making import Folder, raw, with_header

ZSTD_EMPTY = bytes.fromhex("28b52ffd0458010000" + "99e9d851")


class Bomb:
    """Writes a file when it is unpickled, so that a test can see whether anything did."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        """Ask the unpickler to write the file."""
        return Path.write_text, (self.path, "it ran")


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Name the file that a bomb writes."""
    return tmp_path / "it_ran"


@pytest.fixture(params=range(6))
def bomb(request: pytest.FixtureRequest, trace: Path) -> bytes:
    """Make a pickle of each protocol; it is shown to work, once, before anything is asked of the instrument."""
    content = pickle.dumps(Bomb(trace), protocol=request.param)
    pickle.loads(content)  # noqa: S301 -- the test's own
    assert trace.read_text() == "it ran"
    trace.unlink()
    return content


@pytest.mark.parametrize(
    "name", ["pytorch_model.bin", "a.pt", "a.pth", "a.ckpt", "a.pkl", "a.joblib", "a.npy", "a.npz", "deep/er/A.PT"]
)
def test_a_pickle_by_its_name_is_refused_whatever_it_holds(model: Folder, name: str) -> None:
    model.put(name, b"{}")
    with pytest.raises(PickleFound, match="Save the weights as safetensors") as refused:
        inspect_model(model.path)
    assert refused.value.file == name


@pytest.mark.parametrize(
    "name", ["model.safetensors", "config.json", "vocab.txt", "README", "tokenizer.model", "a.jinja", "b.tiktoken"]
)
def test_a_pickle_by_its_bytes_is_refused_whatever_its_name(model: Folder, name: str, bomb: bytes, trace: Path) -> None:
    model.put(name, bomb)
    with pytest.raises(PickleFound, match="by its bytes it is a pickle"):
        inspect_model(model.path)
    assert not trace.exists()


def test_a_pickle_called_onnx_is_refused(tmp_path: Path, bomb: bytes, trace: Path) -> None:
    Folder(tmp_path / "m").put("model.onnx", bomb)
    with pytest.raises(PickleFound, match=r"model\.onnx: by its bytes"):
        inspect_model(tmp_path / "m")
    assert not trace.exists()


def test_a_pickle_that_is_longer_than_what_is_looked_at_is_refused(model: Folder, trace: Path) -> None:
    for protocol in range(6):
        model.put("vocab.txt", pickle.dumps([Bomb(trace), *range(200_000)], protocol=protocol))
        with pytest.raises(PickleFound, match=r"vocab\.txt"):
            inspect_model(model.path)


def test_a_pickle_of_plain_data_is_refused_too(model: Folder) -> None:
    for protocol in range(6):
        model.put("vocab.txt", pickle.dumps(["a", 1], protocol=protocol))
        with pytest.raises(PickleFound, match=r"vocab\.txt"):
            inspect_model(model.path)


@pytest.mark.parametrize(
    "text",
    [
        ".",
        "N.",
        "",
        "hello.",
        "hello",
        "hahbhc.",
        "(lp0 and more.",
        "cats and dogs.",
        "{}",
        "[1]",
        '{"a": 1}',
        "I am a model.\nN.",
        "#version: 0.2\nh e\n",
        "0 1\n.",
        "x^2.",
    ],
)
def test_a_text_is_not_taken_for_a_pickle(text: str) -> None:
    assert not is_pickle(text.encode(), whole=True)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.tuples(inner, inner)))
def test_every_pickle_of_a_protocol_with_a_mark_is_known(value: object) -> None:
    for protocol in (2, 3, 4, 5):
        assert is_pickle(pickle.dumps(value, protocol=protocol), whole=True)


def zipped(name: str, content: bytes) -> bytes:
    """Pack one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def tarred(content: bytes) -> bytes:
    """Pack one file as a tar archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("data.pkl")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


PICKLED = pickle.dumps(["x"] * 50, protocol=2)
WRAPPED = {
    "zip": zipped("archive/data.pkl", PICKLED),
    "zip in zip": zipped("inner.zip", zipped("data.pkl", PICKLED)),
    "gzip": gzip.compress(PICKLED),
    "bzip2": bz2.compress(PICKLED),
    "xz": lzma.compress(PICKLED),
    "lzma": lzma.compress(PICKLED, format=lzma.FORMAT_ALONE),
    "zlib": zlib.compress(PICKLED, 3),
    "zlib, best": zlib.compress(PICKLED, 9),
    "zlib, as joblib": zlib.compress(PICKLED, 1),
    "zstd": ZSTD_EMPTY,
    "tar": tarred(PICKLED),
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 30,
    "lz4": b"\x04\x22\x4d\x18" + b"\0" * 30,
}


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "vocab.txt"])
@pytest.mark.parametrize("way", WRAPPED)
def test_what_is_wrapped_is_refused_and_not_unwrapped(model: Folder, name: str, way: str) -> None:
    model.put(name, WRAPPED[way])
    with pytest.raises(ArchiveWithin, match=r"Unpack it|hidden at its end") as refused:
        inspect_model(model.path)
    assert refused.value.file == name


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tgz", "a.whl", "a.zst"])
def test_an_archive_by_its_name_is_refused(model: Folder, name: str) -> None:
    model.put(name, b"text")
    with pytest.raises(ArchiveWithin, match="Unpack it"):
        inspect_model(model.path)


def test_an_archive_within_the_archive_is_refused(model: Folder, tmp_path: Path) -> None:
    model.put("notes.txt", WRAPPED["zip"])
    with pytest.raises(ArchiveWithin, match=r"notes\.txt: it is a zip archive"):
        inspect_model(model.zipped(tmp_path / "m.zip"))


def test_a_zip_at_the_end_of_sound_weights_is_refused(model: Folder) -> None:
    model.put("model.safetensors", raw("U8", b"\0" * 7 + WRAPPED["zip"], count=7 + len(WRAPPED["zip"])))
    with pytest.raises(ArchiveWithin, match="hidden at its end"):
        inspect_model(model.path)


def test_a_zip_at_the_end_of_a_tokenizer_is_refused(model: Folder) -> None:
    packed = WRAPPED["zip"]
    assert len(packed) < 16_384
    length = bytes([len(packed) & 0x7F | 0x80, len(packed) >> 7])
    model.put("tokenizer.model", b"\x0a\x01\x00" + b"\x0a" + length + packed)
    with pytest.raises(ArchiveWithin, match=r"tokenizer\.model: a zip archive is hidden at its end"):
        inspect_model(model.path)


def test_weights_that_begin_like_something_else_are_accepted(model: Folder) -> None:
    """A header of 640 bytes begins with 0x80 0x02, as a pickle of protocol 2 does."""
    text = b'{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'.ljust(0x0280)
    model.put("model.safetensors", with_header(text, b"\x01"))
    assert inspect_model(model.path).parameters == 1


def test_an_array_of_objects_is_a_pickle_and_one_of_numbers_is_not(model: Folder) -> None:
    for array, refusal in ((np.array([{}], dtype=object), PickleFound), (np.zeros(3), UnexpectedFile)):
        buffer = io.BytesIO()
        np.save(buffer, array)
        model.put("vocab.txt", buffer.getvalue())
        with pytest.raises(refusal, match=r"vocab\.txt: it is a numpy array"):
            inspect_model(model.path)


@pytest.mark.parametrize("name", ["a.so", "liba.so.1", "a.dll", "a.exe", "run.sh", "a.bat", "a.wasm", "a.ptx"])
def test_a_program_by_its_name_is_refused(model: Folder, name: str) -> None:
    model.put(name, b"text")
    with pytest.raises(ProgramFound, match="Remove"):
        inspect_model(model.path)


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x02\x01\x01",
        b"#!/bin/sh\nid\n",
        b"MZ\x90\0\x03\0",
        b"\0asm\x01",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
    ],
)
@pytest.mark.parametrize("name", ["vocab.txt", "generation_config.json", "model.safetensors", "tokenizer.model"])
def test_a_program_by_its_bytes_is_refused(model: Folder, name: str, content: bytes) -> None:
    model.put(name, content)
    with pytest.raises(ProgramFound, match="Remove it"):
        inspect_model(model.path)


@pytest.mark.parametrize("name", ["modeling_own.py", "tokenization_own.py", "a/b.pyc", "demo.ipynb", "X.PY"])
def test_code_is_refused(model: Folder, name: str) -> None:
    model.put(name, "print(1)")
    with pytest.raises(OwnCode, match="code of a team is not run") as refused:
        inspect_model(model.path)
    assert refused.value.file == name
