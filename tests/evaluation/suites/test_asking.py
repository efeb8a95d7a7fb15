"""How a suite says what a model is asked: templates that only substitute, inputs apart from the truth."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from evaluation import SuiteError, load_suite, write_starter
from evaluation.suites.templates import TemplateRefused, fields_of, filled
from evaluation.tasks import Need, Part
from tests.evaluation.engines.onnx_models import png

TASK: dict[str, Any] = {
    "name": "topic", "title": "Topic", "kind": "classification", "metric": "accuracy", "floor": 0.5, "ceiling": 1,
    "labels": ["art", "law"],
    "ask": {"by": "choices", "prompt": "{{ text }} It is about", "choices": [" {{ names[0] }}", " {{ names[1] }}"]},
}  # fmt: skip
ITEMS = {f"i{n}": ("art" if n % 2 else "law") for n in range(10)}
INPUTS = {item: {"text": f"Text {item}.", "names": ["painting", "courts"]} for item in ITEMS}


def written(folder: Path, *, task: dict[str, Any] | None = None, inputs: Any = None, **top: Any) -> Path:
    """Write a suite of one task."""
    folder.mkdir(exist_ok=True)
    manifest = {"name": "s", "version": "1", "title": "S", "split": {"seed": 1, "public_share": 0.3}, **top}
    (folder / "suite.yaml").write_text(yaml.safe_dump({**manifest, "tasks": [{**TASK, **(task or {})}]}))
    for name in ("items", "inputs"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "items/topic.csv").write_text("item,label\n" + "".join(f"{k},{v}\n" for k, v in ITEMS.items()))
    rows = inputs if isinstance(inputs, str) else lines(inputs or INPUTS)
    (folder / "inputs/topic.jsonl").write_text(rows)
    return folder


def lines(inputs: dict[str, dict[str, Any]]) -> str:
    """Write inputs as a suite holds them."""
    return "".join(json.dumps({"item": item, **fields}) + "\n" for item, fields in inputs.items())


def test_a_task_says_how_a_model_is_asked_and_what_that_needs(tmp_path: Path) -> None:
    suite = load_suite(written(tmp_path / "suite"))
    (task,) = suite.tasks
    assert task.ask is not None
    assert task.ask.choices == (" {{ names[0] }}", " {{ names[1] }}")
    assert task.needs == {Need.LOGPROBS}
    assert suite.inputs["topic"]["i3"]["text"] == "Text i3."


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "holds a call"),
        ("{{ text.__class__ }}", "no name of a field begins with an underscore"),
        ("{{ text|attr('__class__') }}", "holds a filter"),
        ("{% for x in text %}{{ x }}{% endfor %}", "holds a for"),
        ("{% include 'x' %}", "holds a include"),
        ("{% set x = 1 %}", "holds a assign"),
        ("{{ 7 * 7 }}", "holds a mul"),
        ("{{ text[other] }}", "looks a field up by another"),
        ("{{ text ~ text }}", "holds a concat"),
        ("{{ text if text else '' }}", "holds a condexpr"),
        ("{{ text", "is not a template"),
        ("{{ " + "(" * 5_000 + "text" + ")" * 5_000 + " }}", "is nested too deep"),
        ("x" * 20_001, "longer than"),
    ],
)
def test_a_template_may_only_substitute(template: str, why: str) -> None:
    with pytest.raises(TemplateRefused, match=why):
        fields_of(template)
    with pytest.raises(TemplateRefused):
        filled(template, {"text": "a", "other": 0})


def test_a_template_is_filled_from_fields_and_never_twice() -> None:
    fields = {"text": "{{ secret }}", "names": ["a", "b"], "n": 3, "secret": "no"}
    assert filled("{{ text }} {{ names[1] }} {{ n }}\n", fields) == "{{ secret }} b 3\n"
    assert fields_of("{{ text }} {{ names[1] }}") == {"text", "names"}


def test_a_field_that_is_missing_is_named() -> None:
    with pytest.raises(TemplateRefused, match="'questoin' is undefined"):
        filled("{{ questoin }}", {"question": "?"})


@pytest.mark.parametrize(
    ("task", "why"),
    [
        ({"ask": {"by": "guess", "prompt": "x"}}, r"ask.by: write one of choices, text, likelihood, features, image"),
        ({"ask": {"by": "choices", "prompt": "{{ text }}", "choices": ["a"]}}, "a list of 2 templates"),
        ({"ask": {"by": "likelihood", "prompt": "{{ text }}"}}, "is not asked by likelihood"),
        ({"ask": {"by": "text", "prompt": "{{ text }}"}}, "the key 'tokens' is missing"),
        ({"ask": {"by": "text", "prompt": "{{ text }}", "tokens": 9, "stop": [""]}}, "an empty text would end"),
        ({"ask": {"by": "text", "prompt": "{{ text.pop() }}", "tokens": 9}}, "the template holds a call"),
        ({"languages": ["English"]}, "is not a language tag"),
        ({"languages": ["de", "de"]}, "given twice"),
        ({"samples": 3}, "only a code task has samples"),
        ({"kind": "text"}, "only a classification or distribution task has labels"),
    ],
)
def test_a_task_asked_wrongly_is_refused_with_its_key(tmp_path: Path, task: dict[str, Any], why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        load_suite(written(tmp_path / "suite", task=task))


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({**INPUTS, "i99": INPUTS["i1"]}, "line 11: 'i99' is no item of the task"),
        ({item: fields for item, fields in INPUTS.items() if item != "i4"}, "1 items have no line, the first is 'i4'"),
        ({**INPUTS, "i2": {"txet": "x", "names": ["a", "b"]}}, "line 3: a template of the task cannot be filled"),
        ({**INPUTS, "i2": {"text": "x", "names": ["a", "a"]}}, "line 3: two choices are the same text"),
        ({**INPUTS, "i2": {"text": {"a": 1}, "names": ["a", "b"]}}, "neither a text, a number, nor a list of texts"),
        ({**INPUTS, "i2": {"text": True, "names": ["a", "b"]}}, "neither a text"),
        ({**INPUTS, "i2": {"text": "\0", "names": ["a", "b"]}}, "none of them NUL"),
        (lines(INPUTS) + lines({"i1": INPUTS["i1"]}), "line 11: the item 'i1' is there twice"),
        (lines(INPUTS).replace('"text"', '"item"', 1), "a key is there twice"),
        (lines(INPUTS) + "[1]\n", "line 11: not a JSON object"),
        (lines(INPUTS) + '{"item": NaN}\n', "NaN is no number"),
        (lines(INPUTS) + "[" * 100_000 + "\n", "line 11: not one JSON object"),
    ],
)
def test_inputs_that_do_not_fit_are_refused_with_their_line(tmp_path: Path, inputs: Any, why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        load_suite(written(tmp_path / "suite", inputs=inputs))


def test_a_file_that_is_missing_or_misnamed_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path / "suite")
    (folder / "inputs/topic.jsonl").rename(folder / "inputs/topics.jsonl")
    with pytest.raises(SuiteError, match=r"inputs/topic.jsonl: missing"):
        load_suite(folder)
    (folder / "inputs/topic.jsonl").write_text(lines(INPUTS))
    with pytest.raises(SuiteError, match=r"inputs/topics.jsonl: belongs to no task"):
        load_suite(folder)


def test_likelihood_is_taken_of_a_text_whose_bytes_the_label_counts(tmp_path: Path) -> None:
    folder = written(tmp_path / "suite")
    manifest = yaml.safe_load((folder / "suite.yaml").read_text())
    task = manifest["tasks"][0]
    task.update(kind="likelihood", ask={"by": "likelihood", "prompt": "{{ text }}"}, metric="bits_per_byte")
    task.update(floor=8, ceiling=0)
    del task["labels"]
    (folder / "suite.yaml").write_text(yaml.safe_dump(manifest))
    (folder / "items/topic.csv").write_text("item,label\ni1,5\n")
    (folder / "inputs/topic.jsonl").write_text(lines({"i1": {"text": "äöx"}}))
    assert load_suite(folder).tasks[0].needs == {Need.LOGPROBS}
    (folder / "items/topic.csv").write_text("item,label\ni1,3\n")
    with pytest.raises(SuiteError, match="the text has 5 bytes, and its label says 3"):
        load_suite(folder)


@pytest.mark.parametrize(("which", "count"), [("public", 3), ("all", 10)])
def test_a_starter_holds_what_the_public_items_ask(tmp_path: Path, which: str, count: int) -> None:
    folder = written(tmp_path / "suite", starter_inputs=which)
    write_starter(folder, tmp_path / "starter")
    starter = load_suite(tmp_path / "starter")
    assert len(starter.inputs["topic"]) == count
    truth = load_suite(folder).truths["topic"]
    public = {item for item, part in zip(truth.items, truth.parts, strict=True) if part is Part.PUBLIC}
    assert public <= starter.inputs["topic"].keys()
    assert "law" not in (tmp_path / "starter/inputs/topic.jsonl").read_text()


def test_what_is_asked_is_part_of_the_digest(tmp_path: Path) -> None:
    one = load_suite(written(tmp_path / "one"))
    other = load_suite(written(tmp_path / "other", inputs={**INPUTS, "i1": {"text": "Else.", "names": ["a", "b"]}}))
    assert one.digest != other.digest


FEATURES = {"kind": "classification", "ask": {"by": "features", "features": ["age", "height"]}}
IMAGE = {"kind": "classification", "ask": {"by": "image", "image": "scan", "size": [8, 6]}}
SCAN = png(np.arange(48, dtype=np.uint8).reshape(8, 6))


def test_numbers_and_images_need_a_model_of_them(tmp_path: Path) -> None:
    rows = {item: {"age": n, "height": 1.5, "scan": SCAN} for n, item in enumerate(ITEMS)}
    for name, task, need in (("one", FEATURES, Need.FEATURES), ("two", IMAGE, Need.IMAGES)):
        suite = load_suite(written(tmp_path / name, task=task, inputs=rows))
        assert suite.tasks[0].needs == {need}
        assert suite.inputs["topic"]["i3"]["age"] == 3


@pytest.mark.parametrize("numbers", [FEATURES, IMAGE], ids=["features", "image"])
def test_no_suite_asks_one_model_for_prompts_and_numbers(tmp_path: Path, numbers: dict[str, Any]) -> None:
    folder = written(tmp_path / "suite")
    manifest = yaml.safe_load((folder / "suite.yaml").read_text())
    manifest["tasks"].append({**TASK, **numbers, "name": "scans"})
    (folder / "suite.yaml").write_text(yaml.safe_dump(manifest))
    with pytest.raises(SuiteError, match=r"topic by choices and scans by \w+ cannot be asked of one model"):
        load_suite(folder)


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        ({"by": "features", "features": []}, "write a list of 1 to 1,000 fields"),
        ({"by": "features", "features": ["age", "age"]}, "a field is given twice"),
        ({"by": "features", "features": ["item"]}, "'item' is no field"),
        ({"by": "features", "features": ["age"], "prompt": "{{ age }}"}, "the key 'prompt' is not known"),
        ({"by": "image", "image": "scan"}, "the key 'size' is missing"),
        ({"by": "image", "image": "scan", "size": [8]}, "write the height and the width"),
        ({"by": "image", "image": "scan", "size": [8, 0]}, "0 is not a whole number from 1 to 1,024"),
        ({"by": "image", "image": "scan", "size": [8, 6], "channels": 4}, "4 is neither 1"),
        ({"by": "image", "image": "scan", "size": [8, 6], "channels": True}, "True is neither 1"),
    ],
)
def test_numbers_and_images_asked_wrongly_are_refused(tmp_path: Path, ask: dict[str, Any], why: str) -> None:
    with pytest.raises(SuiteError, match=why):
        load_suite(written(tmp_path / "suite", task={"ask": ask}))
    ranking = {"kind": "text", "labels": [], "metric": "exact_match", "floor": 0, "ask": FEATURES["ask"]}
    with pytest.raises(SuiteError, match="a task of kind text is not asked by features"):
        load_suite(written(tmp_path / "text", task=ranking))


@pytest.mark.parametrize("value", [None, "7", [], 10**400, "1e3"], ids=lambda one: str(one)[:9])
def test_a_feature_that_is_no_number_is_refused_with_its_line(tmp_path: Path, value: Any) -> None:
    rows: dict[str, dict[str, Any]] = {item: {"age": 1, "height": 1.5} for item in ITEMS}
    rows["i2"] = {"height": 1.5} if value is None else {"age": value, "height": 1.5}
    with pytest.raises(SuiteError, match=r"line 3: the feature 'age' is .*; write a finite number"):
        load_suite(written(tmp_path / "suite", task=FEATURES, inputs=rows))
    rows["i2"] = {"age": 0, "height": 1.5}
    endless = lines(rows).replace('"age": 0', '"age": 1e999')
    with pytest.raises(SuiteError, match="the feature 'age' is 'inf'"):
        load_suite(written(tmp_path / "endless", task=FEATURES, inputs=endless))


def bent(content: bytes, at: int) -> str:
    """Change one byte."""
    return base64.b64encode(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]).decode()


@pytest.mark.parametrize(
    ("scan", "why"),
    [
        (None, "is missing"),
        (7, "is missing"),
        ("no image", "is not base64"),
        (base64.b64encode(b"GIF89a").decode(), "is no whole PNG file"),
        (base64.b64encode(base64.b64decode(SCAN)[:-1]).decode(), "is no whole PNG file"),
        (base64.b64encode(base64.b64decode(SCAN) + b"x").decode(), "is no whole PNG file"),
        (bent(base64.b64decode(SCAN), 50), "is no whole PNG file"),
        (png(np.zeros((6, 8), np.uint8)), "is 6 x 8 pixels and not 8 x 6"),
        (png(np.zeros((8, 6, 3), np.uint8)), "has not 1 channels of 8 bits"),
    ],
    ids=lambda one: str(one)[:20],
)
def test_an_image_that_is_not_as_declared_is_refused_with_its_line(tmp_path: Path, scan: Any, why: str) -> None:
    rows: dict[str, dict[str, Any]] = {item: {"scan": SCAN} for item in ITEMS}
    rows["i2"] = {} if scan is None else {"scan": scan}
    with pytest.raises(SuiteError, match=rf"line 3: the image 'scan' {why}"):
        load_suite(written(tmp_path / "suite", task=IMAGE, inputs=rows))
