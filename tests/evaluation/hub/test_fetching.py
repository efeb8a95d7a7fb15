"""A model is fetched from a hub on this machine by huggingface_hub itself, in its sandbox, and hostile hubs are refused."""

import hashlib
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluation.commands import main
from evaluation.engines import EngineMissing
from evaluation.engines.engine import HUB, installed
from evaluation.hub import (
    Hub,
    HubFailed,
    HubReference,
    HubRefused,
    HubSaysNo,
    HubTooLarge,
    HubUntrue,
    HubWithoutWeights,
    fetch,
    fetch_texts,
    is_weights,
)
from evaluation.hub.fetching import _loads
from evaluation.hub.listing import HubFile
from evaluation.models import ModelRefused, inspect_model
from evaluation.sandbox import why_not_untrusted
from tests.evaluation.hub.serving import COMMIT, REPO, Served, served
from tests.evaluation.models.making import safetensors

REFERENCE = HubReference(REPO, COMMIT)
WEIGHTS = "model.safetensors"
FILES = {
    "config.json": b'{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}',
    "README.md": b"# Tiny\n",
    "vocab.txt": b"",
    WEIGHTS: safetensors({"w": np.arange(25_000, dtype="<f4")}),
}
LARGE = frozenset({WEIGHTS})


@pytest.fixture(autouse=True)
def _needs_the_fetching_step() -> None:
    """Skip where the environment, or a machine that can hold it, is missing."""
    if why_not := why_not_untrusted():
        pytest.skip(why_not)
    try:
        installed(HUB)
    except EngineMissing as error:
        pytest.skip(str(error))


def fetched(hub: Served, out: Path, **more: Any) -> Any:
    """Fetch from a hub."""
    return fetch(REFERENCE, out, hub=hub.hub, **more)


def test_a_commit_is_fetched_whole_and_looked_at(tmp_path: Path) -> None:
    files = {**FILES, "pytorch_model.bin": pickle.dumps([1]), "modeling_own.py": b"import os\n"}
    with served(files, large=LARGE) as hub:
        found = fetched(hub, tmp_path / "model", piece=40_000)
    assert {path.name: path.read_bytes() for path in (tmp_path / "model").iterdir()} == FILES
    assert found.facts == inspect_model(tmp_path / "model")
    assert [file.name for file in found.left_out] == ["modeling_own.py", "pytorch_model.bin"]
    assert list(tmp_path.iterdir()) == [tmp_path / "model"]
    parts = [headers.get("range") for _, path, headers in hub.seen if path == f"/storage/{WEIGHTS}"]
    assert len(parts) == 3  # 100 kB in pieces of 40
    for _, path, headers in hub.seen:
        assert "bin" not in path
        assert not path.endswith(".py")
        assert headers.keys() <= {"host", "accept", "accept-encoding", "connection", "user-agent", "range"}
        assert headers["user-agent"].startswith("evaluation/")


def test_texts_are_fetched_without_the_weights_beside_which_they_lie(tmp_path: Path) -> None:
    files = {**FILES, "LICENSE": b"Do as you like.", "tokenizer.json": b"{" + b" " * 2**20 + b"}"}
    with served(files, large=LARGE) as hub:
        found = fetch_texts(REFERENCE, tmp_path / "texts", hub=hub.hub)
        asked = {path.rpartition("/")[2] for _, path, _ in hub.seen if "/resolve/" in path}
    here = {path.name for path in (tmp_path / "texts").iterdir()}
    assert here == {*asked, "vocab.txt"} == {"config.json", "README.md", "LICENSE", "vocab.txt"}  # the last is empty
    assert {file.name for file in found.files} == files.keys()
    [weights] = [file for file in found.files if is_weights(file)]
    assert weights.sha256 == hashlib.sha256(FILES[WEIGHTS]).hexdigest()
    with served({**files, "LICENSE": b"x"}, spoil=flipped) as hub, pytest.raises(HubUntrue):
        fetch_texts(REFERENCE, tmp_path / "again", hub=hub.hub)
    assert not (tmp_path / "again").exists()


def test_an_answer_that_breaks_off_is_asked_again(tmp_path: Path) -> None:
    with served(FILES, large=LARGE, break_off=2) as hub:
        fetched(hub, tmp_path / "model")
    assert (tmp_path / "model" / WEIGHTS).read_bytes() == FILES[WEIGHTS]


def flipped(content: bytes) -> bytes:
    """Change the last byte."""
    return content[:-1] + bytes([content[-1] ^ 1]) if content else content


@pytest.mark.parametrize(
    ("ill", "why"),
    [
        ({"named": "f" * 40}, "the hub answers for the commit 'ffff"),
        ({"commit": "f" * 40}, "the hub answers for the commit 'ffff"),
        ({"listed": {WEIGHTS: {"linked": 7}}}, r"the hub announced 100,\d+ bytes, and now 7"),
        ({"more": b"x"}, "announced"),
        ({"spoil": flipped}, "its bytes are not those of the commit"),
        ({"spoil": lambda content: content * 2}, "announced"),
        ({"listed": {"README.md": {"rfilename": "../README.md"}}}, "a name that leaves the model's folder"),
        ({"leads": "http://127.0.0.2:1/x"}, "'127.0.0.2', which is not allowed"),
        ({"leads": "http://localhost:22/x"}, "'localhost', which is not allowed"),
        ({"leads": "file:///etc/passwd"}, "which is not https"),
        ({"leads": "http://cdn.hf.co/x"}, "has the address 169.254.169.254, which is not a public one"),
        ({"leads": f"/{REPO}/resolve/{COMMIT}/{WEIGHTS}"}, "redirects more than 5 times"),
    ],
)
def test_a_hub_that_is_not_true_to_its_word_is_refused(tmp_path: Path, ill: dict[str, Any], why: str) -> None:
    def resolver(host: str, _port: int) -> list[str]:
        return ["169.254.169.254" if host == "cdn.hf.co" else host]

    with served(FILES, large=LARGE, **ill) as hub, pytest.raises(HubUntrue, match=why):
        fetched(hub, tmp_path / "model", resolver=resolver)
    assert list(tmp_path.iterdir()) == []


def test_a_hub_that_sends_no_parts_is_refused(tmp_path: Path) -> None:
    with served(FILES, large=LARGE, ranges=False) as hub:
        with pytest.raises(HubRefused, match="sends no part of it"):
            fetched(hub, tmp_path / "model", piece=40_000)
        fetched(hub, tmp_path / "model")


def test_a_hub_on_this_machine_is_not_reached_unless_it_may_be(tmp_path: Path) -> None:
    with served(FILES) as hub:
        https = hub.hub.endpoint.replace("http", "https")
        for endpoint, why in ((hub.hub.endpoint, "is not https"), (https, "which is not a public one")):
            with pytest.raises(HubRefused, match=why):
                fetch(REFERENCE, tmp_path / "model", hub=Hub(endpoint=endpoint))
        assert hub.seen == []


def test_what_is_too_large_is_refused_before_a_byte_of_it_is_fetched(tmp_path: Path) -> None:
    with served(FILES, large=LARGE) as hub, pytest.raises(HubTooLarge, match="bytes are more than the 100,000"):
        fetched(hub, tmp_path / "model", largest=100_000)
    assert len(hub.seen) == 1


def test_a_pickle_under_another_name_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with served({**FILES, "vocab.txt": pickle.dumps({"a": 1}, protocol=4)}) as hub:
        with pytest.raises(ModelRefused, match="pickle"):
            fetched(hub, tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_a_hub_whose_name_cannot_be_resolved_is_away_and_not_untrue(tmp_path: Path) -> None:
    def resolver(_host: str, _port: int) -> list[str]:
        raise OSError("the name server is away")

    with served(FILES) as hub, pytest.raises(HubFailed, match="could not be asked"):
        fetched(hub, tmp_path / "model", resolver=resolver)


def test_without_weights_that_are_loaded_nothing_is_fetched_and_what_was_left_out_is_said(tmp_path: Path) -> None:
    pickles = {**FILES, "pytorch_model.bin": pickle.dumps([1])}
    del pickles[WEIGHTS]
    with served(pickles) as hub, pytest.raises(HubWithoutWeights, match=r"pytorch_model.bin: .*may hold pickles"):
        fetched(hub, tmp_path / "model")
    with served({"photo.png": b"x"}) as hub, pytest.raises(HubWithoutWeights, match="no weights as safetensors"):
        fetched(hub, tmp_path / "model")
    assert len(hub.seen) == 1


def test_whoever_hears_the_progress_may_stop_it(tmp_path: Path) -> None:
    def stop(done: int, total: int, name: str) -> None:
        if done:
            raise KeyError(f"{done:,} of {total:,}, {name}")

    with served(FILES, large=LARGE) as hub, pytest.raises(KeyError, match="40,000 of 100"):
        fetched(hub, tmp_path / "model", piece=40_000, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_commit_is_told_and_a_hub_that_is_away_is_no_ones_fault(tmp_path: Path) -> None:
    with served(FILES) as hub:
        away = hub.hub
        with pytest.raises(HubSaysNo, match="the hub answered 404"):
            fetch(HubReference(REPO, "f" * 40), tmp_path / "model", hub=away)
    with pytest.raises(HubFailed, match="could not be asked"):
        fetch(REFERENCE, tmp_path / "model", hub=away)


def test_the_command_fetches_and_says_what_it_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "model")
    with served({**FILES, "model.bin": b"x"}, large=LARGE) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.hub.endpoint)
        assert main(["fetch", f"{REPO}@{COMMIT}", "--out", out]) == 2
        assert "not https" in capsys.readouterr().err
        assert main(["fetch", f"{REPO}@main", "--out", out, "--private"]) == 2
        assert "'main' is no full id of a commit" in capsys.readouterr().err
        assert main(["fetch", f"{REPO}@{COMMIT}", "--out", out, "--private"]) == 0
        said = capsys.readouterr().out
        assert said.startswith("left out    model.bin: ")
        assert inspect_model(out).digest in said
        assert main(["fetch", f"{REPO}@{COMMIT}", "--out", out, "--private"]) == 2
        assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize("sizes", [[0], [5, 5], [10], [25, 0, 3], [0, 0, 30], [1] * 1_200], ids=str)
def test_loads_hold_every_byte_once_and_no_more_than_they_may(sizes: list[int]) -> None:
    files = [HubFile(name=f"{n}.txt", size=size, blob="a" * 40, sha256=None) for n, size in enumerate(sizes)]
    loads = list(_loads(files, 10))
    assert all(sum(piece.length for piece in load) <= 10 for load in loads)
    assert all(len({piece.name for piece in load}) == len(load) <= 500 for load in loads)
    for file in files:
        pieces = [piece for load in loads for piece in load if piece.file is file]
        assert pieces[0].begin == 0
        assert [one.begin + one.length for one in pieces] == [*(one.begin for one in pieces[1:]), file.size]
