"""`agree` and `assign` print tables or JSON, and one sentence where they cannot."""

import json
from pathlib import Path

import pytest

from leaderboards.commands import main

Captured = pytest.CaptureFixture[str]
REVIEWS = "entry,judge,criterion,halves,confidence\n" + "".join(
    f"E{n},{judge},impact,{5 + n % 3 - shift + n * shift % 2},1\n"
    for n in range(8)
    for judge, shift in (("Ada", 0), ("Ben", 1), ("Cyd", 3))
)
AFFINITIES = "entry,judge,affinity\n" + "".join(
    f"E{i},{judge},{0.1 * (i + j + 1):.1f}\n" for i in range(3) for j, judge in enumerate(("Ada", "Ben", "Cyd"))
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reviews.csv").write_text(REVIEWS)
    (tmp_path / "affinities.csv").write_text(AFFINITIES)
    (tmp_path / "conflicts.csv").write_text("entry,judge\nE0,Cyd\n")
    return tmp_path


def test_agree_prints_entries_judges_and_alpha(capsys: Captured) -> None:
    assert main(["agree", "reviews.csv", "--seed", "3", "--draws", "500"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Calibrated: each judge's shift is taken out of the marks.\n")
    assert "Groups of judges and entries that hang together: 1." in said
    cyd = next(line.split() for line in said.splitlines() if line.startswith("Cyd"))
    assert float(cyd[2]) < 0
    assert "ordinal" in said
    assert "E0, impact: from 1.0 to 2.5" in said


def test_agree_writes_the_same_json_every_time(capsys: Captured, folder: Path) -> None:
    assert main(["agree", "reviews.csv", "--draws", "200", "--json", "one.json"]) == 0
    lines = REVIEWS.splitlines()
    (folder / "reviews.csv").write_text("\n".join([lines[0], *lines[:0:-1]]) + "\n")
    capsys.readouterr()
    assert main(["agree", "reviews.csv", "--draws", "200", "--json", "-"]) == 0
    printed = capsys.readouterr().out
    assert printed.encode() == (folder / "one.json").read_bytes()
    found = json.loads(printed)
    assert found["calibration"]["state"] == "calibrated"
    assert [one["scale"] for one in found["agreement"]] == ["nominal", "ordinal", "interval"]


def test_assign_prints_who_reviews_what(capsys: Captured) -> None:
    wish = ["--conflicts", "conflicts.csv", "--per-entry", "1", "--max-load", "1", "--seed", "4"]
    assert main(["assign", "affinities.csv", *wish]) == 0
    said = capsys.readouterr().out
    rows = [line.split() for line in said.splitlines()[1:4]]
    assert sorted(judge for _, judge, _ in rows) == ["Ada", "Ben", "Cyd"]
    assert ["E0", "Cyd"] not in [row[:2] for row in rows]
    assert "seed 4." in said
    assert main(["assign", "affinities.csv", *wish, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["seed"] == 4


def test_published_pairs_are_kept(capsys: Captured, folder: Path) -> None:
    (folder / "kept.csv").write_text("entry,judge\nE0,Cyd\n")
    wish = ["--kept", "kept.csv", "--per-entry", "1", "--max-load", "1", "--min-load", "1", "--seed", "1"]
    assert main(["assign", "affinities.csv", *wish]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[:2] == ["E0", "Cyd"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["assign", "affinities.csv", "--per-entry", "2", "--max-load", "1", "--seed", "1"],
            "E0, E1 and E2 together need 6 more reviews, but Ada, Ben and Cyd can write only 3 of them within their "
            "loads and conflicts; raise the load, add judges or ask for fewer reviews.\n",
        ),
        (["agree", "affinities.csv"], "affinities.csv: the columns must be entry,judge,criterion,halves[,confidence], "
                                      "not entry,judge,affinity.\n"),
        (["agree", "none.csv"], "none.csv: No such file or directory.\n"),
        (
            ["agree", "reviews.csv", "--confidence", "95"],
            "the confidence must be at least 0.5 and below 1, such as \"0.95\", not '95'.\n",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_sentence(arguments: list[str], sentence: str, capsys: Captured) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err == sentence
