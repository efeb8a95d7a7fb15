"""A spreadsheet that opens our tables finds data in them, and no formula."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from challenge.foundation.spreadsheet import DANGEROUS, Number, inert, meant, write_csv

TEXTS = st.text() | st.builds(lambda head, tail: head + tail, st.sampled_from([*DANGEROUS, "'", "'="]), st.text())


def _read(pieces: list[str]) -> list[list[str]]:
    text = "".join(pieces)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@given(TEXTS)
def test_no_cell_of_text_begins_like_a_formula_and_each_comes_back(text: str) -> None:
    assert not inert(text).startswith(DANGEROUS)
    assert meant(inert(text)) == text


@given(st.lists(st.tuples(TEXTS, st.integers(), TEXTS), max_size=20))
def test_a_table_comes_back_cell_by_cell(rows: list[tuple[str, int, str]]) -> None:
    read = _read(list(write_csv(["name", "count", "note"], rows)))
    assert read[0] == ["name", "count", "note"]
    assert [(meant(name), int(count), meant(note)) for name, count, note in read[1:]] == rows


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    text = "".join(write_csv(["a", "b", "c"], [(-3, Number("-0.25"), None)]))
    assert text == '\ufeff"a","b","c"\r\n"-3","-0.25",""\r\n'


def test_a_command_in_a_name_is_made_inert() -> None:
    assert inert("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0"
    assert inert("＝1+1") == "'＝1+1"
    assert inert("Rock 'n' Roll") == "Rock 'n' Roll"


def test_a_long_table_loses_no_row() -> None:
    pieces = list(write_csv(["n"], ([n] for n in range(12_345))))
    assert len(pieces) > 10
    assert [int(row[0]) for row in _read(pieces)[1:]] == list(range(12_345))
