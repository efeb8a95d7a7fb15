"""The suite made of the parts: parallel, divided by a seed, its hidden answers in nothing that teams get."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from evaluation import Part, Suite, load_suite, read_predictions, score, write_starter
from evaluation.commands import main
from evaluation.dry_runs import demand_order
from evaluation.european import LANGUAGES, read_european, write_european
from evaluation.european.making import TASK
from evaluation.suites import SuiteError

SEED = 20_261_126


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the suite once."""
    target = tmp_path_factory.mktemp("european") / "suite"
    write_european(target, SEED)
    return target


@pytest.fixture(scope="module")
def suite(folder: Path) -> Suite:
    """Load it once."""
    return load_suite(folder)


def test_it_is_in_order(suite: Suite) -> None:
    demand_order(suite)
    (task,) = suite.tasks
    assert task.languages == tuple(LANGUAGES)
    assert suite.size == len(LANGUAGES) * len(read_european().answers)
    assert len(set(suite.truths[TASK].clusters)) == len(read_european().answers)


def test_a_fact_is_public_in_all_languages_or_in_none(suite: Suite) -> None:
    truth = suite.truths[TASK]
    parts: dict[str, set[Part]] = {}
    for item, part in zip(truth.items, truth.parts, strict=True):
        parts.setdefault(item.partition("/")[2], set()).add(part)
    assert all(len(found) == 1 for found in parts.values())
    public = sum(found == {Part.PUBLIC} for found in parts.values())
    assert public == round(len(parts) * 0.3)


def test_another_seed_divides_otherwise_and_the_same_one_alike(folder: Path, tmp_path: Path) -> None:
    write_european(tmp_path / "again", SEED)
    write_european(tmp_path / "other", SEED + 1)
    again, other = (load_suite(tmp_path / name) for name in ("again", "other"))
    assert again.digest == load_suite(folder).digest
    assert other.truths[TASK].parts != again.truths[TASK].parts


def test_a_starter_holds_no_hidden_answer(folder: Path, suite: Suite, tmp_path: Path) -> None:
    write_starter(folder, tmp_path / "starter")
    starter = load_suite(tmp_path / "starter")
    truth = starter.truths[TASK]
    assert truth.parts == tuple(_part(suite, item) for item in truth.items)
    assert all((label is None) is (part is Part.PRIVATE) for label, part in zip(truth.labels, truth.parts, strict=True))
    asked = (tmp_path / "starter" / "inputs" / f"{TASK}.jsonl").read_text().splitlines()
    assert {json.loads(line)["item"] for line in asked} == {
        item for item, part in zip(truth.items, truth.parts, strict=True) if part is Part.PUBLIC
    }
    assert not (tmp_path / "starter" / "references").exists()


def _part(suite: Suite, item: str) -> Part:
    truth = suite.truths[TASK]
    return truth.parts[truth.items.index(item)]


@pytest.mark.parametrize("letter", "ABCD")
def test_an_answer_that_never_changes_is_at_chance(letter: str, suite: Suite, tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    rows = "".join(f"{TASK},{item},{letter}\n" for item in suite.truths[TASK].items)
    path.write_text(f"task,item,prediction\n{rows}")
    report = score(suite, read_predictions(path, suite))
    assert sum(task.sum for task in report.tasks) == suite.size * 10_000 // 4


@pytest.mark.parametrize(
    ("languages", "sentence"),
    [(("de", "xx"), "'xx' is no official language"), (("de",), "two or more"), (("de", "de"), "each once")],
)
def test_languages_that_will_not_do_are_named(languages: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=sentence):
        write_european(tmp_path / "suite", 1, languages=languages)


def test_some_languages_and_another_share(tmp_path: Path) -> None:
    write_european(tmp_path / "suite", 1, languages=("de", "mt"), public_share=Decimal("0.5"))
    truth = load_suite(tmp_path / "suite").truths[TASK]
    assert len(truth.items) == 2 * len(read_european().answers)
    assert truth.parts.count(Part.PUBLIC) == len(truth.items) // 2


def test_the_command_makes_it_and_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = ["european", "make", str(tmp_path / "suite"), "--seed", "7", "--languages", "de,fr"]
    assert main(made) == 0
    assert "Keep the seed to yourself" in capsys.readouterr().out
    assert main(made) == 2
    assert "exists and is not an empty folder" in capsys.readouterr().err
    assert main(["european", "balance"]) == 0
    assert capsys.readouterr().out.count("\n") == len(LANGUAGES) + 2
