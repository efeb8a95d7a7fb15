"""The commands print exact sentences and end with codes that a script can act on."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation import read_report
from evaluation.commands import main

TABLE = """\
task   part     metric          items     score       low      high
topic  public   accuracy            5  1.000000  0.393433  1.000000
topic  private  accuracy            5  1.000000  0.393433  1.000000
size   public   absolute_error      4  0.000000         -         -
size   private  absolute_error      4  0.000000         -         -
risk   public   log_loss            3  0.000000         -         -
risk   private  log_loss            3  0.000000         -         -
"""


def run(*arguments: object) -> int:
    """Run a command in this process."""
    return main([str(argument) for argument in arguments])


def test_the_instrument_runs_as_a_module(suite_folder: Path, perfect: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "evaluation",
        "score",
        suite_folder,
        perfect,
        "--out",
        tmp_path / "out",
        "--progress",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, TABLE)
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert (told[0], told[-1]) == (
        {"done": 0, "total": 24, "task": ""},
        {"done": 24, "total": 24, "task": "risk"},
    )
    assert len(read_report(tmp_path / "out").tasks) == 6


def test_unreadable_predictions_are_explained_on_paper_too(
    suite_folder: Path, perfect: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    perfect.write_text(perfect.read_text().replace("topic,t1,yes", "topic,t1,perhaps"))
    assert run("score", suite_folder, perfect, "--out", tmp_path / "out") == 3
    sentence = "Line 3, column prediction: 'perhaps' is no label of task topic; its labels are yes, no."
    assert capsys.readouterr() == ("", sentence + "\n")
    written = json.loads((tmp_path / "out" / "problems.json").read_text())
    assert written == {
        "count": 1,
        "problems": [{"line": 3, "column": "prediction", "found": "perhaps", "sentence": sentence}],
    }


def test_problems_not_shown_are_counted(suite_folder: Path, perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = perfect.read_text().splitlines()
    perfect.write_text("\n".join([lines[0], *(line.rsplit(",", 1)[0] + ",?" for line in lines[1:])]))
    assert run("score", suite_folder, perfect) == 3
    assert capsys.readouterr().err.splitlines()[-1] == "4 more problems are not shown."


def test_home_scoring_is_told_to_stay_public(
    suite_folder: Path, perfect: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("starter", suite_folder, tmp_path / "starter") == 0
    assert capsys.readouterr().out == f"The starter is in {tmp_path / 'starter'}.\n"
    assert run("score", tmp_path / "starter", perfect) == 2
    assert capsys.readouterr().err == (
        "topic: this is a starter suite, which holds no private labels; add --only public\n"
    )
    assert run("score", tmp_path / "starter", perfect, "--only", "public") == 0
    assert capsys.readouterr().out.count("public") == 3


def test_a_suite_is_checked_named_and_shown(suite_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("suite", "check", suite_folder) == 0
    assert capsys.readouterr().out == "small 1: 3 tasks, 24 items, in order.\n"
    assert run("suite", "digest", suite_folder) == 0
    digest = capsys.readouterr().out.strip()
    assert len(digest) == 64
    assert run("suite", "show", suite_folder) == 0
    assert capsys.readouterr().out == (
        f"A small suite\nsmall 1\n{digest}\n\n"
        "task   kind            metric             floor  ceiling  weight  public  private\n"
        "topic  classification  accuracy             0.5        1       1       5        5\n"
        "size   regression      absolute_error        10        0       1       4        4\n"
        "risk   probability     log_loss        0.693147        0       1       3        3\n"
    )


def test_bad_suites_and_missing_files_end_with_two(
    suite_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("suite", "check", tmp_path / "none") == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none'}: no such file or folder\n"
    assert run("score", suite_folder, tmp_path / "none.csv") == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none.csv'}: No such file or directory\n"
    with pytest.raises(SystemExit, match="2"):
        run("score", suite_folder)


def test_a_full_disk_asks_to_try_again_later(
    suite_folder: Path, perfect: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    script = (
        "import sys, evaluation.commands as c\n"
        "sys.stdout = open('/dev/full', 'w', buffering=1)\n"
        "code = c.main(sys.argv[1:])\n"
        "sys.stdout = sys.__stdout__\n"
        "import os; os._exit(code)\n"
    )
    command = [sys.executable, "-c", script, "score", suite_folder, perfect]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 75
    assert "try again later" in done.stderr
    assert capsys.readouterr().err == ""


def test_too_little_memory_ends_with_four(suite_folder: Path, perfect: Path) -> None:
    script = (
        "import sys, resource, evaluation.commands as c, evaluation.commands.score\n"
        "resource.setrlimit(resource.RLIMIT_AS, (int(open('/proc/self/statm').read().split()[0]) * 4096 + 20_000_000,) * 2)\n"
        "sys.exit(c.main(sys.argv[1:]))\n"
    )
    large = perfect.with_name("large.csv")
    large.write_text("task,item,prediction\n" + "\n".join(f"x{n},y,z" for n in range(40)) + "\n")
    items = "".join(f"item-{n},1\n" for n in range(400_000))
    (suite_folder / "items" / "size.csv").write_text("item,label\n" + items)
    command = [sys.executable, "-c", script, "score", suite_folder, large]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (4, "Out of memory; give the process more, or send a smaller file.\n")


def test_a_file_that_unpacks_beyond_the_memory_is_not_called_unreadable(suite_folder: Path, tmp_path: Path) -> None:
    texts = [letter * 5_000_000 for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR"]
    rows = {"task": ["topic"] * len(texts), "item": ["t1"] * len(texts), "prediction": texts}
    pq.write_table(pa.table(rows), tmp_path / "large.parquet", compression="zstd")
    script = (
        "import sys, resource, evaluation.commands as c, evaluation.commands.score\n"
        "taken = int(open('/proc/self/statm').read().split()[0]) * 4096\n"
        "resource.setrlimit(resource.RLIMIT_AS, (taken + 200_000_000,) * 2)\n"
        "sys.exit(c.main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", script, "score", suite_folder, tmp_path / "large.parquet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (4, "Out of memory; give the process more, or send a smaller file.\n")


@pytest.mark.parametrize(
    ("option", "value"),
    [("--seconds", "0"), ("--seconds", "-1"), ("--seconds", "nan"), ("--seconds", "inf"), ("--seconds", "soon"),
     ("--megabytes", "-5"), ("--megabytes", "1.5"), ("--batch-size", "0"), ("--batch-size", "many")],
)  # fmt: skip
def test_a_bound_that_is_none_is_a_bad_argument(capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "suite", "model", "--out", "out", f"{option}={value}"])
    assert ended.value.code == 2
    assert f"argument {option}: '{value}' is no " in capsys.readouterr().err
