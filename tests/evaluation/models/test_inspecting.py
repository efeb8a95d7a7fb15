"""A sound model is described in the same way however it is packed; what is no model, or not only one, is refused."""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from evaluation import models
from evaluation.archives import ArchiveLimits
from evaluation.models import (
    MODEL_LIMITS,
    FormatUnclear,
    IndexBroken,
    JsonBroken,
    LinkFound,
    ModelFormat,
    ModelRefused,
    PackageDamaged,
    PackageTooLarge,
    PointsElsewhere,
    SettingsBroken,
    TextBroken,
    TokenizerBroken,
    UnexpectedFile,
    WeightsMissing,
    inspect_model,
)
from evaluation.models.package import opened
from evaluation.models.texts import read_text
from tests.evaluation.models.making import Folder, safetensors

FIXTURES = Path(__file__).parents[4] / "shared" / "examples" / "evaluation" / "fixtures"


def test_a_sound_model_is_described(model: Folder) -> None:
    found = inspect_model(model.path)
    assert found.format is ModelFormat.HUGGING_FACE
    assert (found.model_type, found.architecture, found.chat_templates) == ("gpt2", "GPT2LMHeadModel", 1)
    assert (found.parameters, found.tensors, found.dtypes) == (11, 2, ("F16", "F32"))
    files = {path.name: path.read_bytes() for path in model.path.iterdir()}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert {file.name: (file.size, file.sha256) for file in found.files} == {
        name: (len(content), digests[name]) for name, content in files.items()
    }
    lines = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    assert found.digest == hashlib.sha256(lines.encode()).hexdigest()
    assert found.size == sum(map(len, files.values()))


def test_a_folder_and_a_zip_of_it_are_the_same(model: Folder, tmp_path: Path) -> None:
    found = inspect_model(model.path)
    assert inspect_model(model.zipped(tmp_path / "flat.zip")) == found
    assert inspect_model(model.zipped(tmp_path / "in_a_folder.zip", top="my-model/")) == found


@pytest.mark.parametrize("name", ["syn-t10", "syn-t30", "syn-t60"])
def test_a_trained_model_is_accepted(name: str) -> None:
    if not (FIXTURES / name).is_dir():
        pytest.skip("the trained fixtures are not beside this clone")
    found = inspect_model(FIXTURES / name)
    assert (found.model_type, found.parameters, found.tensors, found.dtypes) == ("gpt2", 129_984, 28, ("F32",))


def test_every_reason_is_a_class_of_its_own() -> None:
    reasons = [
        value for name in models.__all__ if isinstance(value := getattr(models, name), type) and "Model" not in name
    ]
    refusals = {reason for reason in reasons if issubclass(reason, ModelRefused)}
    assert len(refusals) == 23
    assert all(reason.__bases__ == (ModelRefused,) for reason in refusals)
    assert issubclass(ModelRefused, ValueError)


def test_a_link_is_refused(model: Folder) -> None:
    os.symlink("/etc/passwd", model.path / "vocab.txt")
    with pytest.raises(LinkFound, match=r"'vocab.txt': links are not allowed"):
        inspect_model(model.path)


def test_a_link_to_a_folder_is_refused(model: Folder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", model.path / "more")
    with pytest.raises(LinkFound, match="'more'"):
        inspect_model(model.path)


def test_too_many_files_or_bytes_are_refused(model: Folder, tmp_path: Path) -> None:
    for limits in (ArchiveLimits(entries=4), ArchiveLimits(total=100)):
        with pytest.raises(PackageTooLarge, match="Hand in the model alone"):
            inspect_model(model.path, limits=limits)
        with pytest.raises(PackageTooLarge, match="Hand in the model alone"):
            inspect_model(model.zipped(tmp_path / "m.zip"), limits=limits)


def test_a_cut_off_archive_is_refused(model: Folder, tmp_path: Path) -> None:
    whole = model.zipped(tmp_path / "m.zip").read_bytes()
    (tmp_path / "m.zip").write_bytes(whole[:-30])
    with pytest.raises(PackageDamaged, match="not a zip archive, or cut off"):
        inspect_model(tmp_path / "m.zip")


def test_an_archive_whose_bytes_were_changed_is_refused(model: Folder, tmp_path: Path) -> None:
    path = model.zipped(tmp_path / "m.zip", stored=True)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"# A model", b"# B model"))
    with pytest.raises(PackageDamaged, match=r"README.md: (damaged|it cannot be read)"):
        inspect_model(path)


def test_a_file_that_changes_while_it_is_looked_at_is_refused(model: Folder) -> None:
    """What was judged and what has the digest must be one and the same."""
    with opened(model.path, MODEL_LIMITS) as package:
        model.put("README.md", "# A model that is longer now\n")
        with pytest.raises(PackageDamaged, match="could be read and not 10"), package.reading("README.md") as file:
            read_text(file)


def test_what_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        inspect_model(tmp_path / "nothing")


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    Folder(tmp_path).put("README.md", "hello")
    with pytest.raises(FormatUnclear, match=r"neither config.json nor an ONNX file"):
        inspect_model(tmp_path)


def test_two_formats_at_once_are_refused(model: Folder) -> None:
    model.put("onnx/model.onnx", b"\x08\x07")
    with pytest.raises(FormatUnclear, match="Hand in one of them"):
        inspect_model(model.path)


@pytest.mark.parametrize("name", ["figure.png", "model.gguf", "tf_model.h5", ".cache/x.json", "__MACOSX/._config.json"])
def test_a_file_that_no_model_needs_is_refused(model: Folder, name: str) -> None:
    model.put(name, b"anything")
    with pytest.raises(UnexpectedFile, match="Remove it"):
        inspect_model(model.path)


@pytest.mark.parametrize("name", [".gitattributes", "LICENSE", "USE_POLICY.md", "merges.txt", "NOTICE", "LICENSE-MIT"])
def test_files_that_models_have_are_accepted(model: Folder, name: str) -> None:
    model.put(name, "plain text\n")
    assert len(inspect_model(model.path).files) == 6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "line 1 is not valid JSON"),
        (b'{"a": 1, "a": 2}', "the key 'a' is given twice"),
        (b'{"a": "\\ud800"}', "half of a character"),
        (b'{"\\uDC00": 1}', "half of a character"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b'{"a": -Infinity}', "-Infinity is not a number"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": ' + b"[" * 65 + b"]" * 65 + b"}", "nested too deep"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "Exceeds the limit"),
    ],
)
def test_json_that_is_not_plain_data_is_refused(model: Folder, content: bytes, words: str) -> None:
    model.put("generation_config.json", content)
    with pytest.raises(JsonBroken, match=words) as refused:
        inspect_model(model.path)
    assert refused.value.file == "generation_config.json"


def test_json_that_is_too_large_is_not_read(model: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluation.models.json_reading.MAX_JSON", 300)
    model.put("tokenizer.json", json.dumps({"a": "b" * 400}))
    with pytest.raises(JsonBroken, match="at most 300 are read"):
        inspect_model(model.path)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a\0b", b"\x01"])
def test_text_that_is_none_is_refused(model: Folder, content: bytes) -> None:
    model.put("vocab.txt", content)
    with pytest.raises(TextBroken, match=r"vocab\.txt"):
        inspect_model(model.path)


def piece(text: bytes, score: float = -1.0) -> bytes:
    """Write one piece of a SentencePiece model: field 1 of the model, with the fields 1 (text) and 2 (score)."""
    inner = b"\x0a" + bytes([len(text)]) + text + b"\x15" + np.float32(score).tobytes()
    return b"\x0a" + bytes([len(inner)]) + inner


def test_the_two_forms_of_a_tokenizer_are_accepted(model: Folder) -> None:
    model.put("tokenizer.model", piece(b"<unk>") + piece(b"\xe2\x96\x81a") + b"\x12\x02\x08\x01")
    inspect_model(model.path)
    model.put("tokenizer.model", b"IQ== 0\nIg== 1\n")
    inspect_model(model.path)


@pytest.mark.parametrize("content", [b"", b"hello\n", piece(b"a")[:-1], piece(b"a") + b"\x07", b"\x0a\xff\xff\xff\x7f"])
def test_a_tokenizer_that_is_neither_is_refused(model: Folder, content: bytes) -> None:
    model.put("tokenizer.model", content)
    with pytest.raises(TokenizerBroken, match=r"tokenizer\.model"):
        inspect_model(model.path)


def test_weights_must_be_there(model: Folder) -> None:
    (model.path / "model.safetensors").rename(model.path / "other.safetensors")
    with pytest.raises(WeightsMissing, match=r"neither model.safetensors nor"):
        inspect_model(model.path)
    (model.path / "other.safetensors").unlink()
    with pytest.raises(WeightsMissing, match="Save the model as safetensors"):
        inspect_model(model.path)


@pytest.fixture
def sharded(model: Folder) -> Callable[[object], Path]:
    """Give a function that divides the model into two files and writes an index."""

    def write(weight_map: object) -> Path:
        (model.path / "model.safetensors").unlink(missing_ok=True)
        model.put("a.safetensors", safetensors({"wte": np.ones((4, 2), "<f4")}))
        model.put("b.safetensors", safetensors({"bias": np.ones(3, "<f4"), "more": np.ones(1, "<f4")}))
        model.put("model.safetensors.index.json", json.dumps({"metadata": {}, "weight_map": weight_map}))
        return model.path

    return write


WHOLE = {"wte": "a.safetensors", "bias": "b.safetensors", "more": "b.safetensors"}


def test_weights_in_several_files_are_added_up(sharded: Callable[[object], Path]) -> None:
    assert inspect_model(sharded(WHOLE)).parameters == 12


@pytest.mark.parametrize(
    ("weight_map", "refusal", "words"),
    [
        ({**WHOLE, "wte": "../other/a.safetensors"}, PointsElsewhere, "not beside it"),
        ({**WHOLE, "wte": "/data/a.safetensors"}, PointsElsewhere, "not beside it"),
        ({**WHOLE, "wte": ".."}, PointsElsewhere, "not beside it"),
        ({**WHOLE, "wte": "c.safetensors"}, IndexBroken, "'c.safetensors', which is missing"),
        ({**WHOLE, "wte": "README.md"}, IndexBroken, "no safetensors file"),
        ({**WHOLE, "wte": "b.safetensors"}, IndexBroken, "the tensor 'wte' is not in b.safetensors"),
        ({"wte": "a.safetensors", "bias": "b.safetensors"}, IndexBroken, "the tensor 'more'"),
        ({}, IndexBroken, "no weight_map"),
        ([], IndexBroken, "no weight_map"),
        ({"wte": 1}, IndexBroken, "no weight_map"),
    ],
)
def test_an_index_must_name_what_is_there(
    sharded: Callable[[object], Path], weight_map: object, refusal: type[ModelRefused], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        inspect_model(sharded(weight_map))


def test_a_configuration_must_name_its_kind(model: Folder) -> None:
    model.put("config.json", "{}")
    with pytest.raises(SettingsBroken, match="names no model_type"):
        inspect_model(model.path)


def test_nothing_that_could_load_a_model_is_imported(model: Folder) -> None:
    inspect_model(model.path)
    assert {"torch", "transformers", "safetensors.torch", "onnxruntime"}.isdisjoint(sys.modules)
