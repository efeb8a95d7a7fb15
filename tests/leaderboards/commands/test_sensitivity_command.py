"""`sensitivity` prints which sets would have been the best, and refuses a board without anybody on it."""

import json
from pathlib import Path

import pytest

from leaderboards.commands import main

POLICY = {"tasks": [{"name": task, "floor": 0, "ceiling": 1, "unit": 10} for task in ("law", "mt", "qa")]}
LINES = {"Alder": (10, 3, 3), "Birch": (5, 5, 5), "Cedar": (1, 1, 1)}
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    rows = [
        f"{entrant},{task['name']},i{n},{value}"
        for entrant, line in LINES.items()
        for task, value in zip(POLICY["tasks"], line, strict=True)
        for n in range(2)
    ]
    (tmp_path / "scores.csv").write_text("\n".join(["entrant,task,item,value", *rows, ""]))
    return tmp_path


def test_what_changes_is_named_and_what_does_not_is_counted(capsys: Captured) -> None:
    assert main(["sensitivity", "scores.csv", "--policy", "policy.json", "--top", "1"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("The best 1: Alder.\n")
    assert "Without a task: another set in 1 of 3.\n     joins  leaves\nlaw  Birch  Alder\n" in out
    assert "With one weight changed: another set in 3 of 6.\n" in out
    assert "law, half   Birch  Alder" in out
    assert "Weights drawn between half and double, 2,000 times, seed 0:" in out


def test_the_finding_is_canonical_json(folder: Path, capsys: Captured) -> None:
    assert main(["sensitivity", "scores.csv", "--policy", "policy.json", "--top", "1", "--json", "out.json"]) == 0
    found = json.loads((folder / "out.json").read_bytes())
    assert found["best"] == ["Alder"]
    assert {one["choice"] for one in found["variations"]} == {"rule", "task", "weight"}
    capsys.readouterr()
    assert main(["sensitivity", "scores.csv", "--policy", "policy.json", "--top", "1", "--json", "-"]) == 0
    assert capsys.readouterr().out == (folder / "out.json").read_text()


def test_a_board_without_anybody_is_refused(folder: Path, capsys: Captured) -> None:
    (folder / "status.csv").write_text("entrant,reason\nAlder,late\nBirch,late\nCedar,late\n")
    assert main(["sensitivity", "scores.csv", "--policy", "policy.json", "--status", "status.csv"]) == 2
    assert "at least one ranked entrant" in capsys.readouterr().err
