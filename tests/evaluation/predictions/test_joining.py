"""Names find their places by tables of hashes as they would in a dictionary."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.predictions.joining import LONGEST, Joining
from evaluation.predictions.text_blocks import Unusual

_NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=16)


@given(st.lists(_NAMES, min_size=1, max_size=60, unique=True), st.data())
def test_places_are_those_of_a_dictionary(names: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.sampled_from(names), max_size=80))
    column = pa.array(["before", *rows, "after"], pa.string()).slice(1, len(rows))
    assert Joining(pa.array(names)).places(column).tolist() == [names.index(row) for row in rows]


@given(st.lists(_NAMES, min_size=1, max_size=20, unique=True), st.text(max_size=LONGEST))
def test_a_name_of_no_item_is_never_found(names: list[str], other: str) -> None:
    for unknown in (other, f"{names[0]}\0", names[0][:-1], f"{names[0]}x", f"x{names[0]}", "y" * (LONGEST + 9)):
        if unknown not in names:
            with pytest.raises(Unusual):
                Joining(pa.array(names)).places(pa.array([*names, unknown]))


@pytest.mark.parametrize("written", ["item-{}", "{:016x}", "{:064d}", "{}"])
def test_names_that_share_a_place_in_a_table_are_all_found(written: str) -> None:
    count = 20_000
    names = pa.array([written.format(number) for number in range(count)])
    order = np.random.default_rng(1).permutation(count)
    joining = Joining(names)
    assert len(joining._tables) > 1
    assert (joining.places(names.take(pa.array(order))) == order).all()
