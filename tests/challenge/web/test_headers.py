"""Every answer keeps to itself: whatever kind it is, it carries the headers that say so."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from challenge.app import create_app
from tests.cast import Browser, Cast
from tests.challenge.standings.harvest import stage_field

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
KINDS = (
    "page", "redirect", "not modified", "stale form", "refused", "other site", "not found", "wrong method", "too large",
    "wrong form", "broken", "stylesheet", "no such file", "document", "table", "stream", "download", "progress",
)  # fmt: skip


@pytest.fixture
def board(cast: Cast) -> str:
    """The address of a published board."""
    field = stage_field(cast, {"Alder": 6, "Birch": 4})
    field.rebuild()
    return f"/boards/{field.publish().id}"


def answer(cast: Cast, board: str, kind: str) -> TestResponse:
    """Return an answer of a kind."""
    visitor, member = cast.browser(), cast.browser(cast.person("Captain0"))
    plain = {
        "page": "/", "redirect": "/desk", "not found": "/calls/none", "stylesheet": "/static/house.css",
        "no such file": "/static/none.css", "document": f"{board}.json", "table": f"{board}.csv",
    }  # fmt: skip
    if kind in plain:
        return visitor.get(plain[kind])
    if kind == "not modified":
        return visitor.get(board, headers={"If-None-Match": visitor.get(board).headers["ETag"]})
    if kind == "stale form":
        return visitor.client.post("/sign-in", data={})
    if kind == "refused":
        return member.get("/people")
    if kind == "other site":
        return member.client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    if kind == "wrong method":
        return visitor.client.delete("/")
    if kind == "too large":
        return visitor.client.post("/sign-in", data={"email": "x" * 5_000_000})
    if kind == "wrong form":
        return visitor.post("/sign-in", {})
    if kind == "broken":
        return broken(cast).get("/")
    if kind == "stream":
        return cast.browser(cast.auditor()).get(f"{board}/items.csv")
    if kind == "download":
        return cast.browser(cast.auditor()).get("/audit.jsonl")
    return member.get("/runs/1/progress.json")


def broken(cast: Cast) -> Browser:
    """Return a browser on a site that has lost a table."""
    with cast.house.database.transaction() as session:
        session.execute(text("ALTER TABLE calls RENAME TO calls_away"))
    return Browser(create_app(cast.house).test_client())


STATUSES = {
    "page": 200, "redirect": 303, "not modified": 304, "stale form": 400, "refused": 403, "other site": 403,
    "not found": 404, "wrong method": 405, "too large": 413, "wrong form": 422, "broken": 500, "stylesheet": 200,
    "no such file": 404, "document": 200, "table": 200, "stream": 200, "download": 200, "progress": 200,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_carries_the_headers(cast: Cast, board: str, kind: str) -> None:
    told = answer(cast, board, kind)
    assert told.status_code == STATUSES[kind]
    assert {name: told.headers.get(name) for name in ALWAYS} == ALWAYS
    policy = dict(part.strip().split(" ", 1) for part in told.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in told.headers["Content-Security-Policy"]
    assert "Server" not in told.headers
    if kind not in {"stylesheet", "no such file"}:
        assert "Cookie" in told.headers["Vary"]


def test_what_a_signed_in_reader_gets_is_kept_by_nobody(cast: Cast, board: str) -> None:
    member = cast.browser(cast.person("Captain0"))
    for path in (
        "/",
        "/desk",
        board,
        f"{board}.csv",
        f"{board}.json",
        "/people",
        "/calls/none",
        "/runs/1/progress.json",
    ):
        assert member.get(path).headers["Cache-Control"] == "no-store", path
    assert "no-store" not in member.get("/static/house.css").headers.get("Cache-Control", "")


def test_no_script_stands_in_a_page(cast: Cast, board: str) -> None:
    member = cast.browser(cast.person("Captain0"))
    for path in ("/", "/desk", "/account", board, "/sign-in"):
        page = member.get(path).get_data(as_text=True)
        assert "<script>" not in page
        assert " onclick=" not in page
        assert " style=" not in page, f"{path}: the policy would drop it"
        assert "<style" not in page


@pytest.mark.parametrize("secure", [True, False])
def test_a_site_behind_https_says_so_for_a_year(cast: Cast, secure: bool) -> None:
    app = create_app(replace(cast.house, settings=replace(cast.house.settings, secure_cookies=secure)))
    told = app.test_client().get("/", base_url="https://localhost")
    assert ("max-age=31536000" in told.headers.get("Strict-Transport-Security", "")) == secure


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303), (None, 303)]
)
def test_forms_come_from_this_site_alone(cast: Cast, site: str | None, status: int) -> None:
    browser = cast.browser(cast.person("Ada"))
    headers = {"Sec-Fetch-Site": site} if site else {}
    assert browser.post("/sign-out", headers=headers).status_code == status


def test_a_link_from_another_site_may_be_followed(cast: Cast) -> None:
    assert cast.browser().get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_visitor_is_told_nothing_to_remember(cast: Cast, board: str) -> None:
    for path in ("/", board, "/calls/trial"):
        assert cast.browser().get(path).headers.getlist("Set-Cookie") == [], path
