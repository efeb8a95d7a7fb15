"""Parallel items are one cluster and on one side of the split, in every language that the task names."""

from pathlib import Path

import pytest
import yaml

from evaluation import Part, SuiteError, load_suite

NAMES = [f"n{number:02}" for number in range(20)]


def write(folder: Path, *, names: dict[str, list[str]] | None = None, **changes: object) -> Path:
    """Write a suite of one parallel task in two languages, with some keys of the task changed."""
    task: dict[str, object] = {
        "name": "same", "title": "Same", "kind": "classification", "metric": "accuracy", "floor": "0.5", "ceiling": 1,
        "labels": ["a", "b"], "languages": ["de", "fr"], "parallel": True, **changes,
    }  # fmt: skip
    manifest = {"name": "s", "version": "1", "title": "S", "split": {"seed": 4, "public_share": "0.4"}, "tasks": [task]}
    folder.mkdir()
    (folder / "suite.yaml").write_text(yaml.safe_dump(manifest))
    (folder / "items").mkdir()
    items = [f"{code}/{name}" for code, found in (names or {"de": NAMES, "fr": NAMES}).items() for name in found]
    header = "item,label,cluster" if task.get("cluster") else "item,label"
    rows = "".join(
        f"{item},{'ab'[number % 2]}{',c' if task.get('cluster') else ''}\n" for number, item in enumerate(items)
    )
    (folder / "items" / "same.csv").write_text(f"{header}\n{rows}")
    return folder


def test_they_are_one_cluster_and_on_one_side(tmp_path: Path) -> None:
    truth = load_suite(write(tmp_path / "suite")).truths["same"]
    assert truth.clusters == tuple(NAMES * 2)
    by_name = dict(zip(truth.clusters[:20], truth.parts[:20], strict=True))
    assert [by_name[name] for name in truth.clusters[20:]] == list(truth.parts[20:])
    assert truth.parts.count(Part.PUBLIC) == 16


@pytest.mark.parametrize(
    ("names", "changes", "sentence"),
    [
        ({"de": NAMES, "fr": NAMES[1:]}, {}, "items/same.csv: fr lacks 'n00'; add what is missing"),
        ({"de": NAMES, "fr": NAMES[:3]}, {}, "fr lacks 'n03' and 16 more"),
        ({"de": NAMES, "fr": NAMES, "es": NAMES}, {}, "'es/n00' of a parallel task names none of its languages"),
        ({"de": [*NAMES, ""], "fr": NAMES}, {}, "'de/' of a parallel task names none of its languages"),
        (None, {"languages": ["de"]}, r"tasks\[0\].parallel: parallel items are in two languages at least"),
        (None, {"cluster": True}, r"tasks\[0\].cluster: parallel items belong together by their names"),
        (None, {"metric": "macro_f1"}, "macro_f1 has no score of one language; use one of accuracy, micro_f1,"),
        (None, {"parallel": "yes"}, "'yes' is neither true nor false"),
    ],
)
def test_what_is_not_parallel_is_named(
    names: dict[str, list[str]] | None, changes: dict[str, object], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SuiteError, match=sentence):
        load_suite(write(tmp_path / "suite", names=names, **changes))
