"""A starter lets a team score itself at home and tells it nothing about the private part."""

from pathlib import Path

import pytest

from evaluation import Part, SuiteError, load_suite, read_predictions, score, write_starter


def test_a_starter_holds_the_public_labels_and_no_private_one(suite_folder: Path, tmp_path: Path) -> None:
    write_starter(suite_folder, tmp_path / "starter")
    full, starter = load_suite(suite_folder), load_suite(tmp_path / "starter")
    assert starter.starter_of == full.digest
    for task in full.tasks:
        true = dict(zip(full.truths[task.name].items, full.truths[task.name].labels, strict=True))
        for item, label, part in zip(*_columns(starter, task.name), strict=True):
            assert label == (true[item] if part is Part.PUBLIC else None)
    # A private cluster would tell which private items belong together.
    assert "c0" not in (tmp_path / "starter" / "items" / "topic.csv").read_text()


def _columns(suite: object, task: str) -> tuple[tuple[object, ...], ...]:
    truth = suite.truths[task]  # type: ignore[attr-defined]
    return truth.items, truth.labels, truth.parts


def test_the_public_score_at_home_is_the_public_score_of_the_judge(
    suite_folder: Path, perfect: Path, tmp_path: Path
) -> None:
    write_starter(suite_folder, tmp_path / "starter")
    perfect.write_text(perfect.read_text().replace("yes", "no"))
    full, starter = load_suite(suite_folder), load_suite(tmp_path / "starter")
    at_home = score(starter, read_predictions(perfect, starter), only=Part.PUBLIC)
    judged = score(full, read_predictions(perfect, full))
    assert at_home.tasks == tuple(task for task in judged.tasks if task.part is Part.PUBLIC)


def test_a_starter_cannot_score_the_private_part(suite_folder: Path, perfect: Path, tmp_path: Path) -> None:
    write_starter(suite_folder, tmp_path / "starter")
    starter = load_suite(tmp_path / "starter")
    with pytest.raises(SuiteError, match="starter suite, which holds no private labels; add --only public"):
        score(starter, read_predictions(perfect, starter))


def test_a_starter_is_made_only_of_a_full_suite_into_an_empty_folder(suite_folder: Path, tmp_path: Path) -> None:
    write_starter(suite_folder, tmp_path / "starter")
    with pytest.raises(SuiteError, match="not an empty folder"):
        write_starter(suite_folder, tmp_path / "starter")
    with pytest.raises(SuiteError, match="this is a starter already"):
        write_starter(tmp_path / "starter", tmp_path / "again")


@pytest.mark.parametrize("labelled", [True, False])
def test_a_starter_with_the_wrong_labels_withheld_is_refused(
    suite_folder: Path, tmp_path: Path, labelled: bool
) -> None:
    write_starter(suite_folder, tmp_path / "starter")
    path = tmp_path / "starter" / "items" / "risk.csv"
    lines = path.read_text().splitlines()
    place = next(n for n, line in enumerate(lines) if line.endswith(",") is labelled and n)
    lines[place] = lines[place].split(",")[0] + ("," + "1" * labelled)
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(SuiteError, match="though it is private" if labelled else "though it is public"):
        load_suite(tmp_path / "starter")
