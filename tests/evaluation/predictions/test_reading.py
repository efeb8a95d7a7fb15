"""A prediction file is accepted whole or explained, problem by problem."""

import io
import json
import pickle
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import PredictionLimits, PredictionsUnreadable, Suite, load_suite, read_predictions
from evaluation.numbers import plain

Rows = list[tuple[str, str, str]]


def as_csv(rows: Rows) -> bytes:
    """Write rows as CSV."""
    return "".join(f"{','.join(row)}\n" for row in [("task", "item", "prediction"), *rows]).encode()


def as_jsonl(rows: Rows) -> bytes:
    """Write rows as JSON Lines."""
    keys = ("task", "item", "prediction")
    return "".join(json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in rows).encode()


def as_parquet(rows: Rows) -> bytes:
    """Write rows as Parquet."""
    return parquet(dict(zip(("task", "item", "prediction"), map(list, zip(*rows, strict=True)), strict=True)))


def parquet(columns: Mapping[str, object]) -> bytes:
    """Write columns as Parquet."""
    buffer = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), buffer)
    return buffer.getvalue()


FORMATS = [as_csv, as_jsonl, as_parquet]


@pytest.fixture
def suite(suite_folder: Path) -> Suite:
    """Load the small suite."""
    return load_suite(suite_folder)


@pytest.fixture
def rows(perfect: Path) -> Rows:
    """Give the rows of the perfect answer."""
    lines = perfect.read_text().splitlines()[1:]
    return [tuple(line.split(",")) for line in lines]  # type: ignore[misc]


def problems(path: Path, content: bytes, suite: Suite) -> tuple[list[str], int]:
    """Read bytes that must be refused, and give the sentences and the count of all."""
    path.write_bytes(content)
    with pytest.raises(PredictionsUnreadable) as caught:
        read_predictions(path, suite)
    return [problem.sentence for problem in caught.value.problems], caught.value.count


@pytest.mark.parametrize("written", FORMATS)
def test_all_formats_are_read_to_the_same_answers(
    written: Callable[[Rows], bytes], rows: Rows, suite: Suite, tmp_path: Path
) -> None:
    path = tmp_path / "predictions.xlsx"  # the name says nothing
    path.write_bytes(written(rows[::-1]))
    found = read_predictions(path, suite)
    assert found.answers["topic"][:3] == ("no", "yes", "yes")
    assert found.answers["size"][1] == Decimal("1.5")
    assert len(found.sha256) == 64


def test_a_byte_order_mark_blank_lines_and_quotes_are_harmless(rows: Rows, suite: Suite, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    text = as_csv(rows).decode().replace("\n", "\r\n").replace("t1,", '"t1",', 1)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n\r\n")
    assert read_predictions(path, suite).answers["topic"][1] == "yes"


def test_numbers_in_json_and_parquet_are_read_as_numbers(suite: Suite, rows: Rows, tmp_path: Path) -> None:
    keys = ("task", "item", "prediction")
    jsonl = as_jsonl(rows).decode()
    for value in {row[2] for row in rows if row[0] != "topic"}:
        jsonl = jsonl.replace(f'"prediction": "{value}"', f'"prediction": {value}')
    assert '"prediction": 1.5}' in jsonl
    (tmp_path / "a").write_text(jsonl)
    (tmp_path / "b").write_bytes(as_parquet(rows))
    assert read_predictions(tmp_path / "a", suite).answers == read_predictions(tmp_path / "b", suite).answers
    assert keys


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("task,item,prediction", "task,id,prediction", "Line 1: the columns must be exactly task,item,prediction; missing 'item'; not expected 'id'."),
        ("task,item,prediction", "task,item", "Line 1: the columns must be exactly task,item,prediction; missing 'prediction'."),
        ("topic,t1,yes", "topics,t1,yes", "Line 3, column task: 'topics' is no task of the suite; its tasks are topic, size, risk."),
        ("topic,t1,yes", "topic,t99,yes", "Line 3, column item: 't99' is no item of task topic; use the item names of the starter."),
        ("topic,t2,yes", "topic,t1,yes", "Line 4, column item: the item 't1' of task topic was answered on line 3; keep one."),
        ("topic,t1,yes", "topic,t1,Yes", "Line 3, column prediction: 'Yes' is no label of task topic; its labels are yes, no."),
        ("size,s1,1.5", "size,s1,1_5", "Line 13, column prediction: '1_5' is not a number; write plain digits such as 0.25 or -3.5e2."),
        ("size,s1,1.5", "size,s1,nan", "Line 13, column prediction: 'nan' is not a finite number; write a number such as 0.25."),
        ("risk,r1,1", "risk,r1,1.5", "Line 21, column prediction: '1.5' is not between 0 and 1; write the probability of the positive class, label 1."),
        ("topic,t1,yes", "topic,t1", "Line 3: 2 fields where 3 belong; quote a field that holds a comma."),
        ("risk,r5,1\n", "", "The file: 1 of 6 items of task risk have no prediction: r5. Write one row for each."),
    ],
)  # fmt: skip
def test_each_problem_says_where_it_is_and_what_to_do(
    old: str, new: str, sentence: str, rows: Rows, suite: Suite, tmp_path: Path
) -> None:
    text = as_csv(rows).decode()
    assert old in text
    sentences, _ = problems(tmp_path / "p", text.replace(old, new, 1).encode(), suite)
    assert sentences[0] == sentence


def test_the_first_twenty_problems_are_shown_and_all_are_counted(rows: Rows, suite: Suite, tmp_path: Path) -> None:
    wrong = [(task, item, "?") for task, item, _ in rows]
    sentences, count = problems(tmp_path / "p", as_csv(wrong), suite)
    assert (len(sentences), count) == (20, 24)


def test_missing_items_are_counted_and_three_are_named(rows: Rows, suite: Suite, tmp_path: Path) -> None:
    sentences, _ = problems(tmp_path / "p", as_csv(rows[6:]), suite)
    assert sentences == [
        "The file: 6 of 10 items of task topic have no prediction: t0, t1, t2 and 3 more. Write one row for each."
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file: is empty; write a header"),
        (b"  \n", "The file: is empty; write a header"),
        (b"task,item,prediction\ntopic,t\xff,yes\n", "Line 2: byte 8 is not UTF-8; save the file as UTF-8."),
        ("task,item,prediction\n".encode("utf-16"), "The file: is UTF-16 text; save it as UTF-8."),
        (b"PK\x03\x04....", "The file: is a zip archive (or a spreadsheet); unpack it"),
        (b"\x1f\x8b....", "The file: is compressed with gzip; unpack it"),
        (pickle.dumps([1]), "The file: is a Python pickle, which is never opened; write CSV"),
        (b"\x93NUMPY\x01", "The file: is a NumPy array"),
        (b"PAR1 and nothing more", "The file: not a readable Parquet file"),
        (b'[{"task": 1}]', "The file: is a JSON array; write JSON Lines, one object a line."),
        (b"\x00\x01\x02", "The file: is neither text nor Parquet"),
        (b'task,item,prediction\n"topic,t1,yes\n' + b"x" * 15 + b"\n", "not readable as CSV"),
        (b"task,item,prediction\n" + b"x" * 30_000, "Line 2: longer than 19,000 bytes; write one prediction a line."),
        (b"task,item,prediction\n" + b"a,b,c\n" * 60, "Line 50: more than 48 rows, far more than the suite asks"),
        (b"{}\n" * 2_000, "Line 1: the keys must be exactly task,item,prediction; missing 'task', 'item', 'prediction'."),
        (b"{" + b'"a":{' * 3_000, "nested too deep"),
        (b'{"task": "topic", "item": "t1", "prediction": NaN}', "Line 1: NaN is not a prediction; write a finite"),
        (b'{"task": "topic", "item": "t1", "prediction": {"a": 1}}', "column prediction: the value is nested; write"),
        (b'{"task": "topic", "item": "t1", "prediction": true}', "the value is neither a text nor a number; write"),
        (b'{"task": "topic", "item": "t1", "item": "t2", "prediction": 1}', "the key 'item' is there twice; keep one."),
        (b'{"task": "size", "item": "s1", "prediction": 1e999}', "'1e999' is beyond ±1,000,000,000"),
        (b'{"task": "size", "item": "s1", "prediction": ' + b"9" * 5_000 + b"}", "a field is longer than 1,000"),
        (b'{"task": ', "Line 1: not valid JSON at character"),
        (b'{"task": "\\ud800", "item": "t1", "prediction": 1}', "is no task of the suite"),
        (parquet({"task": ["topic"], "item": ["t1"]}), "The file: the columns must be exactly task,item,prediction"),
        (parquet({"task": ["topic"], "item": ["t1"], "prediction": [[1]]}), "holds neither texts nor numbers"),
        (parquet({"task": ["topic"], "item": ["t1"], "prediction": [True]}), "holds neither texts nor numbers"),
        (parquet({"task": ["topic"], "item": [None], "prediction": ["1"]}), "holds neither texts nor numbers"),
        (parquet({"task": ["topic"] * 2, "item": ["t1", None], "prediction": ["no"] * 2}), "Line 2, column item: is empty"),
        (parquet({"task": ["size"], "item": ["s1"], "prediction": [float("nan")]}), "'nan' is not a finite number"),
        (parquet({"task": ["size"] * 49, "item": ["s1"] * 49, "prediction": [1.0] * 49}), "holds 49 rows; at most 48"),
        (parquet({"task": ["x" * 5_000], "item": ["s1"], "prediction": [1.0]}), "holds a text of 5,000 bytes"),
    ],
)  # fmt: skip
def test_hostile_and_mistaken_files_are_explained(content: bytes, words: str, suite: Suite, tmp_path: Path) -> None:
    sentences, count = problems(tmp_path / "predictions.csv", content, suite)
    assert any(words in sentence for sentence in sentences), sentences
    assert count >= 1


def test_found_text_is_safe_to_print(suite: Suite, tmp_path: Path) -> None:
    sentences, _ = problems(tmp_path / "p", as_csv([("topic", "\x1b[2J" + "x" * 500, "yes")]), suite)
    assert sentences[0].startswith(r"Line 2, column item: '\x1b[2Jxxx")
    assert len(sentences[0]) < 200


def test_a_file_over_the_limit_is_not_read(rows: Rows, suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(as_csv(rows))
    with pytest.raises(PredictionsUnreadable, match="at most 100 are read"):
        read_predictions(tmp_path / "p", suite, limits=PredictionLimits(file_bytes=100))


def test_a_parquet_file_that_spells_out_to_gigabytes_is_refused(suite: Suite, tmp_path: Path) -> None:
    word = pa.DictionaryArray.from_arrays(pa.array([0] * 48, pa.int32()), pa.array(["x" * 50_000_000]))
    columns = {"task": word, "item": ["a"] * 48, "prediction": ["b"] * 48}
    sentences, _ = problems(tmp_path / "p", parquet(columns), suite)
    assert "holds a text of 50,000,000 bytes" in sentences[0]


_CELLS = st.one_of(
    st.sampled_from(["topic", "size", "risk", "t1", "s1", "r1", "yes", "no", "0.5", "1e3", "", "nan", '"', ",", "\n"]),
    st.text(max_size=12),
)


@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=8), st.binary(max_size=60), st.integers(0, 500))
@settings(max_examples=80)
def test_no_file_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, cells: Rows, noise: bytes, at: int
) -> None:
    suite, path = _fuzz_suite(tmp_path_factory)
    printable = [tuple(cell.encode("utf-8", "replace").decode() for cell in row) for row in cells]
    for written in FORMATS if cells else [as_csv]:
        content = bytearray(written(printable))  # type: ignore[arg-type]
        for data in (bytes(content), noise, bytes(content[:at]) + noise + bytes(content[at:])):
            path.write_bytes(data)
            with suppress(PredictionsUnreadable):
                read_predictions(path, suite)


@given(
    st.lists(st.sampled_from(["yes", "no"]), min_size=10, max_size=10),
    st.lists(st.decimals(-(10**8), 10**8, places=6), min_size=8, max_size=8),
    st.lists(st.decimals(0, 1, places=12), min_size=6, max_size=6),
)
@settings(max_examples=30)
def test_every_accepted_file_rewrites_to_the_same_values(
    tmp_path_factory: pytest.TempPathFactory, labels: list[str], sizes: list[Decimal], risks: list[Decimal]
) -> None:
    suite, path = _fuzz_suite(tmp_path_factory)
    rows = [("topic", f"t{n}", label) for n, label in enumerate(labels)]
    rows += [("size", f"s{n}", plain(size)) for n, size in enumerate(sizes)]
    rows += [("risk", f"r{n}", plain(risk)) for n, risk in enumerate(risks)]
    found = []
    for written in FORMATS:
        path.write_bytes(written(rows))
        found.append(read_predictions(path, suite).answers)
    assert found[0] == found[1] == found[2]
    again = [
        (task, item, answer if isinstance(answer, str) else plain(answer))
        for task, answers in found[0].items()
        for item, answer in zip(suite.truths[task].items, answers, strict=True)
    ]
    path.write_bytes(as_csv(again))
    assert read_predictions(path, suite).answers == found[0]


_FUZZ: dict[str, tuple[Suite, Path]] = {}


def _fuzz_suite(factory: pytest.TempPathFactory) -> tuple[Suite, Path]:
    if not _FUZZ:
        folder = factory.mktemp("fuzz")
        _write_plain(folder / "suite")
        _FUZZ["suite"] = load_suite(folder / "suite"), folder / "predictions"
    return _FUZZ["suite"]


def _write_plain(folder: Path) -> None:
    (folder / "items").mkdir(parents=True)
    (folder / "suite.yaml").write_text(
        'name: fuzz\nversion: "1"\ntitle: Fuzz\nsplit: {seed: 1, public_share: 0.5}\ntasks:\n'
        '- {name: topic, title: T, kind: classification, metric: accuracy, floor: 0, ceiling: 1, labels: ["yes", "no"]}\n'
        "- {name: size, title: S, kind: regression, metric: squared_error, floor: 1, ceiling: 0}\n"
        "- {name: risk, title: R, kind: probability, metric: brier, floor: 1, ceiling: 0}\n"
    )
    for task, count, label in (("topic", 10, "yes"), ("size", 8, "1"), ("risk", 6, "1")):
        rows = "".join(f"{task[0]}{n},{label}\n" for n in range(count))
        (folder / "items" / f"{task}.csv").write_text("item,label\n" + rows)


def test_a_hundred_thousand_rows_are_read_alike_in_every_format(tmp_path: Path) -> None:
    count = 100_000
    (tmp_path / "suite" / "items").mkdir(parents=True)
    (tmp_path / "suite" / "suite.yaml").write_text(
        'name: large\nversion: "1"\ntitle: Large\nsplit: {seed: 1, public_share: 0.5}\ntasks:\n'
        "- {name: risk, title: R, kind: probability, metric: log_loss, floor: 1, ceiling: 0}\n"
    )
    lines = "".join(f"item-{n},{n % 2}\n" for n in range(count))
    (tmp_path / "suite" / "items" / "risk.csv").write_text("item,label\n" + lines)
    suite = load_suite(tmp_path / "suite")
    values = np.random.default_rng(1).random(count)
    rows = [("risk", f"item-{n}", f"{value:.9f}") for n, value in enumerate(values)]
    for written in FORMATS:
        (tmp_path / "p").write_bytes(written(rows))
        answers = read_predictions(tmp_path / "p", suite).answers["risk"]
        assert [f"{answer:.9f}" for answer in answers] == [prediction for _, _, prediction in rows], written.__name__
