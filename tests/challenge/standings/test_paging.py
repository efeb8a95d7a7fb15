"""A long board comes in pieces that hold every line once; what links to a line finds it on its piece."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.standings import paging
from challenge.standings.paging import Asked, page_with, piece_of
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field
from tests.challenge.standings.readers import browser, page
from tests.challenge.standings.test_sorting import entry, order


@given(st.integers(0, 120), st.integers(1, 40))
def test_pieces_hold_every_line_once_forwards_and_backwards(count: int, lines: int) -> None:
    entries = [entry(number, 50, None) for number in range(1, count + 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "LINES", lines)
        pieces = [piece_of(entries, Asked())]
        while pieces[-1].then is not None:
            pieces.append(piece_of(entries, Asked(after=pieces[-1].then)))
        assert [one for piece in pieces for one in piece.entries] == entries
        assert all(len(piece.entries) <= lines for piece in pieces)
        assert pieces[0].before is None
        for before, piece in pairwise(pieces):
            assert piece.before is not None
            assert piece_of(entries, Asked(after=piece.before)) == before
            assert (before.last + 1, piece.of) == (piece.first, count)
        for piece in pieces:
            for one in piece.entries:
                assert one in piece_of(entries, Asked(after=page_with(entries, one.entrant))).entries
        assert piece_of(entries, Asked(everything=True)).whole


def test_a_beginning_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        piece_of([entry(1, 50, None)], Asked(after="trial-0002"))


@pytest.fixture
def field(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Field:
    """A published board of seven, the last four of whom share a rank, shown by threes."""
    monkeypatch.setattr(paging, "LINES", 3)
    field = stage_field(cast, {f"Team {number}": 7 - number for number in range(1, 7)} | {"Team 7": 0})
    field.rebuild()
    field.publish()
    return field


def links(said: str) -> dict[str, str]:
    """Return where the neighbouring lines are, by what the link says."""
    found = re.findall(r'<a href="([^"]+)"[^>]*>(Lines before|Next lines|Show all)', said)
    return {name: address.replace("&amp;", "&") for address, name in found}


def test_a_reader_walks_through_all_lines_in_any_order(field: Field) -> None:
    visitor = browser(field, "visitor")
    for sort, places in (("", (1, 2, 3, 4, 5, 6, 7)), ("-rank", (4, 5, 6, 7, 3, 2, 1))):
        said = page(field, "visitor", f"?sort={sort}")
        seen = order(said)
        while "Next lines" in links(said):
            said = visitor.get(links(said)["Next lines"]).get_data(as_text=True)
            seen += order(said)
        assert seen == [f"trial-{number:04d}" for number in places]
        before = visitor.get(links(said)["Lines before"]).get_data(as_text=True)
        assert order(before) == seen[3:6]
        assert order(visitor.get(links(said)["Show all"]).get_data(as_text=True)) == seen


def test_your_entry_is_linked_on_whichever_piece_it_stands(field: Field) -> None:
    captain = field.cast.browser(field.captains["Team 6"])
    said = captain.get(f"/boards/{field.board().id}").get_data(as_text=True)
    assert "trial-0006" not in order(said)
    found = re.search(r'<a href="([^"]+)#trial-0006">Go to your line</a>', said)
    assert found is not None
    assert "trial-0006" in order(captain.get(found[1]).get_data(as_text=True))


def test_each_piece_has_a_tag_of_its_own(field: Field) -> None:
    visitor, address = browser(field, "visitor"), f"/boards/{field.board().id}"
    leaves = ("", "?after=trial-0003", "?after=trial-0006", "?sort=-rank", "?show=all")
    tags = {leaf: visitor.get(address + leaf).headers["ETag"] for leaf in leaves}
    assert len(set(tags.values())) == len(leaves)
    for leaf, tag in tags.items():
        assert visitor.get(address + leaf, headers={"If-None-Match": tag}).status_code == 304


def test_a_short_board_is_not_cut(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "LINES", 200)
    assert "Next lines" not in page(field, "visitor", "/versions/1?sort=team")
