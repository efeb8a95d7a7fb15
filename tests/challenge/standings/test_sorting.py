"""A board is read in any order; the rank stays what it was, and what is missing comes last either way."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.standings.asides import Aside
from challenge.standings.ranking import Entry, TaskScore, write_results
from challenge.standings.sorting import BY_RANK, Sorting
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field
from tests.challenge.standings.readers import page

KEYS = ("rank", "team", "points", "low", "high", "energy", "cost", "task:topic")


def entry(number: int, points: int, score: str | None) -> Entry:
    """Return an entry of so many points."""
    task = TaskScore("topic", score, score or "0.000000", "0.000000", None, None, 6 if score else 0)
    results = write_results([task])
    return Entry(f"trial-{number:04d}", f"{points}.000000", None, "0", "100", number, 1, number, results, "", ())


@pytest.fixture
def field(cast: Cast) -> Field:
    """A published board of four, two of whom share a rank."""
    field = stage_field(cast, {"Delta": 6, "alder": 4, "Birch": 4, "Cedar": 1})
    field.rebuild()
    field.publish()
    return field


def order(said: str) -> list[str]:
    """Return the entries of a page in the order of its lines."""
    return re.findall(r'<tr id="(trial-\d+)"', said.partition('id="how"')[0])


def ranks(said: str) -> list[str]:
    """Return the ranks of a page in the order of its lines."""
    return re.findall(r'<td class="number rank">(=?\d+)', said)


@pytest.mark.parametrize(
    ("sort", "places"),
    [
        ("", [1, 2, 3, 4]), ("rank", [1, 2, 3, 4]), ("-rank", [4, 2, 3, 1]), ("team", [2, 3, 4, 1]),
        ("-team", [1, 4, 3, 2]), ("-points", [1, 2, 3, 4]), ("points", [4, 2, 3, 1]), ("task:topic", [4, 2, 3, 1]),
        ("-task:topic", [1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_a_board_stands_in_the_order_that_was_asked_for(field: Field, sort: str, places: list[int]) -> None:
    said = page(field, "visitor", f"?sort={sort}")
    assert order(said) == [f"trial-{place:04d}" for place in places]
    by_place = dict(zip([1, 2, 3, 4], ["1", "=2", "=2", "4"], strict=True))
    assert ranks(said) == [by_place[place] for place in places], "the rank goes with its entry"
    assert ("Sorted by" in said) == (sort not in {"", "rank"})


def test_the_head_of_a_column_says_and_turns_its_order(field: Field) -> None:
    said = page(field, "visitor", "?sort=-points")
    assert said.count("aria-sort=") == 1
    head = re.search(r'<th scope="col" class="number" aria-sort="descending"><a href="([^"]+)">Points</a>', said)
    assert head is not None
    assert head[1].endswith("/versions/1?sort=points#ranking")
    assert "?sort=-task:topic#ranking" in said, (
        "what is better when there is more of it is first read from the best down"
    )
    assert re.search(r'aria-sort="ascending"><a href="[^"]+">Rank</a>', page(field, "visitor"))


@pytest.mark.parametrize("leaf", ["?sort=mood", "?sort=task:none", "?sort=energy", "?after=trial-0099", "?sort=--rank"])
def test_an_order_or_a_beginning_that_is_none_leads_nowhere(field: Field, leaf: str) -> None:
    assert field.cast.browser().get(f"/boards/{field.board().id}{leaf}").status_code == 404


@given(
    st.lists(st.tuples(st.integers(0, 100), st.none() | st.integers(0, 9)), max_size=12), st.sampled_from(KEYS),
    st.booleans(),
)  # fmt: skip
def test_nobody_is_lost_and_what_is_missing_comes_last(
    cells: list[tuple[int, int | None]], key: str, descending: bool
) -> None:
    entries = [
        entry(number, points, None if share is None else f"0.{share}00000")
        for number, (points, share) in enumerate(cells, start=1)
    ]
    asides = {
        one.entrant: Aside(joules=share, method="measured", micros=share)
        for one, (_, share) in zip(entries, cells, strict=True)
    }
    found = Sorting(key, descending).of(entries, {}, asides)
    assert sorted(one.entrant for one in found) == [one.entrant for one in entries]
    if key in {"energy", "cost", "task:topic"}:
        there = [cells[one.rank - 1][1] for one in found]
        known = [share for share in there if share is not None]
        assert there == known + [None] * (len(there) - len(known))
        assert known == sorted(known, reverse=descending)


def test_equal_values_stay_in_order_of_rank_in_either_direction() -> None:
    entries = [replace(entry(number, 50, "0.500000")) for number in range(1, 6)]
    for key in ("points", "task:topic", "low"):
        for descending in (False, True):
            assert Sorting(key, descending).of(entries, {}, {}) == entries


def test_an_order_is_written_as_it_is_read() -> None:
    for text in ("team", "-team", "-task:a:b"):
        assert Sorting.read(text).text == text
    assert Sorting.read("") == BY_RANK
