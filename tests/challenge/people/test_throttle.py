"""Guessing is slowed down: passwords address by address, and addresses from one network."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from challenge.people import operations, passwords
from challenge.people.passwords import Guess
from challenge.people.records import Account, FailedAttempt
from challenge.people.rules import ADDRESS_TRIES, NETWORK_TRIES, WINDOW_MINUTES
from tests.cast import PASSWORD, Cast

ADA = {"email": "ada@team.example", "name": "Ada Lind", "password": PASSWORD}
WRONG_PASSWORD = "not this one"
CLOSED = "Too many failed attempts. Wait 15 minutes and try again."
WRONG_GUESS = Guess(None, fits=False)
WRONG = "Address and password do not fit together."


def sign_in(cast: Cast, email: str, password: str = WRONG_PASSWORD, *, network: str = "10.0.0.1") -> TestResponse:
    """Try to sign in from a network."""
    sent = {"email": email, "password": password}
    return cast.browser().post("/sign-in", sent, environ_base={"REMOTE_ADDR": network})


def sign_up(cast: Cast, email: str = ADA["email"], *, network: str = "10.0.0.1") -> TestResponse:
    """Try to sign up from a network."""
    return cast.browser().post("/sign-up", {**ADA, "email": email}, environ_base={"REMOTE_ADDR": network})


def fail(cast: Cast, times: int, *, network: str = "10.0.0.1", email: str = "") -> None:
    """Fail so many times, each time with another address unless one is given."""
    with cast.house.database.transaction() as session:
        for number in range(times):
            operations.sign_in(
                session, email=email or f"x{number}@team.example", guessed=WRONG_GUESS, network=network, now=cast.now
            )


def test_sign_in_says_the_same_of_an_unknown_address_and_a_wrong_password(cast: Cast) -> None:
    sign_up(cast)
    known, unknown = sign_in(cast, "ada@team.example"), sign_in(cast, "nobody@team.example")
    assert known.status_code == unknown.status_code == 422
    plain = [
        answer.get_data(as_text=True).replace("nobody@", "ada@").partition("<main")[2] for answer in (known, unknown)
    ]
    assert WRONG in plain[0]
    assert _without_token(plain[0]) == _without_token(plain[1])


def _without_token(page: str) -> str:
    return "".join(part.partition('"')[2] if number else part for number, part in enumerate(page.split('value="')))


def test_an_unknown_address_costs_the_same_work_as_a_known_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_up(cast)
    asked: list[str] = []
    verify = passwords._hasher.verify

    class Watching:
        def verify(self, kept: str, password: str) -> bool:
            asked.append(kept[:30])
            return verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Watching())
    sign_in(cast, "ada@team.example")
    sign_in(cast, "nobody@team.example")
    assert len(asked) == 2
    assert asked[0] == asked[1], "the same parameters, so the same work"


def test_an_address_closes_after_ten_failures_from_wherever_they_come(cast: Cast) -> None:
    sign_up(cast)
    for number in range(ADDRESS_TRIES):
        assert WRONG in sign_in(cast, "ada@team.example", network=f"10.0.1.{number}").get_data(as_text=True)
    assert CLOSED in sign_in(cast, "ada@team.example", PASSWORD, network="10.0.2.1").get_data(as_text=True)
    cast.clock.advance(timedelta(minutes=WINDOW_MINUTES))
    assert sign_in(cast, "ada@team.example", PASSWORD).status_code == 303


def test_capitals_and_blanks_do_not_make_another_address(cast: Cast) -> None:
    for email in ("ADA@team.example", " ada@team.example ", "Ada@Team.example", "ada@TEAM.example") * 3:
        sign_in(cast, email)
    assert CLOSED in sign_in(cast, "ada@team.example").get_data(as_text=True)


def test_a_success_forgets_the_failures_of_its_address(cast: Cast) -> None:
    sign_up(cast)
    for _ in range(2):
        fail(cast, ADDRESS_TRIES - 1, email="ada@team.example")
        assert sign_in(cast, "ada@team.example", PASSWORD).status_code == 303


def test_a_network_closes_after_a_hundred_failures_and_others_do_not(cast: Cast) -> None:
    sign_up(cast)
    fail(cast, NETWORK_TRIES - 1)
    assert sign_in(cast, "ada@team.example", PASSWORD).status_code == 303
    fail(cast, 1)
    assert CLOSED in sign_in(cast, "ada@team.example", PASSWORD).get_data(as_text=True)
    assert sign_in(cast, "ada@team.example", PASSWORD, network="10.9.9.9").status_code == 303


def test_who_tries_many_addresses_at_sign_up_is_slowed_down_too(cast: Cast) -> None:
    sign_up(cast)
    for _ in range(3):
        assert "There is an account with this address already." in sign_up(cast).get_data(as_text=True)
    fail(cast, NETWORK_TRIES - 3)
    for email in ("ada@team.example", "new@team.example"):
        answer = sign_up(cast, email)
        assert answer.status_code == 422
        assert CLOSED in answer.get_data(as_text=True)
        assert "already" not in answer.get_data(as_text=True)
    assert sign_up(cast, "new@team.example", network="10.9.9.9").status_code == 303


def test_failures_that_count_no_more_are_forgotten(cast: Cast) -> None:
    fail(cast, 5)
    cast.clock.advance(timedelta(minutes=WINDOW_MINUTES))
    fail(cast, 1)
    with cast.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FailedAttempt)) == 2


def test_the_table_of_failures_holds_no_addresses(cast: Cast) -> None:
    fail(cast, 1, email="ada@team.example")
    with cast.house.database.reading() as session:
        keys = session.scalars(select(FailedAttempt.key)).all()
    assert not any("ada" in key or "10.0.0.1" in key for key in keys)


def test_of_two_who_sign_up_with_one_address_at_once_one_is_told(cast: Cast) -> None:
    gate, told = threading.Barrier(2), []

    def come() -> None:
        browser = cast.browser()
        browser.get("/sign-up")
        gate.wait()
        told.append(browser.post("/sign-up", ADA).status_code)

    threads = [threading.Thread(target=come) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [303, 422]
    with cast.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1
