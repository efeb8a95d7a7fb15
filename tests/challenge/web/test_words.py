"""Dates, money, hours and scores are written the same everywhere, and nothing in them is markup."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.web.words import (
    count,
    day,
    halves,
    instant,
    money,
    paragraphs,
    percent,
    plain,
    plural,
    points,
    prize,
    size,
    span,
)  # fmt: skip

BRUSSELS = "Europe/Brussels"


@pytest.mark.parametrize(
    ("value", "zone", "written"),
    [
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), BRUSSELS, "2 March 2026, 10:00 CET (09:00 UTC)"),
        (datetime(2026, 7, 2, 9, 0, tzinfo=UTC), BRUSSELS, "2 July 2026, 11:00 CEST (09:00 UTC)"),
        (datetime(2026, 3, 2, 23, 30, tzinfo=UTC), BRUSSELS, "3 March 2026, 00:30 CET (2 March, 23:30 UTC)"),
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "UTC", "2 March 2026, 09:00 UTC"),
        (datetime(2026, 1, 2, 9, 0, tzinfo=UTC), "Europe/Lisbon", "2 January 2026, 09:00 WET"),
    ],
)
def test_an_instant_is_written_in_the_calls_zone_and_in_utc(value: datetime, zone: str, written: str) -> None:
    utc = value.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert str(instant(value, zone)) == f'<time datetime="{utc}">{written}</time>'


def test_an_instant_that_is_not_set_is_said_so() -> None:
    assert "not set" in instant(None)
    assert day(None) == "not set"


def test_a_day_is_the_day_in_the_zone() -> None:
    assert day(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), BRUSSELS) == "3 March 2026"


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (100_000_000, "EUR 1,000,000.00"),
        (33_333_334, "EUR 333,333.34"),
        (5, "EUR 0.05"),
        (0, "EUR 0.00"),
        (-1, "EUR -0.01"),
        (-123_456, "EUR -1,234.56"),
    ],
)
def test_money_is_written_to_the_cent(cents: int, written: str) -> None:
    assert money(cents) == written


@given(st.integers(-(10**15), 10**15))
def test_money_can_be_read_back(cents: int) -> None:
    assert int(money(cents).removeprefix("EUR ").replace(",", "").replace(".", "")) == cents


def test_a_prize_leaves_empty_cents_out() -> None:
    assert (prize(100_000_000), prize(33_333_334), prize(500, "SEK")) == ("EUR 1,000,000", "EUR 333,333.34", "SEK 5")


@pytest.mark.parametrize(
    ("value", "written"), [("99.999999", "100.00"), ("0.005", "0.00"), (Decimal("12.345"), "12.34"), (None, "–")]
)
def test_points_have_a_fixed_number_of_places(value: str | Decimal | None, written: str) -> None:
    assert points(value) == written


def test_small_numbers_are_written_in_words_of_their_own() -> None:
    assert (halves(7), halves(0), halves(10), halves(None)) == ("3.5", "0.0", "5.0", "–")
    assert (count(4_000_000), count(0)) == ("4,000,000", "0")
    assert (percent("0.6"), percent("1.000000"), percent("0.004")) == ("60%", "100%", "0%")
    assert (plural(1, "team"), plural(0, "team"), plural(1234, "entry", "entries")) == (
        "1 team",
        "0 teams",
        "1,234 entries",
    )
    assert plain("needs_review") == "needs review"


@pytest.mark.parametrize(
    ("octets", "written"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_500_000, "1.5 MB"), (2_000_000_000, "2.0 GB")],
)
def test_a_size_is_written_in_the_unit_a_person_would_use(octets: int, written: str) -> None:
    assert size(octets) == written


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(days=3, hours=4, minutes=5), "3 days 4 hours"),
        (timedelta(days=1, minutes=5), "1 day 5 minutes"),
        (timedelta(seconds=61), "1 minute 1 second"),
        (timedelta(microseconds=5), "0 seconds"),
        (timedelta(seconds=-5), "0 seconds"),
    ],
)
def test_a_length_of_time_is_written_in_its_two_largest_units(length: timedelta, written: str) -> None:
    assert span(length) == written


def test_paragraphs_are_text_and_nothing_else() -> None:
    assert str(paragraphs("One.\r\n\r\n<b>Two</b> & more\n\n\n  \n\nThree")) == (
        "<p>One.</p><p>&lt;b&gt;Two&lt;/b&gt; &amp; more</p><p>Three</p>"
    )
    assert str(paragraphs("")) == ""
