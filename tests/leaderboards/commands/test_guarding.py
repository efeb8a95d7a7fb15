"""`similar` and `shake-up` print what they found, and refuse files that they cannot read."""

import json
from pathlib import Path

import pytest

from leaderboards import Policy, read_scores
from leaderboards.canonical import canonical_bytes
from leaderboards.commands import main
from leaderboards.guards import shake_up

POLICY = {"tasks": [{"name": "qa", "floor": 0, "ceiling": 1, "unit": 1}], "decimals": 1}
PUBLIC = {"Alder": [1, 1, 1, 1, 0], "Birch": [1, 1, 1, 0, 0], "Cedar": [1, 1, 0, 0, 0], "Elm": [0, 1, 0, 0, 0]}
PRIVATE = {"Alder": [1, 1, 0, 0, 0], "Birch": [1, 1, 0, 1, 0], "Cedar": [1, 0, 0, 0, 0]}
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    for name, lines in {"public": PUBLIC, "private": PRIVATE}.items():
        rows = [f"{entrant},qa,{name}{n},{value}" for entrant, line in lines.items() for n, value in enumerate(line)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["entrant,task,item,value", *rows, ""]))
    answers = [
        f"{entrant},qa,i{n},{'BCD'[(n * step) % 3]},A"
        for entrant, step in {"Alder": 1, "Birch": 1, "Cedar": 2, "Elm": 0}.items()
        for n in range(60)
    ]
    (tmp_path / "answers.csv").write_text("\n".join(["entrant,task,item,answer,key", *answers, ""]))
    (tmp_path / "lineage.csv").write_text("entrant,family\nAlder,Llama\nBirch,Llama\n")
    return tmp_path


def test_similar_prints_flags_with_their_lineage(capsys: Captured) -> None:
    assert main(["similar", "answers.csv", "--lineage", "lineage.csv"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "6 pairs compared; a z above 2.94 is flagged.",
        "",
        "    z  same  expected  both wrong  pair           lineage",
        "14.14    60      26.7          60  Alder · Birch  both declare Llama",
        "",
        "Within declared families:",
        "family  entrants  mean z  largest z",
        "Llama          2   14.14      14.14",
        "",
        "A flag opens a case; only a person closes it.",
    ]
    assert main(["similar", "answers.csv", "--json", "out.json"]) == 0
    kept = json.loads(Path("out.json").read_text())
    assert [(flag["first"], flag["second"], flag["lineage"]) for flag in kept["flags"]] == [
        ("Alder", "Birch", "not declared")
    ]


def test_without_a_flag_it_says_so(capsys: Captured) -> None:
    text = Path("answers.csv").read_text()
    Path("answers.csv").write_text("\n".join(line for line in text.splitlines() if not line.startswith("Birch")) + "\n")
    assert main(["similar", "answers.csv"]) == 0
    assert "No pair is flagged." in capsys.readouterr().out


def test_shake_up_prints_both_boards(capsys: Captured) -> None:
    assert main(["shake-up", "public.csv", "private.csv", "--policy", "policy.json"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "private  public  moved  entrant  private points  public points  optimism    low    high",
        "      1       2     +1  Birch              60.0           60.0      +0.0  -79.9   +79.9",
        "      2       1     -1  Alder              40.0           80.0     +40.0  -33.4  +100.0",
        "      3       3         Cedar              20.0           40.0     +20.0  -53.4   +93.4",
        "",
        "Kendall's τ 0.333. Largest moves: Birch 2 → 1; Alder 1 → 2.",
        "Mean optimism of the public board: +20.0 points, -43.4 to +83.4.",
        "",
        "Not compared:",
        "  Elm: not on the private board",
    ]


def test_shake_up_writes_what_python_returns(capsys: Captured) -> None:
    assert main(["shake-up", "public.csv", "private.csv", "--policy", "policy.json", "--json", "-"]) == 0
    found = shake_up(read_scores("public.csv"), read_scores("private.csv"), Policy.from_dict(POLICY))
    assert capsys.readouterr().out.encode() == canonical_bytes(found.to_dict())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["shake-up", "public.csv", "public.csv", "--policy", "policy.json"],
         "task qa: item 'public0' is in both parts; an item belongs to one.\n"),
        (["similar", "public.csv"],
         "public.csv: the columns must be entrant,task,item,answer,key, not entrant,task,item,value.\n"),
        (["similar", "answers.csv", "--lineage", "stranger.csv"],
         "the lineage names 'Dogwood', who has no answers; mend the name or leave it out.\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_guarded_is_one_sentence(arguments: list[str], sentence: str, capsys: Captured) -> None:
    Path("stranger.csv").write_text("entrant,family\nDogwood,Llama\n")
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", sentence)
