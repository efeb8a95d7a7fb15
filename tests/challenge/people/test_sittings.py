"""A sitting ends when it should, for good, and nobody who comes with its cookie afterwards is let in."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from challenge.app import create_app
from challenge.foundation.permits import Actor, Role
from challenge.people import operations, queries
from challenge.people.records import Account, Sitting
from challenge.web.house import House
from tests.cast import PASSWORD, Browser, Cast

ADA = {"email": "ada@team.example", "name": "Ada Lind", "password": PASSWORD}
RIGHT = {"email": "ada@team.example", "password": PASSWORD}


def signed_up(cast: Cast) -> Browser:
    """Return a browser in which Ada has just signed up."""
    browser = cast.browser()
    assert browser.post("/sign-up", ADA).status_code == 303
    browser.get("/account")
    return browser


def cookie(browser: Browser) -> str:
    """Return the sitting's cookie."""
    found = browser.client.get_cookie("sitting")
    assert found is not None
    return found.value


def with_cookie(cast: Cast, value: str) -> Browser:
    """Return another browser that comes with a cookie."""
    browser = cast.browser()
    browser.client.set_cookie("sitting", value)
    return browser


def is_in(browser: Browser) -> bool:
    """Tell whether a browser is signed in."""
    return browser.get("/account").status_code == 200


def test_a_sitting_lasts_while_it_is_used_and_a_week_at_most(cast: Cast) -> None:
    browser = cast.browser(cast.person("Ada"))
    hours = 0
    while is_in(browser) and hours < 1000:
        cast.clock.advance(timedelta(hours=6))
        hours += 6
    assert hours == 7 * 24


@pytest.mark.parametrize(("idle", "still_in"), [(timedelta(hours=8), True), (timedelta(hours=8, seconds=1), False)])
def test_a_sitting_that_lies_idle_ends_after_eight_hours(cast: Cast, idle: timedelta, still_in: bool) -> None:
    browser = cast.browser(cast.person("Ada"))
    cast.clock.advance(idle)
    assert is_in(browser) == still_in


def test_use_is_noted_every_few_minutes_and_not_with_every_page(cast: Cast) -> None:
    browser, began = cast.browser(cast.person("Ada")), cast.now
    cast.clock.advance(timedelta(minutes=4))
    is_in(browser)
    assert _sitting(cast).seen_at == began
    cast.clock.advance(timedelta(minutes=2))
    is_in(browser)
    assert _sitting(cast).seen_at == cast.now


def _sitting(cast: Cast) -> Sitting:
    with cast.house.database.reading() as session:
        return session.scalars(select(Sitting)).one()


def test_after_sign_out_a_kept_cookie_opens_nothing_however_often_it_comes(cast: Cast) -> None:
    browser = signed_up(cast)
    kept = cookie(browser)
    assert browser.post("/sign-out").status_code == 303
    assert browser.client.get_cookie("sitting") is None
    for _ in range(3):
        thief = with_cookie(cast, kept)
        assert not is_in(thief)
        assert thief.get("/desk").status_code == 303
    with cast.house.database.reading() as session:
        assert session.scalars(select(Sitting)).all() == []


def test_sign_out_ends_one_sitting_and_no_other(cast: Cast) -> None:
    ada = cast.person("Ada")
    here, there = cast.browser(ada), cast.browser(ada)
    here.post("/sign-out")
    assert (is_in(here), is_in(there)) == (False, True)


def test_a_new_password_ends_every_other_sitting(cast: Cast) -> None:
    browser = signed_up(cast)
    other = cast.browser()
    assert other.post("/sign-in", RIGHT).status_code == 303
    other.get("/account")
    new = "nine calm harbours"
    assert browser.post("/account", {"old": PASSWORD, "new": new}).status_code == 303
    assert (is_in(browser), is_in(other)) == (True, False)
    other.get("/sign-in")
    assert "do not fit together" in other.post("/sign-in", RIGHT).get_data(as_text=True)
    assert other.post("/sign-in", {**RIGHT, "password": new}).status_code == 303


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"old": "not this one", "new": "nine calm harbours"}, "This is not your present password."),
        ({"old": PASSWORD, "new": "short"}, "Choose a password of at least 12 characters"),
        ({"old": PASSWORD, "new": ""}, "Choose a new password."),
    ],
)
def test_a_password_that_cannot_be_changed_stays(cast: Cast, change: dict[str, str], sentence: str) -> None:
    browser = signed_up(cast)
    answer = browser.post("/account", change)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert cast.browser().post("/sign-in", RIGHT).status_code == 303


def test_a_closed_account_is_out_at_once_and_cannot_come_back(cast: Cast) -> None:
    browser = signed_up(cast)
    with cast.house.database.transaction() as session:
        session.scalars(select(Account)).one().closed_at = cast.now
    assert not is_in(browser)
    answer = cast.browser().post("/sign-in", RIGHT)
    assert "Address and password do not fit together." in answer.get_data(as_text=True)


def test_the_database_does_not_know_the_cookie(cast: Cast) -> None:
    kept = cookie(signed_up(cast))
    hashed = _sitting(cast).token_hash
    assert kept not in hashed
    assert not is_in(with_cookie(cast, hashed)), "what a thief of the database reads opens nothing"


@pytest.mark.parametrize("value", ["", "x", "0" * 64, "a" * 4000, "ünïcode", "' OR 1=1 --"])
def test_a_cookie_that_was_made_up_opens_nothing(cast: Cast, value: str) -> None:
    signed_up(cast)
    assert not is_in(with_cookie(cast, value))


def test_sign_in_gives_a_cookie_of_its_own_and_does_not_take_one_that_was_planted(cast: Cast) -> None:
    signed_up(cast)
    browser = with_cookie(cast, "planted")
    browser.post("/sign-in", RIGHT)
    assert cookie(browser) != "planted"
    assert len(cookie(browser)) >= 43


def test_a_form_from_before_sign_in_is_worth_nothing_after_it(cast: Cast) -> None:
    signed_up(cast)
    browser = cast.browser()
    browser.get("/sign-in")
    before = browser.token
    assert browser.post("/sign-in", RIGHT).status_code == 303
    browser.token = before
    assert browser.client.post("/sign-out", data={"csrf_token": before}).status_code == 400
    assert is_in(browser)


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-sitting"), (False, "sitting")])
def test_the_cookie_is_kept_from_scripts_and_from_other_sites(cast: Cast, secure: bool, name: str) -> None:
    house: House = replace(cast.house, settings=replace(cast.house.settings, secure_cookies=secure))
    app = create_app(house)
    app.testing = True
    client = Browser(app.test_client())
    base = "https://localhost" if secure else "http://localhost"
    client.get("/sign-up", base_url=base)
    answer = client.post("/sign-up", ADA, base_url=base, headers={"Referer": f"{base}/sign-up"})
    [line] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}=")]
    words = {word.strip() for word in line.split(";")[1:]}
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= words
    assert ("Secure" in words) == secure
    assert not any(word.startswith(("Domain", "Max-Age", "Expires")) for word in words)


def test_ended_sittings_are_swept_out_when_somebody_comes(cast: Cast) -> None:
    cast.browser(cast.person("Ada"))
    cast.clock.advance(operations.LONGEST)
    cast.browser(cast.person("Bo"))
    assert _sitting(cast).account_id == cast.person("Bo").account_id


def test_signing_out_is_a_deed_and_not_a_link(cast: Cast) -> None:
    browser = cast.browser(cast.person("Ada"))
    assert browser.get("/sign-out").status_code == 405
    assert is_in(browser)


def roles(cast: Cast, who: Actor) -> set[Role]:
    """Return the roles that somebody holds now."""
    with cast.house.database.reading() as session:
        return set(queries.roles_of(session, who.account_id or 0)) - {Role.TEAM}


def test_a_granted_role_counts_from_the_next_page_on(cast: Cast) -> None:
    ada, browser = cast.person("Ada"), cast.browser(cast.person("Ada"))
    assert browser.get("/people").status_code == 403
    answer = cast.browser(cast.admin()).post(f"/people/{ada.account_id}/roles/grant", {"role": "admin"})
    assert answer.status_code == 303
    assert browser.get("/people").status_code == 200


def test_a_withdrawn_role_ends_the_holders_sittings(cast: Cast) -> None:
    judge = cast.judge()
    browser = cast.browser(judge)
    cast.browser(cast.admin()).post(f"/people/{judge.account_id}/roles/withdraw", {"role": "judge"})
    assert roles(cast, judge) == set()
    assert not is_in(browser)
