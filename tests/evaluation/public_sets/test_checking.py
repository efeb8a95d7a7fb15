"""Every definition is what its file is, every suite made from the sets is in order, and nothing is lost on the way."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.commands import main
from evaluation.public_sets import MAKERS, Made, check, public_set, public_sets
from evaluation.public_sets.making import write_suite
from evaluation.tasks import By, Kind
from tests.evaluation.public_sets.here import (
    FOLDER,
    RAW,
    bbh,
    demand_sets,
    exams,
    gsm8k,
    hucola,
    humaneval,
    ifeval,
    mgsm,
    ntrex,
    rosts,
    sib200,
    xcopa,
    xquad,
)

SETS: dict[str, Callable[[], list[Made]]] = {
    "SIB-200": lambda: [sib200(), sib200("macro_f1")],
    "XCOPA": lambda: [xcopa()],
    "EXAMS": exams,
    "HuCOLA": lambda: [hucola()],
    "BBH": bbh,
    "GSM8K": lambda: [gsm8k()],
    "MGSM": lambda: [mgsm()],
    "XQuAD": lambda: [xquad("token_f1"), xquad("exact_match")],
    "NTREX": lambda: [ntrex("deu", metric) for metric in ("chrf", "bleu", "bits_per_byte")],
    "RO-STS": lambda: [rosts("pearson"), rosts("spearman")],
    "HumanEval": lambda: [humaneval()],
    "IFEval": lambda: [ifeval(), ifeval("each_instruction_loose")],
}


ROWS = {file: about.rows for one in public_sets().values() for file, about in one.files.items()}


@pytest.fixture(autouse=True)
def _there() -> None:
    """Skip where the public sets are not there."""
    demand_sets()


def test_every_definition_is_that_of_the_list_beside_the_files() -> None:
    row = re.compile(r"^\| (\S+/\S+) \| (\S+):(\S+) \| (\d+) \| \d+ \| `([0-9a-f]{64})` \|$", re.MULTILINE)
    listed = {found[0]: found[1:] for found in row.findall((FOLDER / "MANIFEST.md").read_text(encoding="utf-8"))}
    assert len(listed) == 93
    for one in public_sets().values():
        for file, about in one.files.items():
            assert (one.repository, about.path, str(about.rows), about.sha256) == listed[file]


@pytest.mark.parametrize("name", public_sets())
def test_a_set_that_is_all_there_is_made_by_the_command(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = public_set(name)
    assert check(one, FOLDER) == []
    assert main(["public-sets", "make", name, str(FOLDER), str(tmp_path / "suite"), "--seed", "7"]) == 0
    said = capsys.readouterr().out
    # the terms come before anything is made
    assert said.index(one.licence) < said.index("files are there") < said.index(" tasks, ")
    assert main(["suite", "check", str(tmp_path / "suite")]) == 0
    assert name in MAKERS


def test_what_is_missing_and_what_is_other_is_named_with_its_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FOLDER / "mgsm", tmp_path / "mgsm")
    (tmp_path / "mgsm" / "mgsm_de.tsv").unlink()
    with (tmp_path / "mgsm" / "mgsm_fr.tsv").open("a") as file:
        file.write("Combien ?\t7\n")
    assert main(["public-sets", "check", "mgsm", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert "Licence CC-BY-4.0. Name the source." in said.out
    commit = public_set("mgsm").commit
    assert said.err.splitlines() == [
        f"mgsm/mgsm_de.tsv: missing in {tmp_path}; get it from "
        f"https://raw.githubusercontent.com/google-research/url-nlp/{commit}/mgsm/mgsm_de.tsv",
        "mgsm/mgsm_fr.tsv: not the file that is known, whose SHA-256 is "
        f"{public_set('mgsm').files['mgsm/mgsm_fr.tsv'].sha256}; get it from "
        f"https://raw.githubusercontent.com/google-research/url-nlp/{commit}/mgsm/mgsm_fr.tsv",
        "2 of 5 files will not do.",
    ]


def test_a_set_that_is_not_defined_and_a_folder_that_is_not_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["public-sets", "check", "mmlu", str(tmp_path)]) == 2
    assert "mmlu: no such set; there are sib200, xcopa," in capsys.readouterr().err
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "file").touch()
    assert main(["public-sets", "make", "gsm8k", str(FOLDER), str(tmp_path / "out")]) == 2
    assert "exists and is not an empty folder" in capsys.readouterr().err
    assert main(["public-sets", "list"]) == 0
    assert capsys.readouterr().out.count("\n") == len(public_sets()) + 1


@pytest.mark.parametrize("name", SETS)
def test_a_suite_of_a_public_set_is_in_order(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = SETS[name]()
    suite = write_suite(tmp_path / "suite", made)
    assert main(["suite", "check", str(tmp_path / "suite")]) == 0
    assert f"{len(made)} tasks, {sum(len(one.items) for one in made):,} items, in order." in capsys.readouterr().out
    for task in suite.tasks:
        assert task.source
        assert task.licence
        assert task.ask is not None or name == "RO-STS"


@pytest.mark.parametrize("name", SETS)
def test_every_row_becomes_an_item_or_is_counted(name: str) -> None:
    for one in SETS[name]() if name != "EXAMS" else []:
        rows = {ROWS[file] for file in one.files}
        parallel = name == "NTREX"  # its files have the same lines in other languages
        expected = max(rows) if parallel else sum(ROWS[file] for file in one.files)
        assert len(one.items) == expected
    if name == "EXAMS":
        made = exams()
        assert sum(len(one.items) + one.left_out for one in made) == ROWS["exams/test.jsonl.tar.gz"]
        assert [one.left_out for one in made] == [text_count("exams/test.jsonl.tar.gz", count) for count in (3, 4, 5)]


def text_count(name: str, choices: int) -> int:
    """Count the rows whose right answer is none of theirs."""
    rows = [json.loads(line) for line in RAW.archived_lines(name)]
    return sum(row["answerKey"] == "@" and len(row["question"]["choices"]) == choices for row in rows)


def test_parallel_items_belong_together() -> None:
    for made, languages in ((sib200(), 24), (xcopa(), 3), (mgsm(), 5), (xquad("token_f1"), 5)):
        assert set(Counter(item.cluster for item in made.items).values()) == {languages}
    documents = Counter(RAW.content("ntrex/DOCUMENT_IDS.tsv").decode().split())
    assert Counter(item.cluster for item in ntrex("fin", "chrf").items) == documents


def test_the_canary_of_every_file_that_has_one_is_kept(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", bbh())
    for task, one in zip(suite.tasks, bbh(), strict=True):
        assert task.canary
        assert task.canary.encode() in RAW.content(one.files[0])


def test_what_a_model_needs_follows_from_how_it_is_asked(tmp_path: Path) -> None:
    suite = write_suite(tmp_path / "suite", [humaneval(), hucola(), ntrex("deu", "bits_per_byte"), rosts("pearson")])
    assert [sorted(task.needs) for task in suite.tasks] == [["generation", "sandbox"], ["logprobs"], ["logprobs"], []]
    assert [task.ask.by if task.ask else None for task in suite.tasks] == [By.TEXT, By.CHOICES, By.LIKELIHOOD, None]
    assert suite.tasks[0].kind is Kind.CODE
