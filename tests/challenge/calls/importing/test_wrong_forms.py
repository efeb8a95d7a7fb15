"""What stands in a bundle in a form that cannot be read is told; nothing is said to be carried over that is dropped."""

import pytest

from challenge.calls.importing.reports import Fate, Weight
from tests.challenge.calls.importing import codabench_bundles, hugging_face_bundles
from tests.challenge.calls.importing.staging_bundles import ROOMS, read

FILE = {
    "EvalAI": "challenge_config.yaml",
    "Codabench v2": "competition.yaml",
    "CodaLab v1.5": "competition.yaml",
    "LM Evaluation Harness": "otter_sums.yaml",
}
BUNDLE = {"LM Evaluation Harness": "writing"}


def changed(format_: str, old: str, new: str) -> dict[str, str]:
    """Return a full bundle of a format with one part of its configuration written otherwise."""
    files = ROOMS[format_][BUNDLE.get(format_, "full")]
    text = files[FILE[format_]]
    assert old in text
    return {**files, FILE[format_]: text.replace(old, new, 1)}


@pytest.mark.parametrize(
    ("format_", "old", "new", "key", "line", "also"),
    [
        ("EvalAI", "  - id: 2\n    name: Test\n", "  - id: 1\n    name: Test\n", "challenge_phases[1].id", 62, (30,)),
        ("EvalAI", "  - id: 2\n    name: Test notices", "  - id: 1\n    name: Test notices", "dataset_splits[1].id", 78, (75,)),
        ("EvalAI", "  - id: 2\n    schema", "  - id: 1\n    schema", "leaderboard[1].id", 27, (16,)),
        ("EvalAI", "  - id: 2\n    name: Test\n", "  - name: Test\n", "challenge_phases[1].id", 62, ()),
        ("EvalAI", "  - id: 2\n    name: Test notices", "  - id:\n    name: Test notices", "dataset_splits[1].id", 78, ()),
        ("Codabench v2", "  - index: 1\n    key: 5d", "  - index: 0\n    key: 5d", "tasks[1].index", 37, (29,)),
        ("Codabench v2", "  - index: 1\n    key: 5d", "  - key: 5d", "tasks[1].index", 37, ()),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_told_from_another_is_an_error_with_both_places(
    format_: str, old: str, new: str, key: str, line: int, also: tuple[int, ...]
) -> None:
    reading = read(changed(format_, old, new))
    assert reading.draft is None
    assert (key, line, also) in [(error.key, error.line, error.also) for error in reading.report.errors]


@pytest.mark.parametrize(
    ("format_", "old", "new", "key"),
    [
        ("EvalAI", "evaluation_script: evaluation_script.zip", "evaluation_script: {path: s.zip}", "evaluation_script"),
        ("EvalAI", "image: logo.png", "image: 5", "image"),
        ("EvalAI", "short_description: ", "short_description: [a, b]\nx: ", "short_description"),
        ("EvalAI", "labels: [Accuracy, Seconds]", "labels: Accuracy", "leaderboard[0].schema.labels"),
        ("EvalAI", "labels: [Accuracy, Seconds]", "labels: [[Accuracy], Seconds]", "leaderboard[0].schema.labels[0]"),
        ("Codabench v2", "    tasks: [0, 1]", "    tasks: 0", "phases[1].tasks"),
        ("Codabench v2", "description: |", "description: [a]\nx: |", "description"),
        ("CodaLab v1.5", "description: ", "description: {a: b}\nx: ", "description"),
        ("LM Evaluation Harness", 'until: ["\\n", "Q:"]', "until: {a: b}", "generation_kwargs.until"),
        ("LM Evaluation Harness", "repeats: 1", "target_delimiter: [a]", "target_delimiter"),
    ],
)
def test_a_value_of_another_form_is_an_error(format_: str, old: str, new: str, key: str) -> None:
    reading = read(changed(format_, old, new))
    assert reading.draft is None
    assert key in [error.key for error in reading.report.errors]


def test_a_key_that_names_no_file_is_not_carried_over() -> None:
    reading = read(changed("EvalAI", "image: logo.png", "image:"))
    assert reading.draft is not None
    (row,) = [row for row in reading.report.rows if row.key == "image"]
    assert (row.fate, row.words) == (Fate.LEFT, "It names no file.")


@pytest.mark.parametrize(
    ("format_", "old", "new", "key", "said"),
    [
        ("EvalAI", "labels: [Accuracy, Seconds]", "labels: Accuracy", "leaderboard[0].schema.labels", "in this form"),
        ("EvalAI", 'schema: {"labels": ["F1"], "default_order_by": "F1"}', "schema: F1", "leaderboard[1].schema", "in this form"),
        ("EvalAI", "image: logo.png", "pictures: [logo.png]", "pictures[0]", "No key of this name"),
        ("EvalAI", "    codename: dev\n", "    code: {name: dev}\n", "challenge_phases[0].code.name", "No key of this name"),
        ("Codabench v2", "solutions:\n", "solutions: none\nx:\n", "solutions", "in this form"),
        ("CodaLab v1.5", "html:\n", "html: [a.html]\nx:\n", "html[0]", "in this form"),
        ("LM Evaluation Harness", "repeats: 1", "metadata: 3", "metadata", "in this form"),
        ("Codabench v2", "solutions:\n", "solutions: []\nx:\n", "solutions", "It is empty."),
    ],
)  # fmt: skip
def test_a_documented_key_of_another_form_is_not_said_to_be_unknown(
    format_: str, old: str, new: str, key: str, said: str
) -> None:
    (row,) = [row for row in read(changed(format_, old, new)).report.rows if row.key == key]
    assert row.fate is Fate.LEFT
    assert said in row.words


def test_an_end_that_is_written_empty_is_as_good_as_none() -> None:
    phases = ("One", "2026-03-29T01:59:00+01:00", "2026-10-25T01:00:00Z"), ("Two", "2026-10-25T01:00:00Z", "null")
    reading = read({"competition.yaml": codabench_bundles.small("Empty end", *phases), **codabench_bundles.FILES})
    assert [str(f) for f in reading.report.remarks] == [
        "doubt: competition.yaml, line 17: phases[1]: This phase has no end. Write when it closes into the draft."
    ]
    for format_, old, new in (
        ("EvalAI", "\nend_date: 2026-10-25 01:01:00", "\nend_date: null"),
        ("EvalAI", "\nstart_date: 2026-03-29 00:59:00", "\nstart_date:"),
        ("EvalAI", "    end_date: 2026-10-25 01:01:00", "    end_date: ~"),
        ("CodaLab v1.5", "\nend_date: ", "\nend_date:\nx: "),
    ):
        reading = read(changed(format_, old, new))
        assert reading.draft is not None
        assert not reading.report.errors
    text = hugging_face_bundles.conf().replace('"2026-10-25T02:30:00+01:00"', "null")
    reading = read({"conf.json": text})
    assert reading.draft is not None
    assert "Nothing says when the competition ends." in str([str(f) for f in reading.report.remarks])


@pytest.mark.parametrize(
    ("name", "doubtful"), [("neg_mean_squared_error", False), ("mean_squared_error", True), ("negatives_error", True)]
)
def test_of_a_negated_error_higher_is_better(name: str, doubtful: bool) -> None:
    told = read({"conf.json": hugging_face_bundles.conf(EVAL_METRIC=name, SCORING_METRIC=name)}).report.remarks
    assert any("is a name of errors" in remark.sentence for remark in told) is doubtful


@pytest.mark.parametrize("tag", ["!!str Herons", "!!int 5", "!!map {a: b}"])
def test_a_tag_of_yaml_itself_is_not_said_to_run_anything(tag: str) -> None:
    reading = read(changed("EvalAI", "title: Herons and Otters", f"title: {tag}"))
    (error,) = reading.report.errors
    assert error.sentence.startswith(f"The tag {tag.split()[0]}")
    assert "run or built" not in error.sentence
    assert "is not read here; write the plain value." in error.sentence


def test_a_file_beside_the_configuration_blocks_no_draft_unless_it_has_tags() -> None:
    task = ROOMS["LM Evaluation Harness"]["choices"]
    reading = read({**task, "data.json": "[1]", "more.yaml": "- 1\n"})
    assert reading.draft is not None
    weights = {f.file: f.weight for f in reading.report.remarks if f.file not in task}
    assert weights == {"data.json": Weight.NOTE, "more.yaml": Weight.DOUBT}  # which could be one more task
    assert read({**task, "data.json": '{"a": !!python/name:os.system ""}'}).draft is None
    assert read({"data.json": "[1]"}).report.errors
