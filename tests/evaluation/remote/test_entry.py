"""An entry's file says where an endpoint is and where its key lies, and the command asks it."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.commands import main
from evaluation.endpoints import EndpointRefused, Route
from evaluation.remote import EntryRefused, read_entry
from tests.evaluation.endpoints.serving import KEY, Call, served
from tests.evaluation.remote.suites import TEXT, knows, number_in, suite_of

PLAIN: dict[str, Any] = {
    "url": "https://models.example/v1", "model": "tiny-1", "route": "chat", "key_variable": "THE_KEY",
    "budget": {"requests": 100, "tokens": 10_000, "seconds": 60},
}  # fmt: skip


def put(folder: Path, **changes: Any) -> Path:
    """Write an entry's file; a change to None leaves the field out."""
    path = folder / "endpoint.json"
    path.write_text(json.dumps({name: value for name, value in {**PLAIN, **changes}.items() if value is not None}))
    return path


def test_an_entry_is_read_with_its_key_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", KEY)
    found = read_entry(put(tmp_path, temperature=0.5, at_once=2))
    assert (found.host, found.endpoint.key, found.endpoint.route) == ("models.example", KEY, Route.CHAT)
    assert (found.endpoint.temperature, found.at_once, found.again) == (0.5, 2, 0.02)
    (tmp_path / "key").write_text(f"{KEY}-2\n")
    other = read_entry(put(tmp_path, temperature=0.5, key_variable=None, key_file="key", route="completions"))
    assert (other.endpoint.key, other.endpoint.route) == (f"{KEY}-2", Route.COMPLETIONS)
    assert KEY not in repr(found) + json.dumps(found.to_data())
    assert found.digest != other.digest
    assert read_entry(put(tmp_path, temperature=0.5, key_variable=None, key_file="key")).digest == found.digest


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"key": KEY}, "the key does not belong into this file"),
        ({"key_variable": None}, "either a key_file or a key_variable"),
        ({"key_file": "key"}, "either a key_file or a key_variable"),
        ({"key_variable": "NO_SUCH"}, "has no variable 'NO_SUCH'"),
        ({"route": "messages"}, "write chat or completions"),
        ({"url": None}, "'url' is missing"),
        ({"budget": {"requests": 1}}, "a budget names requests, tokens and seconds"),
        ({"budget": {"requests": 0, "tokens": 1, "seconds": 1}}, "at least one request"),
        ({"budget": {"requests": "x", "tokens": 1, "seconds": 1}}, "invalid literal"),
        ({"seed": "x"}, "the seed is a whole number"),
        ({"again": 2}, "a share from 0 to 1"),
        ({"top_k": 5}, "'top_k' is not known"),
    ],
    ids=str,
)
def test_an_entry_that_will_not_do_is_refused_without_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], why: str
) -> None:
    monkeypatch.setenv("THE_KEY", KEY)
    with pytest.raises(EntryRefused, match=why) as refused:
        read_entry(put(tmp_path, **changes))
    assert KEY not in str(refused.value)


def test_an_address_or_key_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", "short")
    with pytest.raises(EndpointRefused, match="the key must have 8"):
        read_entry(put(tmp_path))
    monkeypatch.setenv("THE_KEY", KEY)
    with pytest.raises(EndpointRefused, match="holds a name or a password"):
        read_entry(put(tmp_path, url="https://me:pass@models.example/v1"))


def test_the_command_asks_goes_on_and_never_writes_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("THE_KEY", KEY)
    suite_of(tmp_path / "suite", TEXT)
    out = tmp_path / "out"

    def behave(call: Call) -> None:
        if number_in(call) == 7 and len(seen) == 0:
            call.handler.reply(json.dumps({"error": {"message": f"no {KEY}"}}).encode(), status=400)
        else:
            knows(call)

    seen: list[int] = []
    with served() as server:
        server.behave = behave
        entry = put(tmp_path, url=server.endpoint.url)
        command = ["run", str(tmp_path / "suite"), "--endpoint", str(entry), "--out", str(out)]
        assert main(command) == 2
        assert "must begin with https" in capsys.readouterr().err
        assert main([*command, "--private"]) == 75
        assert "1 of 20 items have no answer (1 rejected), so nothing is scored" in capsys.readouterr().err
        assert json.loads((out / "problems.json").read_text())["kind"] == "incomplete"
        assert not (out / "meta.json").exists()
        seen.append(1)
        assert main([*command, "--private"]) == 0
        assert "1.000000" in capsys.readouterr().out
    names = {path.name for path in out.iterdir()}
    assert {
        "meta.json",
        "items.parquet",
        "answers.csv",
        "endpoint.json",
        "outcomes.jsonl",
        "outputs.public.jsonl",
    } <= names
    assert "problems.json" not in names
    for path in out.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes()


def test_a_run_needs_a_model_or_an_endpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite_of(tmp_path / "suite", TEXT)
    assert main(["run", str(tmp_path / "suite"), "--out", str(tmp_path / "out")]) == 2
    both = ["run", str(tmp_path / "suite"), "m", "--endpoint", "e.json", "--out", str(tmp_path / "out")]
    assert main(both) == 2
    assert capsys.readouterr().err.count("Name either a model or --endpoint") == 2
