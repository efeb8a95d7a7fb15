"""`compare` and `friedman` print what they found, and refuse what cannot be compared."""

import json
from pathlib import Path

import pytest

from leaderboards import Policy, read_scores
from leaderboards.canonical import canonical_bytes
from leaderboards.commands import main
from leaderboards.comparisons import compare

TASKS = ("qa", "mt", "law")
POLICY = {"tasks": [{"name": task, "floor": 0, "ceiling": 1, "unit": 100} for task in TASKS], "draws": 500}
LINES = {"Alder": [90, 80, 70, 60], "Birch": [80, 80, 60, 60], "Cedar": [10, 30, 20, 20]}
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    rows = [
        f"{entrant},{task},i{n},{value}"
        for entrant, line in LINES.items()
        for task in TASKS
        for n, value in enumerate(line)
    ]
    (tmp_path / "scores.csv").write_text("\n".join(["entrant,task,item,value", *rows, ""]))
    return tmp_path


def test_compare_prints_differences_chance_and_practice(capsys: Captured) -> None:
    assert main(["compare", "scores.csv", "Alder", "Birch", "--policy", "policy.json", "--rope", "5"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Alder against Birch, in points, each interval 95% by itself:",
        "",
        "task  Alder − Birch    low   high",
        "qa            +1.67  -1.40  +4.73",
        "mt            +1.67  -1.40  +4.73",
        "law           +1.67  -1.40  +4.73",
        "all           +5.00  +1.23  +8.77",
        "",
        "Exchanging answers cluster by cluster: p = 0.0312 (all exchanges counted, 6 clusters differ).",
        "Practically equal within ±5 on a task's own 0 to 100; the tasks as a sample of tasks:",
        "",
        "                  Alder better   equal  Birch better",
        "sign test               0.0000  1.0000        0.0000",
        "signed-rank test        0.0000  1.0000        0.0000",
    ]


def test_compare_writes_what_python_returns(capsys: Captured) -> None:
    assert main(["compare", "scores.csv", "Alder", "Cedar", "--policy", "policy.json", "--json", "-"]) == 0
    expected = compare(read_scores("scores.csv"), Policy.from_dict(POLICY), "Alder", "Cedar", rope=1)
    assert capsys.readouterr().out.encode() == canonical_bytes(expected.to_dict())


def test_friedman_prints_ranks_and_groups(capsys: Captured) -> None:
    assert main(["friedman", "scores.csv", "--policy", "policy.json"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "mean rank  entrant  group",
        "    1.000  Alder    a",
        "    2.000  Birch    ab",
        "    3.000  Cedar    b",
        "",
        "3 entrants, 3 tasks.",
        "Friedman: χ² = 6.000, p = 0.0498.",
        "Iman and Davenport: all tasks agree on one order, p = 0.0278.",
        "Nemenyi: critical difference 1.914 at 0.05; who shares a group cannot be told apart.",
    ]
    assert main(["friedman", "scores.csv", "--policy", "policy.json", "--json", "out.json"]) == 0
    kept = json.loads(Path("out.json").read_text())
    assert kept["groups"] == [["Alder", "Birch"], ["Birch", "Cedar"]]
    assert kept["f"] is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["compare", "scores.csv", "Alder", "Elm", "--policy", "policy.json"],
         "the table has no entrant 'Elm'; it has 'Alder', 'Birch', 'Cedar'.\n"),
        (["compare", "scores.csv", "Alder", "Alder", "--policy", "policy.json"],
         "'Alder' is named twice; name two entrants.\n"),
        (["friedman", "gap.csv", "--policy", "policy.json"],
         "Cedar has no score for 1 of 4 items of task qa; a comparison needs every result: name the entrant in the "
         "status table, or leave the task out of the policy.\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_one_sentence(arguments: list[str], sentence: str, capsys: Captured) -> None:
    Path("gap.csv").write_text(Path("scores.csv").read_text().replace("Cedar,qa,i0,10\n", ""))
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", sentence)


def test_a_region_below_nothing_is_refused(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["compare", "scores.csv", "Alder", "Birch", "--policy", "policy.json", "--rope", "x"])
    assert stopped.value.code == 2
    assert "'x' is not a number of points of at least 0" in capsys.readouterr().err
