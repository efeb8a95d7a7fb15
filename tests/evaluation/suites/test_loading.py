"""A suite is read whole or refused with the file and the line or key."""

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from evaluation import Kind, Part, SuiteError, load_suite, pack_suite, public_items, suite_digest
from evaluation.suites import Split


def test_a_suite_is_loaded_with_its_tasks_and_truth(suite_folder: Path) -> None:
    suite = load_suite(suite_folder)
    assert [task.name for task in suite.tasks] == ["topic", "size", "risk"]
    assert suite.tasks[0].kind is Kind.CLASSIFICATION
    assert suite.tasks[1].unit == 1000
    assert suite.truths["topic"].clusters[:3] == ("c0", "c0", "c1")
    assert suite.truths["size"].labels[3] == Decimal("4.5")
    assert suite.truths["size"].clusters == suite.truths["size"].items
    assert suite.size == 24


def test_folder_and_zip_have_one_digest_and_equal_bytes(suite_folder: Path, tmp_path: Path) -> None:
    packed = pack_suite(suite_folder)
    (tmp_path / "suite.zip").write_bytes(packed)
    assert pack_suite(tmp_path / "suite.zip") == packed
    assert suite_digest(tmp_path / "suite.zip") == suite_digest(suite_folder) == load_suite(suite_folder).digest
    assert load_suite(tmp_path / "suite.zip") == load_suite(suite_folder)


def test_a_zip_of_the_folder_itself_is_the_same_suite(suite_folder: Path, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("__MACOSX/suite/._suite.yaml", b"junk")
        for path in suite_folder.rglob("*"):
            archive.write(path, path.relative_to(suite_folder.parent))
    (tmp_path / "suite.zip").write_bytes(buffer.getvalue())
    assert suite_digest(tmp_path / "suite.zip") == suite_digest(suite_folder)


def test_one_changed_label_changes_the_digest(suite_folder: Path) -> None:
    before = suite_digest(suite_folder)
    path = suite_folder / "items" / "risk.csv"
    path.write_text(path.read_text().replace("r0,0", "r0,1"))
    assert suite_digest(suite_folder) != before


def test_the_split_is_a_pure_function_of_seed_task_and_items() -> None:
    items = [f"i{n}" for n in range(101)]
    split = Split(7, Decimal("0.3"))
    chosen = public_items(items, task="t", split=split)
    assert len(chosen) == 30
    assert public_items(reversed(items), task="t", split=split) == chosen
    assert public_items(items, task="u", split=split) != chosen
    assert public_items(items, task="t", split=Split(8, Decimal("0.3"))) != chosen
    # Fixed for ever: a change of these would move items of a running challenge between the parts.
    assert sorted(public_items(["a", "b", "c", "d"], task="t", split=Split(1, Decimal("0.5")))) == ["a", "b"]


def test_half_an_item_is_rounded_to_even() -> None:
    for count, public in ((1, 0), (3, 2), (5, 2)):
        items = [str(n) for n in range(count)]
        assert len(public_items(items, task="t", split=Split(0, Decimal("0.5")))) == public


def test_public_and_private_parts_follow_the_share(suite_folder: Path) -> None:
    parts = load_suite(suite_folder).truths["topic"].parts
    assert parts.count(Part.PUBLIC) == 5


def _in(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            _in("suite.yaml", "metric: accuracy", "metric: accurate"),
            "tasks[0].metric: 'accurate' is not one of accuracy",
        ),
        (
            _in("suite.yaml", "metric: accuracy", "metric: log_loss"),
            "tasks[0].metric: 'log_loss' is not one of accuracy",
        ),
        (_in("suite.yaml", "kind: regression", "kind: guess"), "tasks[1].kind: 'guess' is not one of classification, "),
        (_in("suite.yaml", "floor: 10", "floor: -1"), "tasks[1].floor: the floor is the bad anchor and lies above"),
        (_in("suite.yaml", "floor: 0.5", "floor: 2"), "tasks[0].floor: the floor is the bad anchor and lies below"),
        (_in("suite.yaml", "floor: 0.5", "floor: .nan"), "tasks[0].floor: nan is not a finite number"),
        (_in("suite.yaml", '"yes", "no"', "yes, no"), "tasks[0].labels[0]: True is not a text; put it in quotes"),
        (_in("suite.yaml", '"yes", "no"', '"yes"'), "tasks[0].labels: a classification task names at least two"),
        (_in("suite.yaml", 'version: "1"', "version: 1.0"), "version: 1.0 is not a text; put it in quotes"),
        (_in("suite.yaml", "unit: 1000", "unit: 0"), "tasks[1].unit: 0 is not a whole number from 1 to 1,000,000"),
        (_in("suite.yaml", "0.5}", "1.5}"), "split.public_share: 1.5 is not between 0 and 1"),
        (_in("suite.yaml", "name: size", "name: topic"), "tasks[1].name: 'topic' names two tasks; rename one"),
        (_in("suite.yaml", "name: size", "name: ../size"), "tasks[1].name: '../size' is not a name"),
        (_in("suite.yaml", "title: A small", "titel: A small"), "the whole file: the key 'titel' is not known"),
        (_in("suite.yaml", "cluster: true", "cluster: maybe"), "tasks[0].cluster: 'maybe' is neither true nor false"),
        (_in("suite.yaml", "- {name: size", "- {name: size, name: big"), "line 8: the key 'name' is given twice"),
        (
            _in("items/topic.csv", "item,label,cluster", "item,label"),
            "line 1: the columns are 'item,label'; write item",
        ),
        (_in("items/topic.csv", "t1,yes", "t1,maybe"), "items/topic.csv: line 3: 'maybe' is not one of the labels"),
        (_in("items/size.csv", "s2,3.0", "s1,3.0"), "items/size.csv: line 4: the item 's1' is there twice; remove one"),
        (_in("items/size.csv", "s2,3.0", "s2,3.0,1"), "items/size.csv: line 4: 3 fields where 2 belong"),
        (_in("items/size.csv", "s2,3.0", "s2,inf"), "items/size.csv: line 4: 'inf' is not a finite number"),
        (_in("items/size.csv", "s2,3.0", '"s2,3.0'), "items/size.csv: line 9: not readable as CSV"),
        (_in("items/risk.csv", "r1,1", "r1,0.5"), "items/risk.csv: line 3: '0.5' is neither 0 nor 1"),
        (_in("items/risk.csv", "r1,1", " r1,1"), "items/risk.csv: line 3: the item ' r1' must have 1 to 200"),
        (lambda folder: (folder / "items" / "risk.csv").unlink(), "items/risk.csv: missing; every task"),
        (lambda folder: (folder / "items" / "other.csv").write_text("x"), "items/other.csv: belongs to no task"),
        (lambda folder: (folder / "items" / "risk.csv").write_text("item,label\n"), "items/risk.csv: holds no items"),
        (lambda folder: (folder / "items" / "risk.csv").write_bytes(b"item,label\nr1,\xff"), "line 2: not UTF-8"),
        (lambda folder: (folder / "suite.yaml").unlink(), "suite.yaml: missing; a suite is a folder"),
        (lambda folder: (folder / "x").symlink_to("/etc/passwd"), "'x': links are not allowed"),
    ],
)
def test_a_fault_is_named_by_file_and_place(
    suite_folder: Path, change: Callable[[Path], object], sentence: str
) -> None:
    change(suite_folder)
    with pytest.raises(SuiteError) as caught:
        load_suite(suite_folder)
    assert sentence in str(caught.value)
