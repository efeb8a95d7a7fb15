"""What is read by columns is what is read by rows: the same answers, or the same problems, for every file."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import PredictionLimits, PredictionsUnreadable, Suite, load_suite, read_predictions
from evaluation.predictions.text_blocks import BLOCK
from tests.evaluation.predictions.both_ways import Rows, agree, bare, by_columns, by_rows, encoded, quoted
from tests.evaluation.predictions.test_reading import FORMATS, as_csv, as_jsonl, as_parquet, parquet

ITEMS = {"topic": 6, "size": 5, "risk": 4}
MANIFEST = """\
name: fuzz
version: "1"
title: Fuzz
split: {seed: 1, public_share: 0.5}
tasks:
- {name: topic, title: T, kind: classification, metric: accuracy, floor: 0, ceiling: 1, labels: ["yes", "nö", "1", "a,b"]}
- {name: size, title: S, kind: regression, metric: squared_error, floor: 1, ceiling: 0}
- {name: risk, title: R, kind: probability, metric: brier, floor: 1, ceiling: 0}
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """Load a suite of a task of each kind."""
    folder = tmp_path_factory.mktemp("columns") / "suite"
    (folder / "items").mkdir(parents=True)
    (folder / "suite.yaml").write_text(MANIFEST)
    for task, count in ITEMS.items():
        rows = "".join(f"{task[0]}{number},1\n" for number in range(count))
        (folder / "items" / f"{task}.csv").write_text("item,label\n" + rows)
    return load_suite(folder)


def good(labels: list[str], sizes: list[str], risks: list[str]) -> Rows:
    """Give a whole set of rows."""
    answers = {"topic": labels, "size": sizes, "risk": risks}
    return [(task, f"{task[0]}{n}", answer) for task, given_ in answers.items() for n, answer in enumerate(given_)]


PLAIN = good(
    ["yes", "nö", "1", "yes", "yes", "nö"], ["0", "-1.5", "7", "1e9", "2.5E-3"], ["0", "1", "0.123456789012", "1e-7"]
)


@pytest.mark.parametrize("written", [*FORMATS, quoted, bare, encoded])
@pytest.mark.parametrize("order", [1, -1], ids=["in order", "backwards"])
def test_ordinary_files_are_read_by_columns(written: Callable[[Rows], bytes], order: int, suite: Suite) -> None:
    content = written(PLAIN[::order])
    found = by_columns(content, suite)
    assert found is not None
    assert found == by_rows(content, suite)
    assert found["size"] == (0, Decimal("-1.5"), 7, 10**9, Decimal("0.0025"))


def test_a_comma_within_quotes_and_interleaved_tasks_are_read_by_columns(suite: Suite) -> None:
    rows = sorted(good(["a,b"] * 6, ["1"] * 5, ["1"] * 4), key=lambda row: row[1][1])
    found = by_columns(quoted(rows), suite)
    assert found is not None
    assert found["topic"] == ("a,b",) * 6


@pytest.mark.parametrize("written", [as_csv, as_jsonl, bare, quoted])
def test_lines_cut_by_a_block_are_whole(written: Callable[[Rows], bytes], tmp_path: Path) -> None:
    count = 2 * BLOCK // 20
    (tmp_path / "items").mkdir()
    (tmp_path / "suite.yaml").write_text(
        "\n".join(line for line in MANIFEST.splitlines() if "name: topic" not in line and "name: risk" not in line)
    )
    (tmp_path / "items" / "size.csv").write_text("item,label\n" + "".join(f"s{n},1\n" for n in range(count)))
    suite = load_suite(tmp_path)
    content = written([("size", f"s{n}", f"{n % 977}.25") for n in range(count)])
    assert len(content) > 1.5 * BLOCK
    found = by_columns(content, suite)
    assert found == {"size": tuple(Decimal(n % 977) + Decimal("0.25") for n in range(count))}


_NUMBERS = st.one_of(
    st.sampled_from(
        [
            "0",
            "-0",
            "00",
            "01",
            "1.",
            ".5",
            "+1",
            "1e9",
            "1e10",
            "1e-20",
            "1E5",
            "1e0005",
            "1000000000",
            "9999999999",
            "0.1234567890123",
            "0.9999999999995",
            "1.5",
            "nan",
            "inf",
            "1_0",
            "١",
            "1e",
            "1,5",
            "-1",
            "2",
            "0x1",
            "12345678901e-3",
            "1e-13",
            "5e-13",
            "1\n",
            "1\r",
        ]
    ),
    st.from_regex(r"-?[0-9]{1,10}(\.[0-9]{1,13})?([eE][+-]?[0-9]{1,4})?", fullmatch=True, alphabet="0123456789.eE+-"),
)
_ANSWERS = st.tuples(
    st.lists(st.sampled_from(["yes", "nö", "1", "a,b"]), min_size=6, max_size=6),
    st.lists(st.integers(-(10**12), 10**12).map(lambda n: str(Decimal(n).scaleb(-6))), min_size=5, max_size=5),
    st.lists(st.integers(0, 10**12).map(lambda n: f"{Decimal(n).scaleb(-12):f}"), min_size=4, max_size=4),
)
_DAMAGES = [
    b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\n\n", b" ", b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xc3\xb6", b"\\", b"\\n", b"{", b"}",
    b"}{", b"}\n{", b"[", b":", b'":5,', b'": 5}', b"1", b"e5", b"01", b"null", b"true", b'"item":"t1",', b"\xed\xa0\x80", b"\xe2\x80\xa8",
    b"\x1a", b"\x0c", b"\x85", b"#", b"'", b"NaN", b"-", b"\\u0031", b"\\ud800", b"/**/",
]  # fmt: skip


@given(_ANSWERS, st.data())
@settings(max_examples=400)
def test_every_file_is_accepted_alike_and_read_alike(
    suite: Suite, answers: tuple[list[str], ...], data: st.DataObject
) -> None:
    rows = good(*answers)
    rows = data.draw(st.permutations(rows)) if data.draw(st.booleans()) else rows
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, len(rows) - 1))
        rows[place] = (*rows[place][:2], data.draw(_NUMBERS))
    content = data.draw(st.sampled_from([as_csv, as_jsonl, as_parquet, quoted, bare, encoded]))(rows)
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(content)))
        until = min(at + data.draw(st.sampled_from([0, 0, 1, 2])), len(content))
        content = content[:at] + data.draw(st.sampled_from([*_DAMAGES, b""])) + content[until:]
    agree(content, suite)


_CELLS = st.one_of(
    st.sampled_from(
        ["topic", "size", "risk", "t0", "s0", "r0", "yes", "1", "0.5", "", '"', ",", "\n", "\r", '""', "\ufeff"]
    ),
    st.text(max_size=4),
)


@given(
    st.lists(st.lists(_CELLS, max_size=4), max_size=6),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\r\r\n"]),
    st.sampled_from([",", '","', '",']),
)
@settings(max_examples=300)
def test_no_text_is_split_otherwise(suite: Suite, cells: list[list[str]], end: str, between: str) -> None:
    body = "task,item,prediction\n" + end.join(between.join(row) for row in cells)
    whole = as_csv(PLAIN).decode().split("\n", 1)[1]
    for text in (
        body,
        body + end + whole,
        "task,item,prediction\n" + whole + end.join(between.join(row) for row in cells),
    ):
        agree(text.encode("utf-8", "surrogatepass"), suite)


@given(
    st.lists(
        st.one_of(st.floats(width=64), st.floats(0, 1), st.integers(0, 10**13).map(lambda n: (n + 0.5) / 1e12)),
        min_size=5,
        max_size=5,
    ),
    st.booleans(),
)
@settings(max_examples=300)
def test_floats_in_parquet_are_rounded_alike(
    tmp_path_factory: pytest.TempPathFactory, values: list[float], short: bool
) -> None:
    if "only" not in _ONLY:
        folder = tmp_path_factory.mktemp("floats")
        (folder / "items").mkdir()
        (folder / "suite.yaml").write_text(
            "\n".join(line for line in MANIFEST.splitlines() if "name: topic" not in line and "name: risk" not in line)
        )
        (folder / "items" / "size.csv").write_text("item,label\n" + "".join(f"s{n},1\n" for n in range(5)))
        _ONLY["only"] = load_suite(folder)
    column = pa.array(values, pa.float32() if short else pa.float64())
    content = parquet({"task": ["size"] * 5, "item": [f"s{n}" for n in range(5)], "prediction": column})
    found, expected = by_columns(content, _ONLY["only"]), by_rows(content, _ONLY["only"])
    assert found == expected


_ONLY: dict[str, Suite] = {}


@pytest.mark.parametrize("field", [1, 2, 4, 5, 8, 30, 1_000, 200_000])
@pytest.mark.parametrize("written", [as_csv, as_jsonl, as_parquet, quoted, bare, encoded])
def test_limits_hold_alike(field: int, written: Callable[[Rows], bytes], suite: Suite) -> None:
    for rows_per_item in (0, 1, 2):
        agree(written(PLAIN), suite, PredictionLimits(field=field, rows_per_item=rows_per_item, text=0))
    if field < 5:
        assert by_columns(written(PLAIN), suite, PredictionLimits(field=field, text=0)) is None


def test_what_is_wrong_is_said_by_the_reader_of_rows(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(as_csv([*PLAIN[:-1], ("risk", "r3", "2")]))
    with pytest.raises(PredictionsUnreadable, match="Line 16, column prediction: '2' is not between 0 and 1"):
        read_predictions(tmp_path / "p", suite)


CSV, JSONL = as_csv(PLAIN), bare(PLAIN)


@pytest.mark.parametrize(
    ("content", "old", "new"),
    [
        (CSV, b"topic,t1,", b'topic,"t"1,'),
        (CSV, b"topic,t1,", b'topic,t"1",'),
        (CSV, b",1e-7\n", b',"1e-7'),
        (CSV, b",1e-7\n", b',"1e-7\n'),
        (CSV, b"topic,t1,", b"\xef\xbb\xbftopic,t1,"),
        (CSV, b"\ntopic,t0,", b"\n\xef\xbb\xbftopic,t0,"),
        (CSV, b"topic,t1,", b"topic,t1\0,"),
        (CSV, b"\ntopic,t1,", b"\rtopic,t1,"),
        (CSV, b"topic,t1,", b"topic,t0,"),
        (CSV, b"size,s1,-1.5\n", b"size,s1,-1.5\nsize,s1,-1.5\n"),
        (CSV, b"size,s1,-1.5\n", b""),
        (CSV, b"size,s1,-1.5\n", b'size,s1,-1.5\n""\n'),
        (CSV, b"n\xc3\xb6", b"n\xf6"),
        (JSONL, b'}\n{"item":"t1"', b'}{"item":"t1"'),
        (JSONL, b'}\n{"item":"t1","task"', b'}{"item":"t1",\n"task"'),
        (JSONL, b'}\n{"item":"t1"', b'},{"item":"t1"'),
        (JSONL, b'{"item":"t1",', b'{"item":"t1","item":"t1",'),
        (JSONL, b'{"item":"t1",', b'{"item":"t1","x":1,'),
        (JSONL, b'"prediction":0}', b'"prediction":00}'),
        (JSONL, b'"prediction":0}', b'"prediction":0x}'),
        (JSONL, b'"prediction":0}', b'"prediction":"0\\u0000"}'),
        (JSONL, b'"prediction":"yes"', b'"prediction":"yes",'),
        (JSONL, b'{"item":"t1"', b'\0{"item":"t1"'),
        (JSONL, b'{"item":"t1"', b'{"item":"\xff1"'),
    ],
)  # fmt: skip
def test_what_only_looks_whole_is_accepted_by_neither(content: bytes, old: bytes, new: bytes, suite: Suite) -> None:
    assert old in content
    damaged = content.replace(old, new, 1)
    assert by_rows(damaged, suite) is None
    assert by_columns(damaged, suite) is None


def test_a_key_within_a_text_is_no_key(suite: Suite) -> None:
    wrong = JSONL.replace(b'"prediction":0}', b'"prediction":":5,"}', 1)
    assert by_columns(wrong, suite) is None
    agree(JSONL.replace(b'"prediction":"yes"', rb'"prediction":"\":5,\"yes"', 1), suite)
