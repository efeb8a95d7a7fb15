"""A reference names one commit, and what a hub says of it is checked before a file is fetched."""

import json
from typing import Any

import pytest

from evaluation.hub import HubReference, HubRefused
from evaluation.hub.listing import read_listing
from tests.evaluation.hub.serving import COMMIT, REPO

REFERENCE = HubReference(REPO, COMMIT)


def test_a_full_commit_is_taken() -> None:
    assert HubReference.parse(f"{REPO}@{COMMIT}") == REFERENCE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (REPO, "the commit is missing. A branch or a tag may be another model tomorrow"),
        (f"{REPO}@main", "'main' is no full id of a commit"),
        (f"{REPO}@v1.0", "'v1.0' is no full id"),
        (f"{REPO}@{COMMIT[:12]}", "is no full id"),
        (f"{REPO}@{COMMIT.upper()}", "is no full id"),
        (f"{REPO}@{COMMIT}0", "is no full id"),
        (f"{REPO}@{COMMIT}\n", "is no full id"),
        (f"tiny@{COMMIT}", "'tiny' is no model of a hub"),
        (f"../tiny@{COMMIT}", "is no model of a hub"),
        (f"a/../b@{COMMIT}", "is no model of a hub"),
        (f"a/b/c@{COMMIT}", "is no model of a hub"),
        (f"https://hub/a/b@{COMMIT}", "is no model of a hub"),
        ("", "is no model of a hub"),
    ],
)
def test_whatever_is_no_commit_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(HubRefused, match=why):
        HubReference.parse(text)


def one(name: str = "config.json", **changes: Any) -> dict[str, Any]:
    """Make an entry of a list."""
    return {"name": name, "size": 3, "blob": "a" * 40, "sha256": None, **changes}


def listing(*files: Any, **changes: Any) -> bytes:
    """Make a list as the sandbox hands it over."""
    return json.dumps({"commit": COMMIT, "files": list(files), **changes}).encode()


def test_files_that_no_model_needs_are_left_out_and_said() -> None:
    names = [
        "config.json", "model.safetensors", "README.md", "tokenizer.json", "pytorch_model.bin", "onnx/model.onnx",
        "modeling_own.py", ".gitattributes", "logo.png", ".cache/x.json", "run.sh",
    ]  # fmt: skip
    wanted, left_out = read_listing(listing(*map(one, names)), REFERENCE)
    kept = {".gitattributes", "README.md", "config.json", "model.safetensors", "tokenizer.json"}
    assert {file.name for file in wanted} == kept
    told = {file.name: file.sentence for file in left_out}
    assert told.keys() == set(names) - kept
    assert "may hold pickles" in told["pytorch_model.bin"]
    assert told["onnx/model.onnx"] == "the weights are there as safetensors."
    alone, _ = read_listing(listing(one("model.onnx"), one("weights.data")), REFERENCE)
    assert [file.name for file in alone] == ["model.onnx", "weights.data"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (listing(one("../config.json")), "a name that leaves the model's folder"),
        (listing(one("/etc/passwd")), "leaves the model's folder"),
        (listing(one("a/../../b.json")), "leaves the model's folder"),
        (listing(one("a\\b.json")), "leaves the model's folder"),
        (listing(one("a\0.json")), "leaves the model's folder"),
        (listing(one(""), one()), "leaves the model's folder"),
        (listing(one(7)), "by no text"),  # type: ignore[arg-type]
        (listing(one(size=None)), "does not say how large it is"),
        (listing(one(size=-1)), "does not say how large"),
        (listing(one(size=True)), "does not say how large"),
        (listing(one(blob="x")), "does not say what it hashes to"),
        (listing(one(sha256="x")), "does not say what it hashes to"),
        (listing(one(), one()), "names a file twice"),
        (listing(*(one(f"{n}.json") for n in range(1_001))), "1,001 files are more than the 1,000"),
        (listing(commit="f" * 40), "answers for the commit 'fff"),
        (listing(commit=None), "answers for the commit 'None'"),
        (b"{}", "list of files cannot be read"),
        (b"[" * 100_000, "list of files cannot be read"),
        (listing(files={"a": 1}), "list of files cannot be read"),
        (b"\xff", "list of files cannot be read"),
    ],
    ids=lambda one: str(one)[:60],
)
def test_a_list_that_cannot_be_trusted_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(HubRefused, match=why):
        read_listing(content, REFERENCE)
