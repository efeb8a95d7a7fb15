"""People sign up, sign in, sign out; and what must not happen on the way."""

from datetime import timedelta

import pytest

from challenge.foundation.permits import Invalid, Role
from challenge.people import operations, queries
from challenge.people.names import skeleton
from challenge.people.passwords import NewPassword
from tests.cast import PASSWORD, Cast

ADA = {"email": "Ada@team.example ", "name": "Ada  Lind", "password": PASSWORD}


def test_somebody_signs_up_and_is_signed_in(cast: Cast) -> None:
    browser = cast.browser()
    assert browser.post("/sign-up", ADA).status_code == 303
    page = browser.get("/account").get_data(as_text=True)
    assert "ada@team.example" in page
    assert "Ada Lind" in page


def test_an_address_serves_one_account(cast: Cast) -> None:
    cast.browser().post("/sign-up", ADA)
    again = cast.browser().post("/sign-up", ADA)
    assert again.status_code == 422
    assert "There is an account with this address already." in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short"}, "Choose a password of at least 12 characters; a few unrelated words make a good one."),
        ({"password": "ada and the lake"}, "Choose a password that contains neither your name nor your address."),
        ({"email": "ada"}, "Write an address such as name@organisation.example."),
        ({"name": "Ad\u202ea"}, "The name holds invisible characters; type it instead of pasting it."),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(cast: Cast, change: dict[str, str], sentence: str) -> None:
    values = {key: value.strip() for key, value in {**ADA, **change}.items()}
    password = NewPassword.of(values.pop("password"))
    with pytest.raises(Invalid) as refused, cast.house.database.transaction() as session:
        operations.sign_up(session, **values, password=password, now=cast.now)
    assert (refused.value.sentence, refused.value.field_name) == (sentence, next(iter(change)))


def test_after_sign_out_the_old_cookie_is_worth_nothing(cast: Cast) -> None:
    browser = cast.browser()
    browser.post("/sign-up", ADA)
    cookie = browser.client.get_cookie("sitting")
    assert cookie is not None
    browser.get("/account")
    browser.post("/sign-out")
    thief = cast.browser()
    thief.client.set_cookie("sitting", cookie.value)
    assert thief.get("/account").status_code == 303


def test_a_sitting_ends_when_it_lies_idle(cast: Cast) -> None:
    browser = cast.browser(cast.person("Ada"))
    assert browser.get("/account").status_code == 200
    cast.clock.advance(operations.IDLE + timedelta(seconds=1))
    assert browser.get("/account").status_code == 303


def test_sign_in_closes_after_ten_failures_and_opens_again(cast: Cast) -> None:
    cast.browser().post("/sign-up", ADA)
    browser = cast.browser()
    wrong = {"email": "ada@team.example", "password": "not this one"}
    for _ in range(10):
        assert "do not fit together" in browser.post("/sign-in", wrong).get_data(as_text=True)
    right = {"email": "ada@team.example", "password": PASSWORD}
    assert "Too many failed attempts" in browser.post("/sign-in", right).get_data(as_text=True)
    cast.clock.advance(timedelta(minutes=15, seconds=1))
    assert browser.post("/sign-in", right).status_code == 303


def test_after_sign_in_the_way_goes_on_but_never_to_another_site(cast: Cast) -> None:
    cast.browser().post("/sign-up", ADA)
    browser = cast.browser()
    way = browser.get("/account").headers["Location"]
    browser.get(way)
    right = {"email": "ada@team.example", "password": PASSWORD}
    assert browser.post(way, right).headers["Location"] == "/account"
    other = cast.browser()
    assert other.post("/sign-in?then=https://evil.example/", right).headers["Location"] == "/desk"


def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    browser = cast.browser(cast.person("Ada"))
    answer = browser.client.post("/sign-out")
    assert answer.status_code == 400
    assert browser.get("/account").status_code == 200


def test_a_form_from_another_site_is_refused(cast: Cast) -> None:
    browser = cast.browser(cast.person("Ada"))
    answer = browser.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_withdrawn_role_is_gone_at_once(cast: Cast) -> None:
    judge, admin = cast.person("Jonas", Role.ADMIN), cast.admin()
    browser = cast.browser(judge)
    assert browser.get("/people").status_code == 200
    with cast.house.database.transaction() as session:
        operations.withdraw_role(session, actor=admin, account_id=judge.account_id or 0, role=Role.ADMIN, now=cast.now)
        assert queries.roles_of(session, judge.account_id or 0) == {Role.TEAM}
    assert browser.get("/people").status_code == 303


def test_admins_cannot_remove_themselves(cast: Cast) -> None:
    admin = cast.admin()
    answer = cast.browser(admin).post(f"/people/{admin.account_id}/roles/withdraw", {"role": "admin"})
    assert answer.status_code == 403
    assert "You cannot change your own role as admin; ask another admin." in answer.get_data(as_text=True)


def test_names_that_look_alike_have_one_skeleton() -> None:
    assert skeleton("Аlpha Мodels") == skeleton("ALPHA-MODELS") == skeleton("Alpha\u200b Models")
    assert skeleton("Alpha Models") != skeleton("Beta Models")
