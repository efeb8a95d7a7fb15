"""Every raw file is what its list says, every suite made from them is in order, and nothing is lost on the way."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.commands import main
from evaluation.tasks import By, Kind
from tests.evaluation.public_sets.answering import gsm8k, humaneval, mgsm, ntrex, rosts, xquad
from tests.evaluation.public_sets.choosing import bbh, exams, hucola, sib200, xcopa
from tests.evaluation.public_sets.making import Made, written
from tests.evaluation.public_sets.raw import archived_lines, lines, listed, raw, whole

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
}


def rows_in(name: str) -> int:
    """Count the rows of a raw file by its form."""
    if name.endswith(".tar.gz"):
        return len(archived_lines(name))
    if name.endswith(".json"):
        found = whole(name)
        if name.startswith("bbh/"):
            return len(found["examples"])
        if name.startswith("xquad/"):
            return sum(len(paragraph["qas"]) for article in found["data"] for paragraph in article["paragraphs"])
        return len(found["data"] if isinstance(found, dict) else found)
    if name.endswith(".gz"):
        return len(humaneval().items)
    return len(lines(name)) - name.startswith("sib200/")  # the others have no header


def test_every_file_is_the_one_that_is_listed_and_has_its_rows() -> None:
    assert len(listed()) == 93
    assert {name: rows_in(name) for name in listed()} == {name: one.rows for name, one in listed().items()}


@pytest.mark.parametrize("name", SETS)
def test_a_suite_of_a_public_set_is_in_order(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = SETS[name]()
    suite = written(tmp_path / "suite", made)
    assert main(["suite", "check", str(tmp_path / "suite")]) == 0
    assert f"{len(made)} tasks, {sum(len(one.items) for one in made):,} items, in order." in capsys.readouterr().out
    for task in suite.tasks:
        assert task.source
        assert task.licence
        assert task.ask is not None or name == "RO-STS"


@pytest.mark.parametrize("name", SETS)
def test_every_row_becomes_an_item_or_is_counted(name: str) -> None:
    for one in SETS[name]() if name != "EXAMS" else []:
        rows = {listed()[file].rows for file in one.files}
        parallel = name == "NTREX"  # its files have the same lines in other languages
        expected = max(rows) if parallel else sum(listed()[file].rows for file in one.files)
        assert len(one.items) == expected
    if name == "EXAMS":
        made = exams()
        assert sum(len(one.items) + one.left_out for one in made) == listed()["exams/test.jsonl.tar.gz"].rows
        assert [one.left_out for one in made] == [text_count("exams/test.jsonl.tar.gz", count) for count in (3, 4, 5)]


def text_count(name: str, choices: int) -> int:
    """Count the rows whose right answer is none of theirs."""
    rows = [json.loads(line) for line in archived_lines(name)]
    return sum(row["answerKey"] == "@" and len(row["question"]["choices"]) == choices for row in rows)


def test_parallel_items_belong_together() -> None:
    for made, languages in ((sib200(), 24), (xcopa(), 3), (mgsm(), 5), (xquad("token_f1"), 5)):
        assert set(Counter(item.cluster for item in made.items).values()) == {languages}
    documents = Counter(raw("ntrex/DOCUMENT_IDS.tsv").decode().split())
    assert Counter(item.cluster for item in ntrex("fin", "chrf").items) == documents


def test_the_canary_of_every_file_that_has_one_is_kept(tmp_path: Path) -> None:
    suite = written(tmp_path / "suite", bbh())
    for task, one in zip(suite.tasks, bbh(), strict=True):
        assert task.canary
        assert task.canary.encode() in raw(one.files[0])


def test_what_a_model_needs_follows_from_how_it_is_asked(tmp_path: Path) -> None:
    suite = written(tmp_path / "suite", [humaneval(), hucola(), ntrex("deu", "bits_per_byte"), rosts("pearson")])
    assert [sorted(task.needs) for task in suite.tasks] == [["generation", "sandbox"], ["logprobs"], ["logprobs"], []]
    assert [task.ask.by if task.ask else None for task in suite.tasks] == [By.TEXT, By.CHOICES, By.LIKELIHOOD, None]
    assert suite.tasks[0].kind is Kind.CODE
