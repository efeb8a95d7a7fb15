"""A DOI that is registered is told from one that is not; whatever fails on the way leaves it unknown."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.doi import tidy_doi
from evaluation.publications.looking import Registry, look_up
from evaluation.publications.publication import Found, Publication, read_metadata
from tests.evaluation.publications.serving import CSL, serving

DOI = "10.5281/zenodo.9000001"
ARTICLE = {
    "type": "report",
    "title": "Technical report on the Baltic model",
    "author": [{"given": "A.", "family": "Kalnina"}, {"literal": "The Baltic team"}, {"family": "Ozols"}],
    "issued": {"date-parts": [[2026, 5, 2]]},
    "publisher": "Zenodo",
}
READ = Publication(
    title="Technical report on the Baltic model",
    authors=("A. Kalnina", "The Baltic team", "Ozols"),
    published="2026-05-02",
    publisher="Zenodo",
    kind="report",
)


def test_a_registered_doi_comes_with_what_its_registrar_says() -> None:
    with serving({DOI: ARTICLE}) as server:
        answer = look_up(f"https://doi.org/{DOI.upper()}", server.registry)
    assert (answer.doi, answer.found, answer.publication) == (DOI, Found.REGISTERED, READ)
    assert server.seen == [(f"/api/handles/{DOI}", "application/json"), (f"/{DOI}", CSL)]


def test_one_that_nobody_registered_is_missing() -> None:
    with serving({DOI: ARTICLE}) as server:
        answer = look_up("10.5281/zenodo.9000404", server.registry)
    assert (answer.found, answer.publication) == (Found.MISSING, None)


def test_a_redirect_within_the_allowed_hosts_is_followed() -> None:
    with serving({DOI: ARTICLE}, leads="http://127.0.0.1:{port}/metadata/" + DOI) as server:
        assert look_up(DOI, server.registry).publication == READ


@pytest.mark.parametrize(
    ("leads", "said"),
    [
        ("http://elsewhere.example/", "leads to the host 'elsewhere.example', which is not allowed"),
        ("file:///etc/passwd", "which is not https"),
        ("http://127.0.0.1:{port}/again", "redirects more than 5 times"),
        ("http://169.254.169.254/latest", "which is not allowed"),
        ("http://api.crossref.org/", "leads elsewhere"),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(leads: str, said: str) -> None:
    """An allowed host at a private address is not asked either; its name is answered by this machine's."""
    with serving({DOI: ARTICLE}, leads=leads) as server:
        answer = look_up(DOI, server.registry, resolver=lambda host, port: ["127.0.0.1"])
    assert (answer.found, answer.publication) == (Found.REGISTERED, None)
    assert said in answer.sentence


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_a_registry_out_of_order_leaves_it_unknown(status: int) -> None:
    with serving({DOI: ARTICLE}, status=status) as server:
        answer = look_up(DOI, server.registry)
    assert answer.found is Found.UNKNOWN
    assert str(status) in answer.sentence


def test_nobody_there_leaves_it_unknown() -> None:
    with serving({}) as server:
        registry = server.registry
    answer = look_up(DOI, registry)
    assert answer.found is Found.UNKNOWN
    assert "not reached" in answer.sentence


def test_a_name_without_an_address_leaves_it_unknown() -> None:
    assert look_up(DOI, Registry(), resolver=lambda *_: []).found is Found.UNKNOWN


def test_a_registry_at_a_private_address_is_not_asked() -> None:
    answer = look_up(DOI, Registry(), resolver=lambda host, port: ["10.0.0.1"])
    assert answer.found is Found.UNKNOWN
    assert "not a public one" in answer.sentence


def test_an_answer_that_drips_is_broken_off_in_time() -> None:
    with serving({DOI: ARTICLE}, drip=0.5) as server:
        began = time.monotonic()
        answer = look_up(DOI, replace(server.registry, seconds=3))
    assert answer.found is Found.UNKNOWN
    assert time.monotonic() - began < 30  # of 0.5 s for each byte


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"<html>", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'"' + b"x" * 2_000_000 + b'"', "more than 1,048,576 bytes"),
        (b"[]", "names no title"),
        (b"{}", "names no title"),
        (json.dumps({"title": 7}).encode(), "names no title"),
    ],
)
def test_metadata_that_cannot_be_read_leave_a_registered_doi(raw: bytes, said: str) -> None:
    with serving({DOI: ARTICLE}, raw=raw) as server:
        answer = look_up(DOI, server.registry)
    assert (answer.found, answer.publication) == (Found.REGISTERED, None)
    assert said in answer.sentence


def test_a_compressed_answer_is_not_unpacked() -> None:
    with serving({DOI: ARTICLE}, headers={"Content-Encoding": "gzip"}) as server:
        assert look_up(DOI, server.registry).found is Found.UNKNOWN


@pytest.mark.parametrize("text", ["", "10.5281", "zenodo.1", "https://example.org/10.5281/zenodo.1", "10.5281/a b"])
def test_what_is_no_doi_is_refused_before_anybody_is_asked(text: str) -> None:
    assert tidy_doi(text) is None
    with pytest.raises(ValueError, match="Write a DOI such as"):
        look_up(text)


@pytest.mark.parametrize(
    ("issued", "published"),
    [
        ({"date-parts": [[2026]]}, "2026"),
        ({"date-parts": [["2026", "5"]]}, "2026-05"),
        ({"raw": "2026-05-02T10:00:00Z"}, "2026-05-02"),
        ({"date-parts": [[None]]}, ""),
        ({"date-parts": []}, ""),
        ("2026", ""),
        (None, ""),
    ],
)
def test_a_date_is_read_as_far_as_it_goes(issued: Any, published: str) -> None:
    found = read_metadata({"title": "T", "issued": issued})
    assert found is not None
    assert found.published == published


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(["title", "author", "issued", "published", "publisher", "type"])


@given(st.dictionaries(KEYS, VALUES))
def test_whatever_a_registrar_says_is_read_or_left(data: dict[str, Any]) -> None:
    found = read_metadata(data)
    if found is not None:
        assert found.title
        assert all(text.isprintable() for text in (found.title, found.publisher, found.kind, *found.authors))
