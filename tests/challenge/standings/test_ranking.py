"""A ranking is kept small, and read again to the last digit, in whichever form it was kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.foundation.canonical import canonical
from challenge.standings.ranking import TaskScore, compact, plain_of, read_ranking, runs, write_results
from leaderboards import Ranking
from tests.cast import Cast
from tests.challenge.standings.harvest import stage_field
from tests.challenge.standings.readers import page

DECIMALS = st.decimals(-100, 100, places=6).map(str)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,63}", fullmatch=True)


@st.composite
def plain_rankings(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a ranking in the instrument's plain form."""
    names = [f"trial-{number:04d}" for number in range(draw(st.integers(0, 12)))]
    tasks = draw(st.lists(NAMES, max_size=3, unique=True))

    def result(task: str) -> dict[str, Any]:
        figures = {name: draw(DECIMALS) for name in ("utility", "points")}
        bounds = {name: draw(st.none() | DECIMALS) for name in ("score", "low", "high")}
        return {"task": task, **figures, **bounds, "items": draw(st.integers(0, 10**6))}

    def one(name: str) -> dict[str, Any]:
        ranks = {key: draw(st.integers(1, 12)) for key in ("rank", "rank_low", "rank_high")}
        figures = {key: draw(DECIMALS) for key in ("points", "low", "high")}
        near = [other for other in names if other != name and draw(st.booleans())]
        return {
            "entrant": name, **ranks, **figures, "se": draw(st.none() | DECIMALS),
            "tasks": [result(task) for task in tasks], "inseparable_from": near,
        }  # fmt: skip

    return {
        "entries": [one(name) for name in names],
        "unranked": [{"entrant": "trial-9999", "reason": "it has “no” result; none - at all"}],
        "policy_digest": "p" * 64,
        "scores_digest": "s" * 64,
        "versions": {"numpy": "2"},
    }


def as_pairs(plain: dict[str, Any]) -> str:
    """Write a ranking with its neighbours as pairs of places and its tasks one by one, as it once was kept."""
    places = {entry["entrant"]: place for place, entry in enumerate(plain["entries"], start=1)}
    entries = [
        {**entry, "inseparable_from": runs([places[name] for name in entry["inseparable_from"]])}
        for entry in plain["entries"]
    ]
    return canonical({**plain, "entries": entries}).decode()


@given(plain_rankings())
def test_a_ranking_is_the_same_in_whichever_form_it_was_kept(plain: dict[str, Any]) -> None:
    for text in (compact(plain), as_pairs(plain), json.dumps(plain)):
        assert plain_of(read_ranking(text)) == plain


@given(plain_rankings())
def test_its_digest_can_be_taken_again(plain: dict[str, Any]) -> None:
    again = Ranking.from_dict(plain_of(read_ranking(compact(plain))))
    assert again.digest() == Ranking.from_dict(plain).digest()


@pytest.mark.parametrize("name", ["", "two words", "a;b"])
def test_a_task_whose_name_would_be_read_as_two_is_not_written(name: str) -> None:
    with pytest.raises(ValueError, match="a blank or a semicolon"):
        write_results([TaskScore(name, "1", "1", "1", None, None, 1)])


def test_a_page_is_the_same_to_the_byte_in_whichever_form_its_ranking_was_kept(cast: Cast) -> None:
    field = stage_field(cast, {"Delta": 6, "alder": 4, "Birch": 4, "Cedar": 1})
    field.rebuild()
    field.publish()
    leaves = ("", "?sort=-task:topic", "?show=all", "/versions/1/entries/trial-0002", "/versions/1.json")
    before = [page(field, "visitor", leaf) for leaf in leaves]
    with cast.house.database.transaction() as session:
        standing = session.merge(field.standing())
        plain = plain_of(read_ranking(standing.ranking))
        assert standing.ranking == compact(plain)
        standing.ranking = as_pairs(plain)
    cast.app.extensions.pop("fragments")
    assert [page(field, "visitor", leaf) for leaf in leaves] == before
