"""Letters reach a real mail server: each once, to whom it is for, and none is lost while the server is away."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from challenge.foundation.outbox import Letter, letters_of, take_due, write_letter
from challenge.foundation.permits import Actor
from challenge.people.records import Account
from challenge.web.house import House
from challenge.worker.letters import send_letters
from tests.cast import Cast
from tests.challenge.worker.post import PostOffice

NIGHT = timedelta(hours=12)
"""Longer than any pause between two attempts."""


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything."""
    with PostOffice() as office:
        yield office


def at(cast: Cast, address: str, **more: str) -> House:
    """Return the house with a mail server set."""
    return replace(cast.house, settings=replace(cast.house.settings, smtp=address, **more))


def write(cast: Cast, who: Actor, subject: str = "News", body: str = "Something happened.") -> int:
    """Write somebody a letter and return its number."""
    with cast.house.database.transaction() as session:
        letter = write_letter(session, account_id=who.account_id or 0, subject=subject, body=body, now=cast.now)
        session.flush()
        return letter.id


def letter(cast: Cast, number: int) -> Letter:
    """Return a letter as it is now."""
    with cast.house.database.reading() as session:
        return session.get_one(Letter, number)


def free_port() -> str:
    """Return an address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def test_a_letter_is_sent_once_to_whom_it_is_for(cast: Cast, office: PostOffice) -> None:
    number = write(cast, cast.person("Ada"), "Grüße & more", "Line one.\n\n.\n.dot at the beginning\nünd ümlauts")
    house = at(cast, office.address, mail_from="Grand Challenge <challenge@site.example>")
    assert (send_letters(house), send_letters(house)) == (1, 0)
    [(address, sent)] = office.taken
    assert address == "ada@people.example"
    assert (sent["To"], sent["From"]) == ("ada@people.example", "Grand Challenge <challenge@site.example>")
    assert sent["Subject"] == "Grüße & more"
    assert sent.get_content() == "Line one.\n\n.\n.dot at the beginning\nünd ümlauts\n"
    assert letter(cast, number).sent_at == cast.now


def test_a_mailbox_can_tell_a_letter_that_comes_twice(cast: Cast, office: PostOffice) -> None:
    number = write(cast, cast.person("Ada"))
    send_letters(at(cast, office.address))
    with cast.house.database.transaction() as session:  # as if the worker had died before it noted the sending
        session.get_one(Letter, number).sent_at = None
    cast.clock.advance(NIGHT)
    send_letters(at(cast, office.address))
    first, second = (str(sent["Message-ID"]) for _, sent in office.taken)
    assert first == second
    assert first.endswith("@localhost>")


def test_without_a_mail_server_letters_stay_on_the_site(cast: Cast) -> None:
    ada = cast.person("Ada")
    write(cast, ada)
    assert send_letters(cast.house) == 1
    assert send_letters(cast.house) == 0
    with cast.house.database.reading() as session:
        assert [kept.subject for kept in letters_of(session, ada.account_id or 0)] == ["News"]


@pytest.mark.parametrize("answer", ["550 nobody of that name", "450 come again later"])
def test_a_refused_letter_is_tried_ten_times_and_holds_up_nobody(cast: Cast, answer: str) -> None:
    number = write(cast, cast.person("Ada"), "For Ada")
    write(cast, cast.person("Bo"), "For Bo")
    with PostOffice(refused={"ada@people.example": answer}) as office:
        house = at(cast, office.address)
        assert send_letters(house) == 1
        for _ in range(14):
            cast.clock.advance(NIGHT)
            assert send_letters(house) == 0
        assert (office.subjects, office.calls) == (["For Bo"], 10)
    given_up = letter(cast, number)
    assert (given_up.attempts, given_up.sent_at) == (10, None)
    assert answer.split(" ", 1)[1] in given_up.last_error


def test_between_two_attempts_there_is_a_pause_that_doubles(cast: Cast) -> None:
    write(cast, cast.person("Ada"))
    with PostOffice(refused={"ada@people.example": "450 come again later"}) as office:
        house, pauses = at(cast, office.address), []
        send_letters(house)
        while office.calls < 10:
            minutes, before = 0, office.calls
            while office.calls == before:
                cast.clock.advance(timedelta(minutes=1))
                minutes += 1
                send_letters(house)
            pauses.append(minutes)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256]


def test_a_letter_refused_at_first_arrives_later(cast: Cast) -> None:
    write(cast, cast.person("Ada"))
    with PostOffice(refused={"ada@people.example": "450 come again later"}) as office:
        house = at(cast, office.address)
        assert send_letters(house) == 0
        office.refused.clear()
        cast.clock.advance(timedelta(minutes=1))
        assert send_letters(house) == 1
        assert office.subjects == ["News"]


def test_while_the_server_is_away_no_attempt_is_counted(cast: Cast, office: PostOffice) -> None:
    numbers = [write(cast, cast.person(f"Person{number}"), f"Number {number}") for number in range(30)]
    for _ in range(40):
        assert send_letters(at(cast, free_port())) == 0
        cast.clock.advance(timedelta(minutes=1))
    assert {letter(cast, number).attempts for number in numbers} == {0}
    house = at(cast, office.address)
    assert (send_letters(house), send_letters(house)) == (20, 10)
    assert office.subjects == [f"Number {number}" for number in range(30)]


def test_a_server_that_is_away_is_not_asked_again_at_once(cast: Cast) -> None:
    for number in range(30):
        write(cast, cast.person(f"Person{number}"))
    send_letters(at(cast, free_port()))
    with PostOffice() as office:
        assert send_letters(at(cast, office.address)) == 0
        assert office.calls == 0
        cast.clock.advance(timedelta(minutes=1))
        assert send_letters(at(cast, office.address)) == 20


def test_a_letter_at_which_the_server_hangs_up_does_not_stop_those_behind_it(cast: Cast) -> None:
    first = write(cast, cast.person("Ada"), "For Ada")
    write(cast, cast.person("Bo"), "For Bo")
    with PostOffice(hangs_up_on="ada@people.example") as office:
        house = at(cast, office.address)
        send_letters(house)
        assert (letter(cast, first).attempts, office.taken) == (1, [])
        cast.clock.advance(timedelta(minutes=1))
        for _ in range(2):
            send_letters(house)
            cast.clock.advance(timedelta(minutes=1))
        assert office.subjects == ["For Bo"]


def test_what_was_taken_is_not_sent_again_because_the_farewell_went_wrong(cast: Cast) -> None:
    write(cast, cast.person("Ada"))
    with PostOffice(farewell="421 closing down") as office:
        house = at(cast, office.address)
        assert send_letters(house) == 1
        cast.clock.advance(NIGHT)
        assert send_letters(house) == 0
        assert len(office.taken) == 1


def test_a_closed_account_gets_nothing(cast: Cast, office: PostOffice) -> None:
    ada, bo = cast.person("Ada"), cast.person("Bo")
    write(cast, ada, "For Ada")
    write(cast, bo, "For Bo")
    with cast.house.database.transaction() as session:
        session.get_one(Account, ada.account_id).closed_at = cast.now
    house = at(cast, office.address)
    assert (send_letters(house), send_letters(house)) == (2, 0)
    assert [address for address, _ in office.taken] == ["bo@people.example"]


def test_a_subject_with_line_ends_adds_no_header_and_no_addressee(cast: Cast, office: PostOffice) -> None:
    write(cast, cast.person("Ada"), "News\r\nBcc: everybody@people.example\r\n\r\nAnother body", "The body.")
    send_letters(at(cast, office.address))
    [(address, sent)] = office.taken
    assert address == "ada@people.example"
    assert sent["Bcc"] is None
    assert sent["Subject"] == "News Bcc: everybody@people.example Another body"
    assert sent.get_content() == "The body.\n"


def test_two_workers_never_take_up_the_same_letter(cast: Cast) -> None:
    numbers = [write(cast, cast.person("Ada"), f"Number {number}") for number in range(5)]
    database = cast.house.database
    with database.transaction() as session:
        first = [one.id for one in take_due(session, now=cast.now, limit=3)]
    with database.transaction() as session:
        second = [one.id for one in take_due(session, now=cast.now, limit=3)]
    assert (first, second) == (numbers[:3], numbers[3:])


def test_the_letters_of_a_worker_that_died_are_sent_by_another(cast: Cast, office: PostOffice) -> None:
    write(cast, cast.person("Ada"))
    with cast.house.database.transaction() as session:
        take_due(session, now=cast.now)
    house = at(cast, office.address)
    assert send_letters(house) == 0
    cast.clock.advance(timedelta(minutes=1))
    assert send_letters(house) == 1
    assert office.subjects == ["News"]
