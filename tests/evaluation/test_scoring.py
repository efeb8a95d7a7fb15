"""A task's score is the sum of its items' integer values over their number, exactly."""

from pathlib import Path

import pyarrow.compute as pc
import pytest

from evaluation import Part, load_suite, read_predictions, score


def test_perfect_answers_get_the_best_scores(suite_folder: Path, perfect: Path) -> None:
    suite = load_suite(suite_folder)
    report = score(suite, read_predictions(perfect, suite))
    assert [(task.task, task.part, task.items, task.score) for task in report.tasks] == [
        ("topic", "public", 5, "1.000000"),
        ("topic", "private", 5, "1.000000"),
        ("size", "public", 4, "0.000000"),
        ("size", "private", 4, "0.000000"),
        ("risk", "public", 3, "0.000000"),
        ("risk", "private", 3, "0.000000"),
    ]
    assert report.notes == ()
    assert report.suite == suite.digest


def test_every_item_has_one_row_with_its_cluster_and_part(suite_folder: Path, perfect: Path) -> None:
    suite = load_suite(suite_folder)
    rows = score(suite, read_predictions(perfect, suite)).items.to_pylist()
    assert len(rows) == 24
    parts = {row["item"]: row["part"] for row in rows}
    assert all(parts[item] == part for item, part in zip(*_items(suite), strict=True))
    assert [row["cluster"] for row in rows if row["item"] == "t3"] == ["c1"]


def _items(suite: object) -> tuple[tuple[str, ...], tuple[Part, ...]]:
    truth = suite.truths["topic"]  # type: ignore[attr-defined]
    return truth.items, truth.parts


def test_scores_are_exact_quotients_of_integer_sums(suite_folder: Path, perfect: Path) -> None:
    suite = load_suite(suite_folder)
    perfect.write_text(perfect.read_text().replace("size,s1,1.5", "size,s1,1.5004"))
    report = score(suite, read_predictions(perfect, suite))
    perfect.write_text(perfect.read_text().replace("size,s1,1.5004", "size,s1,1.508"))
    other = score(suite, read_predictions(perfect, suite))
    part = suite.truths["size"].parts[1]
    assert [task.sum for task in report.tasks if task.task == "size"] == [0, 0]
    assert [task.score for task in other.tasks if (task.task, task.part) == ("size", part)] == ["0.002000"]
    for task in other.tasks:
        chosen = other.items.filter((pc.field("task") == task.task) & (pc.field("part") == task.part))
        assert pc.sum(chosen["value"]).as_py() == task.sum


def test_an_answer_that_never_changes_is_noted_with_the_level_of_chance(suite_folder: Path, perfect: Path) -> None:
    suite = load_suite(suite_folder)
    perfect.write_text(perfect.read_text().replace("yes", "no"))
    notes = score(suite, read_predictions(perfect, suite), only=Part.PRIVATE).notes
    assert [note.code for note in notes] == ["constant_predictor", "no_better_than_chance"]
    assert notes[0].sentence == "Every prediction for task topic is the same: no."
    assert notes[1].sentence.endswith("on the private part of task topic is no better than chance, 0.5.")


def test_progress_is_told_after_every_task(suite_folder: Path, perfect: Path) -> None:
    suite = load_suite(suite_folder)
    told: list[tuple[int, int, str]] = []
    score(suite, read_predictions(perfect, suite), progress=lambda *step: told.append(step))
    assert told == [(10, 24, "topic"), (18, 24, "size"), (24, 24, "risk")]


@pytest.mark.parametrize("share", ["0", "1"])
def test_a_suite_may_be_wholly_public_or_wholly_private(suite_folder: Path, perfect: Path, share: str) -> None:
    path = suite_folder / "suite.yaml"
    path.write_text(path.read_text().replace("public_share: 0.5", f"public_share: {share}"))
    suite = load_suite(suite_folder)
    report = score(suite, read_predictions(perfect, suite))
    assert {task.part for task in report.tasks} == {Part.PUBLIC if share == "1" else Part.PRIVATE}
    assert score(suite, read_predictions(perfect, suite), only=Part.PUBLIC).items.num_rows == 24 * int(share)
