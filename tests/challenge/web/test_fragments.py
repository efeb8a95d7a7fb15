"""A finished page is kept, packed for whoever takes it packed, and not sent twice."""

import gzip

import pytest

from challenge.web.fragments import Fragment, Fragments
from tests.cast import Cast
from tests.challenge.standings.harvest import Field, stage_field

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def address(cast: Cast) -> str:
    """The address of a published board."""
    return f"/boards/{published(stage_field(cast, {'Alder': 4, 'Birch': 6})).board().id}"


def published(field: Field) -> Field:
    """Build and publish the public board of a field."""
    field.rebuild()
    field.publish()
    return field


def test_a_visitor_gets_the_same_page_packed_or_not(cast: Cast, address: str) -> None:
    visitor = cast.browser().client
    plain, packed = visitor.get(address), visitor.get(address, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert int(packed.headers["Content-Length"]) == len(packed.get_data()) < len(plain.get_data()) / 2
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("refusal", ["identity", "gzip;q=0, br", ""])
def test_whoever_takes_no_gzip_gets_none(cast: Cast, address: str, refusal: str) -> None:
    answer = cast.browser().get(address, headers={"Accept-Encoding": refusal})
    assert "Content-Encoding" not in answer.headers
    assert b"Birch" in answer.get_data()


@pytest.mark.parametrize("headers", [{}, GZIP])
def test_a_page_that_has_not_changed_is_not_sent_again(cast: Cast, address: str, headers: dict[str, str]) -> None:
    visitor = cast.browser().client
    tag = visitor.get(address, headers=headers).headers["ETag"]
    again = visitor.get(address, headers={**headers, "If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == tag


def test_the_packed_page_has_a_tag_of_its_own(cast: Cast, address: str) -> None:
    visitor = cast.browser().client
    assert visitor.get(address).headers["ETag"] != visitor.get(address, headers=GZIP).headers["ETag"]


def test_a_new_version_is_sent_to_whoever_has_the_old_one(cast: Cast) -> None:
    field = published(stage_field(cast, {"Alder": 4, "Birch": 6}))
    visitor, address = cast.browser().client, f"/boards/{field.board().id}"
    tag = visitor.get(address, headers=GZIP).headers["ETag"]
    field.score("Cedar", 5, 3)
    field.rebuild()
    answer = visitor.get(address, headers={**GZIP, "If-None-Match": tag})
    assert answer.status_code == 200
    assert b"Cedar" in gzip.decompress(answer.get_data())


def test_a_page_with_a_reader_in_it_is_not_packed(cast: Cast, address: str) -> None:
    admin = cast.browser(cast.admin()).client
    page, file = admin.get(address, headers=GZIP), admin.get(f"{address}.json", headers=GZIP)
    for answer in (page, file):
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert not {"Content-Encoding", "ETag"} & set(answer.headers.keys())
    assert b"csrf_token" in page.get_data()


def test_a_piece_is_made_once_and_forgotten_when_room_is_needed() -> None:
    made: list[str] = []

    def make(name: str) -> Fragment:
        return kept.get(name, lambda: made.append(name) or name * 40)

    kept = Fragments(limit=100)
    assert make("a").body == make("a").body == b"a" * 40
    make("b")
    make("a")
    make("c")  # over the limit: "b" was not asked for longest
    make("a")
    make("b")
    assert made == ["a", "b", "c", "b"]


def test_tags_differ_where_a_byte_does() -> None:
    assert Fragment.of("one").tag == Fragment.of("one").tag != Fragment.of("onf").tag


def test_two_servers_pack_a_piece_into_the_same_bytes_at_any_time() -> None:
    assert Fragment.of("one" * 1000).packed[4:8] == bytes(4)  # where gzip writes the hour
