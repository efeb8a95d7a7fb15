"""Samples are made of a starter's public items, and of tasks in which every item is right or wrong."""

from pathlib import Path
from typing import Any

from evaluation import load_suite, write_starter
from evaluation.every_eval_ever import Log, Model, Samples, Source, Suited, samples_of
from evaluation.tasks import Part
from tests.evaluation.conftest import write_suite
from tests.evaluation.suites.test_asking import ITEMS, written
from tests.every_eval_ever import SAMPLE, lines

TEXT: dict[str, Any] = {
    "kind": "text", "metric": "exact_match", "labels": [], "floor": 0,
    "ask": {"by": "text", "prompt": "{{ text }}", "tokens": 5},
}  # fmt: skip
LOG = Log(
    collection="c", entry="e", state="v1", made="1", source=Source(name="s", organisation="o", relationship="other"),
    model=Model(id="o/m", name="m"), engine="", suite=Suited(title="s"), results=(),
)  # fmt: skip


def made(folder: Path, **changes: Any) -> tuple[Samples, list[str]]:
    """Make samples of a suite of one task, and return its public items too."""
    folder.mkdir(exist_ok=True)
    suite = load_suite(written(folder / "suite", **changes))
    write_starter(folder / "suite", folder / "starter")
    truth = suite.truths["topic"]
    public = [item for item, part in zip(truth.items, truth.parts, strict=True) if part is Part.PUBLIC]
    return samples_of(load_suite(folder / "starter")), public


def test_samples_are_the_public_items_as_they_were_put(tmp_path: Path) -> None:
    samples, public = made(tmp_path)
    assert sorted(one.item for one in samples.samples) == sorted(public)
    values = {"topic": {item: 10_000 if item == public[0] else 0 for item in ITEMS}}
    rows = lines(samples.lines(LOG, values, named={"topic": "s.topic.public"}).encode())
    for row in rows:
        SAMPLE.validate(row)
        item = row["sample_id"]
        assert row["input"]["raw"] == f"Text {item}. It is about"
        assert row["input"]["choices"] == [" painting", " courts"]
        assert row["input"]["reference"] == [ITEMS[item]]
        assert row["evaluation"] == {"score": float(item == public[0]), "is_correct": item == public[0]}
        assert row["evaluation_result_id"] == "c/e/v1/s.topic.public"
    assert len(rows) == len(public) < len(ITEMS), "values of hidden items make no samples"


def test_the_whole_inputs_of_a_starter_make_no_sample_of_a_hidden_item(tmp_path: Path) -> None:
    samples, public = made(tmp_path, starter_inputs="all")
    assert sorted(one.item for one in samples.samples) == sorted(public)


def test_what_an_entry_has_no_value_for_is_left_out(tmp_path: Path) -> None:
    samples, public = made(tmp_path)
    assert samples.lines(LOG, {"topic": {public[0]: 0}}, named={"topic": "t"}).count("\n") == 1
    assert samples.lines(LOG, {}, named={"topic": "t"}) == ""
    assert samples.lines(LOG, {"topic": {public[0]: 0}}, named={}) == ""


def test_a_metric_that_calls_no_item_right_has_no_samples(tmp_path: Path) -> None:
    assert made(tmp_path, task={**TEXT, "metric": "chrf"})[0] == Samples(())
    assert len(made(tmp_path / "text", task=TEXT)[0].samples) > 0


def test_a_suite_of_predictions_has_no_samples(tmp_path: Path) -> None:
    assert samples_of(load_suite(write_suite(tmp_path / "suite"))) == Samples(())
