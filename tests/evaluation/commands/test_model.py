"""The command `model` prints what a model is, or why it is refused, and its exit code says which."""

import json
from pathlib import Path

import numpy as np
import pytest

from evaluation.commands import main
from evaluation.models import inspect_model
from tests.evaluation.models.making import Folder, safetensors


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Make a model of one tensor."""
    found = Folder(tmp_path / "m")
    found.put("config.json", '{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}')
    found.put("model.safetensors", safetensors({"w": np.ones(1500, "<f4")}))
    return found


def test_a_sound_model_ends_with_nought(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    found = inspect_model(folder.path)
    assert main(["model", str(folder.path)]) == 0
    assert capsys.readouterr().out == (
        "format      hugging_face\n"
        f"digest      {found.digest}\n"
        "model       gpt2, GPT2LMHeadModel\n"
        "parameters  1,500 in 1 tensors of F32\n"
        f"size        {found.size:,} bytes in 2 files\n"
        "templates   0\n"
        f"{found.files[0].sha256}  config.json\n"
        f"{found.files[1].sha256}  model.safetensors\n"
    )
    assert main(["model", str(folder.path), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["format"], data["parameters"], data["digest"]) == ("hugging_face", 1500, found.digest)


def test_a_refused_model_ends_with_one(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.put("modeling.py", "")
    assert main(["model", str(folder.path)]) == 1
    sentence = "code of a team is not run. Use an architecture of the library, and remove this file."
    assert capsys.readouterr().err == f"OwnCode  modeling.py: {sentence}\n"
    assert main(["model", str(folder.path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"refused": "OwnCode", "file": "modeling.py", "sentence": sentence}


def test_a_path_that_is_not_there_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none'}: No such file or directory\n"
