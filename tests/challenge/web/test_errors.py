"""Whatever goes wrong is said in a sentence, on a page like the others, and tells nothing that it should not."""

import io

import pytest
from flask import Flask
from sqlalchemy import text

from challenge.app import create_app
from challenge.foundation.permits import Role
from challenge.web.access import UnguardedRoute, check_every_route, open_to
from tests.cast import Browser, Cast
from tests.stage import stage_call


def words(page: str) -> str:
    """Return what an error's page says."""
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_page_that_does_not_exist_is_said_to(cast: Cast) -> None:
    answer = cast.browser().get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.get_data(as_text=True)
    assert "There is no such page, or none that you may know of." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/calls/none",
        "/boards/99",
        "/submissions/none",
        "/decisions/9",
        "/runs/99999999999999999999",
        "/boards/2147483648",
    ],
)
def test_a_thing_that_does_not_exist_reads_like_a_page_that_does_not(cast: Cast, path: str) -> None:
    admin = cast.browser(cast.admin())
    answer = admin.get(path)
    assert answer.status_code == 404
    assert words(answer.get_data(as_text=True)) == words(admin.get("/nowhere").get_data(as_text=True))


def test_what_is_not_allowed_is_said_in_the_rules_own_sentence(cast: Cast) -> None:
    answer = cast.browser(cast.person("Ada")).get("/people")
    assert answer.status_code == 403
    assert "<h1>Not allowed</h1>" in answer.get_data(as_text=True)
    assert "This page is for admins." in answer.get_data(as_text=True)


def test_a_method_that_a_page_does_not_have_is_said_with_those_it_has(cast: Cast) -> None:
    answer = cast.browser().client.delete("/sign-in")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert answer.mimetype == "text/html"
    assert "<h1>Method not allowed</h1>" in answer.get_data(as_text=True)


def test_a_form_out_of_date_says_what_to_do(cast: Cast) -> None:
    browser = cast.browser(cast.person("Ada"))
    answer = browser.client.post("/account", data={"csrf_token": "made up"})
    assert answer.status_code == 400
    assert "Go back, reload the page and send it again." in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/receipts/check"])
def test_more_than_a_form_may_bring_is_not_even_read(cast: Cast, path: str) -> None:
    upload = io.BytesIO(b"x" * 4_000_001)
    answer = cast.browser().client.post(path, data={"file": (upload, "x.bin")})
    assert answer.status_code == 413
    assert "What you sent is larger than the limit of 4.0 MB. Send less at once." in answer.get_data(as_text=True)


def test_too_much_text_is_told_from_too_large_a_request(cast: Cast) -> None:
    browser = cast.browser(cast.person("Ada"))
    answer = browser.client.post("/account", data={"old": "x" * 2_100_000}, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "The form holds more text, or more fields, than are taken at once." in answer.get_data(as_text=True)


def test_the_page_for_suites_takes_more_and_only_from_those_who_may_come(cast: Cast) -> None:
    stage_call(cast)

    def send(browser: Browser) -> int:
        upload = io.BytesIO(b"PK" + b"x" * 5_000_000)
        return browser.client.post(
            "/calls/trial/suites", data={"csrf_token": browser.token, "archive": (upload, "suite.zip")}
        ).status_code

    admin, member = cast.browser(cast.admin()), cast.browser(cast.person("Ada"))
    for browser in (admin, member):
        browser.get("/account")
    assert send(admin) == 403, "it was read; the call is open, so its suites stand"
    assert send(member) == 403
    assert send(cast.browser()) == 403


@pytest.mark.parametrize("table", ["calls", "sittings"])
def test_what_breaks_on_our_side_is_said_without_a_trace(
    cast: Cast, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    ada = cast.browser(cast.person("Ada"))
    sitting = ada.client.get_cookie("sitting")
    assert sitting is not None
    with cast.house.database.transaction() as session:
        session.execute(text(f"ALTER TABLE {table} RENAME TO away"))
    client = create_app(cast.house).test_client()
    client.set_cookie("sitting", sitting.value)
    answer = client.get("/")
    assert answer.status_code == 500
    page = answer.get_data(as_text=True)
    assert "<h1>Our fault</h1>" in page
    assert "Something broke on our side. Nothing you sent was half done." in page
    assert not any(word in page for word in ("Traceback", "SELECT", "sqlalchemy", "/tests/", table + " "))
    assert "unhandled" in caplog.text


def test_an_address_with_a_stroke_too_many_leads_to_the_page(cast: Cast) -> None:
    answer = cast.browser().get("/calls//trial")
    assert (answer.status_code, answer.headers["Location"]) == (308, "http://localhost/calls/trial")


def test_a_route_that_does_not_say_who_may_come_stops_the_site(cast: Cast) -> None:
    app = create_app(cast.house)
    app.add_url_rule("/secret", "secret", lambda: "secret")
    with pytest.raises(UnguardedRoute, match="secret"):
        check_every_route(app)


def test_a_page_for_several_roles_names_them(cast: Cast) -> None:
    answer = cast.browser(cast.person("Ada")).get("/runs")
    assert "This page is for admins and auditors." in answer.get_data(as_text=True)
    page = open_to(Role.JUDGE, Role.ADMIN, Role.AUDITOR)(lambda: "")
    assert page.policy.why_not(cast.person("Ada")) == "This page is for admins, auditors and judges."  # type: ignore[attr-defined]


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/desk", "x.y", ""])
def test_only_a_way_that_this_site_has_signed_is_followed_after_sign_in(cast: Cast, then: str) -> None:
    ada = {"email": "ada@team.example", "name": "Ada Lind", "password": "seven quiet herons"}
    answer = cast.browser().post("/sign-up", {**ada, "then": then})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")


def test_errors_in_tests_are_raised_and_not_hidden(cast: Cast) -> None:
    app: Flask = cast.app
    assert app.testing
    with cast.house.database.transaction() as session:
        session.execute(text("ALTER TABLE calls RENAME TO away"))
    with pytest.raises(Exception, match="calls"):
        cast.browser().get("/")
