"""The command line answers in tables or in one sentence, and never with a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leaderboards import Policy, Ranking, rank, read_scores, write_bundle
from leaderboards.commands import main

POLICY = {"tasks": [{"name": "qa", "floor": 0, "ceiling": 1}], "draws": 200, "confidence": 0.95}
SCORES = "entrant,task,item,value\n" + "".join(
    f"{entrant},qa,i{n},{value}\n"
    for entrant, line in {
        "Alder": [9000, 9100, 9000, 9200], "Birch": [9100, 9000, 9200, 9000], "Cedar": [100, 0, 200, 100], "Elm": [5000],
    }.items()
    for n, value in enumerate(line)
)  # fmt: skip
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    (tmp_path / "scores.csv").write_text(SCORES)
    (tmp_path / "status.csv").write_text("entrant,reason\nDogwood,the run timed out\n")
    return tmp_path


def test_rank_prints_an_aligned_board(capsys: Captured) -> None:
    assert main(["rank", "scores.csv", "--policy", "policy.json", "--status", "status.csv"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[:7] == [
        "rank  interval  entrant  points     ±",
        "  =1       1–2  Alder     90.75  1.52",
        "  =1       1–2  Birch     90.75  1.52  ~",
        "   3       3–3  Cedar      1.00  1.30",
        "",
        "= shares its rank   ~ cannot be told apart from the entrant on the line above   "
        "interval: all ranks hold at once",
        "",
    ]
    assert printed[7:10] == [
        "Unranked:",
        "  Dogwood: the run timed out",
        "  Elm: no score for 3 of 4 items of task qa",
    ]
    expected = rank(read_scores("scores.csv"), Policy.from_dict(POLICY))
    assert f"policy  SHA-256 {expected.policy_digest}" in printed


def test_rank_writes_and_prints_the_same_json(capsys: Captured) -> None:
    assert main(["rank", "scores.csv", "--policy", "policy.json", "--json", "out.json"]) == 0
    capsys.readouterr()
    assert main(["rank", "scores.csv", "--policy", "policy.json", "--json", "-"]) == 0
    printed = capsys.readouterr().out
    assert printed == Path("out.json").read_text()
    assert Ranking.from_dict(json.loads(printed)) == rank(read_scores("scores.csv"), Policy.from_dict(POLICY))


def test_a_name_cannot_move_the_cursor_and_wide_names_line_up(capsys: Captured) -> None:
    Path("scores.csv").write_text(SCORES.replace("Alder", "\x1b[2JA\u202e").replace("Birch", "東京"))
    assert main(["rank", "scores.csv", "--policy", "policy.json"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[1] == "  =1       1–2  \\x1b[2JA\\u202e   90.75  1.52"
    assert printed[2] == "  =1       1–2  東京             90.75  1.52  ~"


def test_money_is_split_in_order(capsys: Captured) -> None:
    assert main(["split", "money", "100000000", "A", "B", "C"]) == 0
    assert capsys.readouterr().out == (
        "name     cents      amount\n"
        "A     33333334  333,333.34\n"
        "B     33333333  333,333.33\n"
        "C     33333333  333,333.33\n"
    )
    assert main(["split", "money", "10", "A=2", "B=1", "--minimum", "2"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["A         6    0.06", "B         4    0.04"]


def test_hours_are_split_and_the_rest_is_shown(capsys: Captured) -> None:
    assert main(["split", "hours", "8000000", "A=3500000", "B=1200000", "C=2500000", "D=2000000"]) == 0
    assert capsys.readouterr().out == (
        "name        request    hours\n"
        "A           3500000  2400000\n"
        "B           1200000  1200000\n"
        "C           2500000  2400000\n"
        "D           2000000  2000000\n"
        "unassigned                 0\n"
    )


def test_verify_says_same_or_names_the_difference(capsys: Captured) -> None:
    policy, scores = Policy.from_dict(POLICY), read_scores("scores.csv")
    sha = write_bundle("bundle.json", policy=policy, scores=scores, ranking=rank(scores, policy))
    assert main(["verify", "bundle.json"]) == 0
    assert capsys.readouterr().out == f"same SHA-256 {sha}: every result follows from the inputs in bundle.json\n"
    text = Path("bundle.json").read_text()
    Path("bundle.json").write_text(text.replace('"points":"90.750000"', '"points":"90.760000"', 1))
    assert main(["verify", "bundle.json"]) == 1
    assert capsys.readouterr().out == (
        "different: results.ranking.entries[0].points: the bundle says '90.760000', recomputed '90.750000'\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rank", "none.csv", "--policy", "policy.json"], "none.csv: No such file or directory."),
        (["rank", "scores.csv", "--policy", "none.json"], "none.json: No such file or directory."),
        (["rank", ".", "--policy", "policy.json"], ".: Is a directory."),
        (["rank", "policy.json", "--policy", "scores.csv"],
         "scores.csv: not JSON at line 1, column 1 (Expecting value); mend it there."),
        (["rank", "policy.json", "--policy", "policy.json"], "policy.json: the column 'entrant' is missing; the columns "
                                                             "are entrant, task, item, cluster, value (cluster may be "
                                                             "left out)."),
        (["rank", "scores.csv", "--policy", "bad.json"], "bad.json: tasks[0].floor is missing; add it."),
        (["rank", "bad.csv", "--policy", "policy.json"],
         "bad.csv, row 3, column task: the policy knows no task 'mt'; mend the name or add the task to the policy."),
        (["rank", "scores.csv", "--policy", "policy.json", "--status", "scores.csv"],
         "scores.csv: the columns must be entrant,reason, not entrant,task,item,value."),
        (["rank", "scores.csv", "--policy", "policy.json", "--json", "none/out.json"], "No such file or directory."),
        (["split", "money", "10", "A=1", "B"], "'B' has no weight but others do; give all a weight or none."),
        (["split", "money", "10", "A", "A"], "'A' is named twice; name everybody once."),
        (["split", "money", "1", "A", "--minimum", "2"],
         "a minimum of 2 cents for each of 1 needs 2, but the total is 1; lower the minimum."),
        (["split", "hours", "10", "A"], "'A' has no request; write A=HOURS."),
        (["split", "hours", "10", "A=-1"],
         "'A=-1' is not understood; write a name, or NAME=NUMBER with a whole number."),
        (["verify", "policy.json"], "policy.json: the number 0.95 is not an integer; write reals as decimal strings."),
        (["verify", "none.json"], "none.json: No such file or directory."),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_status_two(arguments: list[str], sentence: str, capsys: Captured) -> None:
    Path("bad.json").write_text('{"tasks":[{"name":"qa","ceiling":1}]}')
    Path("bad.csv").write_text("entrant,task,item,value\nA,qa,i,1\nA,mt,i,1\n")
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith(f"{sentence}\n")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rank", "scores.csv"], "python -m leaderboards rank: the following arguments are required: --policy; see "
                                 "python -m leaderboards rank --help.\n"),
        (["split", "money", "1.5", "A"], "python -m leaderboards split money: argument total: '1.5' is not a whole "
                                         "number of at least 0; see python -m leaderboards split money --help.\n"),
    ],
)  # fmt: skip
def test_bad_arguments_are_one_sentence_too(arguments: list[str], sentence: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().err == sentence


def test_a_terminal_without_unicode_shows_escapes() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-m", "leaderboards", "rank", "scores.csv", "--policy", "policy.json"],
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(r"rank  interval  entrant  points     \xb1")


def test_the_module_runs_and_survives_a_reader_that_leaves() -> None:
    root = Path(__file__).parents[3]
    line = f"{sys.executable} -m leaderboards rank scores.csv --policy policy.json --json - | head -c 10"
    done = subprocess.run(  # noqa: S602 - the pipe is what is tested
        line, shell=True, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, check=True
    )
    assert done.stdout == '{"entries"'
    assert done.stderr == ""
