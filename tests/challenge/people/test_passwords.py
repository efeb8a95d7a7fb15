"""A password is hashed before a transaction begins, and what changes meanwhile counts."""

import threading

import pytest

from challenge.foundation.permits import Invalid
from challenge.people import operations, passwords
from challenge.people.passwords import Guess, NewPassword
from tests.cast import Cast

PASSWORD = "seven quiet herons"


def sign_up(cast: Cast) -> int:
    """Sign Ada up and return her account's number."""
    password = NewPassword.of(PASSWORD)
    with cast.house.database.transaction() as session:
        return operations.sign_up(
            session, email="ada@team.example", name="Ada Lind", password=password, now=cast.now
        ).id


def test_a_password_that_was_changed_meanwhile_signs_nobody_in(cast: Cast) -> None:
    sign_up(cast)
    attempt = {"email": "ada@team.example", "network": "10.0.0.1", "now": cast.now}
    guessed = operations.guess(cast.house.database, password=PASSWORD, **attempt)
    assert guessed.fits
    with cast.house.database.transaction() as session:
        account = operations.queries.account_by_email(session, "ada@team.example")
        assert account is not None
        account.password_hash = passwords.hash_password("nine calm harbours")
    with cast.house.database.transaction() as session:
        token, sentence = operations.sign_in(session, guessed=guessed, **attempt)
    assert (token, sentence) == (None, "Address and password do not fit together.")


def test_a_guess_made_while_nobody_may_try_is_not_even_looked_at(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_up(cast)
    attempt = {"email": "ada@team.example", "network": "10.0.0.1", "now": cast.now}
    for _ in range(10):
        with cast.house.database.transaction() as session:
            operations.sign_in(session, guessed=Guess(None, fits=False), **attempt)
    monkeypatch.setattr(passwords, "matches", lambda *_: pytest.fail("hashed for nothing"))
    assert not operations.guess(cast.house.database, password=PASSWORD, **attempt).fits


def test_no_hash_is_made_while_others_wait_to_write(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """While Ada's password is weighed, somebody else's transaction goes through."""
    sign_up(cast)
    verify, wrote = passwords._hasher.verify, threading.Event()

    def write() -> None:
        with cast.house.database.transaction() as session:
            operations.note_failure(session, network="10.0.0.9", now=cast.now)
        wrote.set()

    def weigh(kept: str, password: str) -> bool:
        threading.Thread(target=write).start()
        assert wrote.wait(60), "the other one had to wait for the hash"
        return bool(verify(kept, password))

    monkeypatch.setattr(passwords, "_hasher", type("Weighing", (), {"verify": staticmethod(weigh)})())
    answer = cast.browser().post("/sign-in", {"email": "ada@team.example", "password": PASSWORD})
    assert answer.status_code == 303


@pytest.mark.parametrize("text", ["short", "x" * 201])
def test_what_is_too_short_or_too_long_is_not_hashed(cast: Cast, text: str) -> None:
    password = NewPassword.of(text)
    assert password.hashed == ""
    with pytest.raises(Invalid), cast.house.database.transaction() as session:
        operations.sign_up(session, email="eve@team.example", name="Eve", password=password, now=cast.now)


def test_who_may_not_try_to_sign_up_costs_no_hash(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with cast.house.database.transaction() as session:
        for _ in range(100):
            operations.note_failure(session, network="127.0.0.1", now=cast.now)
    monkeypatch.setattr(passwords, "hash_password", lambda _: pytest.fail("hashed for nothing"))
    sent = {"email": "eve@team.example", "name": "Eve", "password": PASSWORD}
    answer = cast.browser().post("/sign-up", sent)
    assert answer.status_code == 422
    assert "Too many failed attempts." in answer.get_data(as_text=True)


def test_no_password_is_in_what_is_printed_of_it() -> None:
    kept = passwords.hash_password(PASSWORD)
    for shown in (repr(NewPassword.of(PASSWORD)), repr(Guess.at(PASSWORD, kept))):
        assert PASSWORD not in shown
        assert "argon2" not in shown
