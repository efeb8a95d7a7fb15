"""Predictions that are more than a label or a number: texts, rankings, distributions; and those that no file may hold."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import PredictionLimits, PredictionsUnreadable, Suite, load_suite, read_predictions, score
from tests.evaluation.predictions.both_ways import agree, by_columns, by_rows
from tests.evaluation.predictions.test_reading import as_jsonl, as_parquet

Rows = list[tuple[str, str, str]]
MANIFEST = """\
name: kinds
version: "1"
title: Kinds
split: {seed: 1, public_share: 0.5}
tasks:
"""
TASKS = {
    "say": ("- {name: say, title: S, kind: text, metric: token_f1, floor: 0, ceiling: 1}\n", ["yes", "ä cat"]),
    "mood": (
        '- {name: mood, title: M, kind: distribution, metric: brier, floor: 2, ceiling: 0, labels: ["sad", "so", "glad"]}\n',
        ["sad", "glad"],
    ),
    "find": ("- {name: find, title: F, kind: ranking, metric: ndcg, floor: 0, ceiling: 1}\n", ["a:1 b:0", "c:3 d:0 e:1"]),
    "size": ("- {name: size, title: Z, kind: regression, metric: squared_error, floor: 1, ceiling: 0}\n", ["1", "2"]),
}  # fmt: skip
LIMITS = PredictionLimits()
GOOD: Rows = [
    ("say", "s0", 'Yes, "indeed"\nor\r\nnot'),
    ("say", "s1", ""),
    ("mood", "m0", "0.25 0.5 0.25"),
    ("mood", "m1", "1e-7 0 0.999999"),
    ("find", "f0", "b a"),
    ("find", "f1", "e"),
    ("size", "s0", "1.5"),
    ("size", "s1", "2"),
]


def as_csv(rows: Rows) -> bytes:
    """Write rows as CSV with quotes where they are needed."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([("task", "item", "prediction"), *rows])
    return buffer.getvalue().encode()


FORMATS = [as_csv, as_jsonl, as_parquet]


def made(folder: Path, tasks: dict[str, tuple[str, list[str]]]) -> Suite:
    """Write a suite of these tasks and load it."""
    (folder / "items").mkdir(parents=True)
    (folder / "suite.yaml").write_text(MANIFEST + "".join(line for line, _ in tasks.values()))
    for name, (_, labels) in tasks.items():
        rows = "".join(f"{name[0]}{number},{label}\n" for number, label in enumerate(labels))
        (folder / "items" / f"{name}.csv").write_text("item,label\n" + rows)
    return load_suite(folder)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """Load a suite of those kinds."""
    return made(tmp_path_factory.mktemp("kinds") / "suite", TASKS)


@pytest.mark.parametrize("written", FORMATS)
def test_every_format_holds_every_kind(written: Callable[[Rows], bytes], suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(written(GOOD[::-1]))
    found = read_predictions(tmp_path / "p", suite)
    assert found.answers["say"] == ('Yes, "indeed"\nor\r\nnot', "")
    assert found.answers["mood"][0] == (Decimal("0.25"), Decimal("0.5"), Decimal("0.25"))
    assert found.answers["find"] == ("b a", "e")
    assert {task.task: task.score for task in score(suite, found).tasks}.keys() == TASKS.keys()
    assert by_rows(written(GOOD), suite, LIMITS) == dict(found.answers)


@pytest.mark.parametrize("written", FORMATS)
def test_texts_of_one_line_are_read_by_columns(written: Callable[[Rows], bytes], suite: Suite) -> None:
    rows = [("say", "s0", "Yes, it is"), *GOOD[1:]]
    found = by_columns(written(rows), suite, LIMITS)
    assert found is not None
    assert found == by_rows(written(rows), suite, LIMITS)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("mood", "m0", "0.25 0.5 0.18"), "Line 2, column prediction: '0.25 0.5 0.18' add up to 0.93; write probabilities that add up to 1 within 0.000001."),
        (("mood", "m0", "0.5 0.5"), "Line 2, column prediction: '0.5 0.5' holds 2 numbers where 3 belong; write one probability for each label, in the order sad, so, glad."),
        (("mood", "m0", "1.5 -0.5 0"), "Line 2, column prediction: '1.5 -0.5 0' holds 1.5, which is not between 0 and 1; write probabilities."),
        (("mood", "m0", "0,5 0.5 0"), "Line 2, column prediction: '0,5 0.5 0' holds '0,5', which has a decimal comma; write a decimal point."),
        (("find", "f0", "a b a"), "Line 2, column prediction: 'a b a' names the document a twice; keep one."),
        (("find", "f0", " "), "Line 2, column prediction: ' ' is empty; write the names of documents from the best down, with blanks between."),
        (("say", "s0", "x" * 8_001), "Line 2: a field is longer than 8,000 characters; shorten it."),
        (("size", "s0", "1" * 1_001), "Line 2: a field is longer than 1,000 characters; shorten it."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("written", [as_csv, as_jsonl])
def test_each_problem_says_where_it_is_and_what_to_do(
    row: tuple[str, str, str], sentence: str, written: Callable[[Rows], bytes], suite: Suite, tmp_path: Path
) -> None:
    rows = [row, *(other for other in GOOD if other[:2] != row[:2])]
    (tmp_path / "p").write_bytes(written(rows))
    with pytest.raises(PredictionsUnreadable) as caught:
        read_predictions(tmp_path / "p", suite)
    line = sentence if written is as_csv else sentence.replace("Line 2", "Line 1")
    assert caught.value.problems[0].sentence == line


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("text", ["x" * 8_000, "ß" * 8_000, "🙂" * 8_000, "line\n" * 1_600])
def test_a_long_text_is_read_whole(text: str, written: Callable[[Rows], bytes], suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(written([("say", "s0", text), *GOOD[1:]]))
    assert read_predictions(tmp_path / "p", suite).answers["say"][0] == text


@pytest.mark.parametrize(
    ("kind", "metric", "anchors", "label"),
    [
        ("likelihood", "bits_per_byte", "floor: 8, ceiling: 0", "12"),
        ("code", "pass_at_k", "floor: 0, ceiling: 1", "assert f()"),
    ],
)
def test_what_is_measured_is_taken_from_no_file(
    kind: str, metric: str, anchors: str, label: str, tmp_path: Path
) -> None:
    line = f"- {{name: run, title: R, kind: {kind}, metric: {metric}, {anchors}}}\n"
    suite = made(tmp_path / "suite", {"run": (line, [label, label]), "size": TASKS["size"]})
    (tmp_path / "p").write_bytes(
        as_csv([("run", "r0", "1"), ("run", "r1", "1"), ("size", "s0", "1"), ("size", "s1", "1")])
    )
    with pytest.raises(PredictionsUnreadable) as caught:
        read_predictions(tmp_path / "p", suite)
    assert list(caught.value.sentences()) == [
        "The file: cannot answer this suite: the answers to run are measured by the platform while it runs the model, "
        "and are never read from a file; submit the model."
    ]


_TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["0.5 0.5 0", "0 0 1", "a b", "a  b", "a a", "1", '"', "x\ny", "0.3 0.3 0.3999995", "z" * 8_001]),
)


@given(
    st.lists(_TEXTS, min_size=8, max_size=8), st.lists(st.booleans(), min_size=8, max_size=8), st.sampled_from(FORMATS)
)
@settings(max_examples=300)
def test_every_file_is_accepted_alike_and_read_alike(
    suite: Suite, drawn: list[str], keep: list[bool], written: Callable[[Rows], bytes]
) -> None:
    rows = [row if kept else (*row[:2], text) for row, kept, text in zip(GOOD, keep, drawn, strict=True)]
    agree(written(rows), suite, LIMITS)
    plain = [(*row[:2], row[2].replace("\n", " ").replace("\r", " ").replace('"', "'")) for row in rows]
    agree(written(plain), suite, LIMITS)


def test_lines_that_are_no_rows_come_to_an_end(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(as_csv(GOOD) + b"\n" * 100_000)
    assert read_predictions(tmp_path / "p", suite).answers["size"] == (Decimal("1.5"), Decimal(2))
    (tmp_path / "p").write_bytes(as_csv(GOOD) + b"\n" * 102_000)
    with pytest.raises(PredictionsUnreadable, match="more than 16 rows, far more than the suite asks"):
        read_predictions(tmp_path / "p", suite)
