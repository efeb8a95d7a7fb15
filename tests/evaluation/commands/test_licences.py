"""The command `licences` prints the verdict in sentences or as JSON, and its exit code says whether it accepts."""

import json
from pathlib import Path

import pytest

from evaluation.commands import main


def test_a_package_without_a_licence_is_told_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: cc\n---\n")
    assert main(["licences", str(tmp_path)]) == 1
    assert capsys.readouterr().out == (
        "verdict    non_compliant\n"
        "declared   cc\n"
        "detected   -\n"
        "concluded  -\n"
        "open source under Art. 53(2) AI Act: no (C(2025) 5045, paragraphs 90 to 92: weights, architecture and usage "
        "must be public)\n"
        "class of the Model Openness Framework: none\n"
        "AMBIGUOUS_ID  README.md:2: 'cc' names a family of licences and not one of them.\n"
        "    Name one licence by its SPDX identifier, such as Apache-2.0.\n"
        "DECLARED_ONLY  README.md:2: 'cc' is all that is said of the licence: no licence text is in the package.\n"
        "    Add the licence's full, unchanged text as a file LICENSE.\n"
        "COMPONENT_MISSING  The package holds no model weights that can be read.\n"
        "    Add the weights as safetensors, GGUF or ONNX, or release by publication.\n"
    )


def test_an_accepted_release_ends_with_nought(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["licences", str(tmp_path), "--route", "publication", "--doi", "10.5281/zenodo.1234567", "--json"]
    assert main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["outcome"], found["reasons"][0]["code"]) == ("by_publication", "PUBLICATION_OK")


def test_bad_input_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licences", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none'}: no such file or folder\n"
    (tmp_path / "policy.json").write_text("{}")
    assert main(["licences", str(tmp_path), "--policy", str(tmp_path / "policy.json")]) == 2
    assert capsys.readouterr().err == "aliases: missing, or not a dict\n"


@pytest.mark.parametrize("batch", ["files", "repos"])
def test_a_batch_without_a_folder_says_what_is_missing(batch: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licences", batch]) == 2
    assert capsys.readouterr().err == f"{batch}: name one folder behind it: python -m evaluation licences {batch} DIR\n"
