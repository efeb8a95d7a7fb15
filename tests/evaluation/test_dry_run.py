"""Two entries whose order is known come out in that order, or the suite is not fit to be used."""

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluation import SuiteError, demand_order, dry_run, load_suite, write_starter
from evaluation.commands import main

TASKS: dict[str, tuple[dict[str, Any], list[str], list[str], list[str]]] = {
    # task, truth, worse, better
    "topic": ({"kind": "classification", "metric": "macro_f1", "labels": ["a", "b"]}, list("abab"), list("aaaa"), list("abaa")),
    "risk": ({"kind": "probability", "metric": "log_loss", "floor": 1, "ceiling": 0}, list("0101"), ["0.9"] * 4, ["0.4"] * 4),
    "size": ({"kind": "regression", "metric": "r_squared"}, ["1", "2", "3", "9"], ["5"] * 4, ["1", "2", "3", "4"]),
    "chances": (
        {"kind": "distribution", "metric": "brier", "labels": ["a", "b"], "floor": 1, "ceiling": 0},
        list("abab"), ["0.5 0.5"] * 4, ["0.8 0.2", "0.2 0.8"] * 2,
    ),
    "words": ({"kind": "text", "metric": "token_f1"}, ["one two", "three"] * 2, ["x"] * 4, ["one", "x"] * 2),
    "following": (
        {"kind": "instructions", "metric": "each_instruction"},
        ['[{"kind": "punctuation:no_comma"}, {"kind": "detectable_format:title"}]', '[{"kind": "startend:quotation"}]'] * 2,
        ["a, b"] * 4, ["<<a>>", '"b"'] * 2,
    ),
    "order": ({"kind": "ranking", "metric": "ndcg"}, ["p:1 q:3"] * 4, ["p q"] * 4, ["q p"] * 4),
    "bytes": (
        {"kind": "likelihood", "metric": "bits_per_byte", "floor": 8, "ceiling": 0,
         "ask": {"by": "likelihood", "prompt": "{{ text }}"}},
        ["4"] * 4, ["-20"] * 4, ["-10.5"] * 4,
    ),
    "programs": (
        {"kind": "code", "metric": "pass_at_k", "samples": 2, "k": 1,
         "ask": {"by": "text", "prompt": "{{ text }}", "tokens": 9}},
        ["assert f() == 1"] * 4, ["0"] * 4, ["0", "1", "2", "2"],
    ),
}  # fmt: skip


def written(folder: Path, names: list[str], *, references: dict[str, str] | None = None, truth: Any = None) -> Path:
    """Write a suite of some of the tasks; `references` says which column each of the two files is made of."""
    for name in ("items", "inputs", "references"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    tasks = [{"name": name, "title": name, "floor": 0, "ceiling": 1, **TASKS[name][0]} for name in names]
    manifest = {"name": "s", "version": "1", "title": "S", "split": {"seed": 1, "public_share": 0.5}, "tasks": tasks}
    (folder / "suite.yaml").write_text(yaml.safe_dump(manifest))
    for name in names:
        rows(
            folder / f"items/{name}.csv",
            ["item", "label"],
            [(n, label) for n, label in enumerate(truth or TASKS[name][1])],
        )
        if "ask" in TASKS[name][0]:
            (folder / f"inputs/{name}.jsonl").write_text(
                "".join(f'{{"item": "{n}", "text": "abcd"}}\n' for n in range(4))
            )
    for file, column in (references or {}).items():
        place = {"worse": 2, "better": 3}[column]
        rows(
            folder / f"references/{file}.csv", ["task", "item", "prediction"],
            [(name, n, value) for name in names for n, value in enumerate(TASKS[name][place])],
        )  # fmt: skip
    return folder


def rows(path: Path, header: list[str], found: list[tuple[Any, ...]]) -> None:
    """Write a CSV file."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *found])


@pytest.mark.parametrize("name", TASKS)
def test_without_references_the_truth_is_better_than_one_answer(tmp_path: Path, name: str) -> None:
    (trial,) = dry_run(load_suite(written(tmp_path, [name])))
    assert trial.fault == ""
    assert trial.worse != trial.better


@pytest.mark.parametrize("name", TASKS)
def test_references_in_order_pass_and_the_other_way_round_they_do_not(tmp_path: Path, name: str) -> None:
    right = load_suite(written(tmp_path / "right", [name], references={"worse": "worse", "better": "better"}))
    demand_order(right)
    wrong = load_suite(written(tmp_path / "wrong", [name], references={"worse": "better", "better": "worse"}))
    with pytest.raises(SuiteError, match=f"The dry run failed. {name}: the better reference entry scores"):
        demand_order(wrong)
    same = load_suite(written(tmp_path / "same", [name], references={"worse": "worse", "better": "worse"}))
    with pytest.raises(SuiteError, match="The dry run failed"):
        demand_order(same)


def test_every_task_that_is_out_of_order_is_named(tmp_path: Path) -> None:
    suite = load_suite(written(tmp_path, ["topic", "size"], references={"worse": "better", "better": "worse"}))
    with pytest.raises(SuiteError, match=r"topic: .*size: "):
        demand_order(suite)


def test_truth_that_never_changes_is_found_out(tmp_path: Path) -> None:
    suite = load_suite(written(tmp_path, ["topic"], truth=list("aaaa")))
    with pytest.raises(SuiteError, match="every item has the same label"):
        demand_order(suite)


def test_references_that_are_no_predictions_or_alone_are_refused(tmp_path: Path) -> None:
    folder = written(tmp_path, ["topic"], references={"worse": "worse"})
    with pytest.raises(SuiteError, match="give both"):
        dry_run(load_suite(folder))
    (folder / "references/better.csv").write_text("task,item,prediction\ntopic,0,z\n")
    with pytest.raises(SuiteError, match=r"references/better.csv: Line 2"):
        dry_run(load_suite(folder))


def test_a_starter_holds_no_references_and_is_not_tried(tmp_path: Path) -> None:
    folder = written(tmp_path / "full", ["topic"], references={"worse": "worse", "better": "better"})
    write_starter(folder, tmp_path / "starter")
    assert not (tmp_path / "starter/references").exists()
    with pytest.raises(SuiteError, match="try the full suite"):
        dry_run(load_suite(tmp_path / "starter"))


def test_the_command_checks_a_suite_by_trying_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, ["topic"], references={"worse": "worse", "better": "better"})
    assert main(["suite", "check", str(folder)]) == 0
    written(tmp_path, ["topic"], references={"worse": "better", "better": "worse"})
    assert main(["suite", "check", str(folder)]) == 2
    assert "The dry run failed. topic:" in capsys.readouterr().err
