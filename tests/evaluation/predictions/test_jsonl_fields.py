"""Lines of JSON that look alike are split at their commas, and only where that reads them as JSON would."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.predictions.jsonl_fields import split_alike

LINES = (
    b'{"task": "risk", "item": "a", "prediction": 0.5}\n',
    b'{"task": "risk", "item": "b", "prediction": 1}\n',
    b'{"task": "risk", "item": "\xc3\xb6", "prediction": 2e-3}\n',
)
BLOCK = b"".join(LINES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", b""),
        (b": ", b":"),
        (b", ", b","),
        (b"\n", b"\r\n"),
        (b"0.5}\n", b"0.5}\n\n"),
        (b'"item": "', b'"item":"'),
    ],
)
def test_lines_alike_are_split(old: bytes, new: bytes) -> None:
    block = BLOCK.replace(old, new) if old else BLOCK
    table = split_alike(block)
    assert table is not None
    assert table.to_pydict() == {"task": ["risk"] * 3, "item": ["a", "b", "ö"], "prediction": ["0.5", "1", "2e-3"]}
    last = split_alike(block.rstrip())
    assert last is not None
    assert last.equals(table)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"b"', b'"b,c"'),
        (b'"b"', b'"b\\n"'),
        (b'"b"', b'"b\t"'),
        (b'"b"', b'"b'),
        (b'"b"', b'b"'),
        (b'"b"', b'""'),
        (b'"b"', b'"b""'),
        (b'"b"', b"5"),
        (b'"task": "risk", "item": "b"', b'"item": "b", "task": "risk"'),
        (b'"item": "b"', b'"task": "b"'),
        (b'"b", "prediction": 1', b'"b", "prediction": "1"'),
        (b'"b", "prediction": 1', b'"b", "prediction": 01'),
        (b'"b", "prediction": 1', b'"b", "prediction": 1.'),
        (b'"b", "prediction": 1', b'"b", "prediction": null'),
        (b'"b", "prediction": 1', b'"b", "prediction": '),
        (b'"b", "prediction": 1', b'"b", "prediction": {}'),
        (b'"b", "prediction": 1', b'"b"'),
        (b"1}\n", b"1}}\n"),
        (b"1}\n", b"1} \n"),
        (b"1}\n{", b"1}{"),
        (b"1}\n", b"1}\n \n"),
        (b'\n{"task": "risk", "item": "b"', b'\n {"task": "risk", "item": "b"'),
        (b'{"task": "risk", "item": "b", "prediction": 1}\n', b"{}\n"),
    ],
)
def test_lines_of_another_look_are_not(old: bytes, new: bytes) -> None:
    assert old in BLOCK
    table = split_alike(BLOCK.replace(old, new, 1))
    if table is not None:  # an empty name is one
        assert new == b'""'
        assert table["item"].to_pylist() == ["a", "", "ö"]


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=5)


@given(
    st.lists(st.tuples(_TEXTS, _TEXTS, st.one_of(_TEXTS, st.integers(), st.floats(0, 1))), min_size=1, max_size=4),
    st.permutations(["task", "item", "prediction"]),
    st.booleans(),
)
def test_whatever_is_split_is_what_json_reads(
    rows: list[tuple[str, str, object]], keys: list[str], as_it_is: bool
) -> None:
    objects = [{key: row[["task", "item", "prediction"].index(key)] for key in keys} for row in rows]
    block = "".join(json.dumps(one, ensure_ascii=not as_it_is) + "\n" for one in objects).encode()
    table = split_alike(block)
    if table is not None:
        found = [json.loads(line, parse_float=str, parse_int=str) for line in block.decode().split("\n")[:-1]]
        assert table.to_pylist() == found
