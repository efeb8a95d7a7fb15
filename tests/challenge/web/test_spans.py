"""Amounts and lengths of time are written as a person would write them."""

from datetime import timedelta

import pytest

from challenge.web.words import money, percent, prize, span


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=-5), "0 seconds"),
        (timedelta(seconds=61), "1 minute 1 second"),
        (timedelta(hours=26), "1 day 2 hours"),
        (timedelta(days=30, hours=23), "30 days 23 hours"),
        (timedelta(days=31, hours=23), "31 days"),
        (timedelta(days=1095), "1095 days"),
        (timedelta(days=1096), "3 years"),
        (timedelta(days=3322), "9 years"),
    ],
)
def test_a_span_leaves_out_what_nobody_would_say(value: timedelta, words: str) -> None:
    assert span(value) == words


def test_a_prize_shows_cents_only_where_there_are_any() -> None:
    assert (prize(100_000_000), prize(33_333_333), money(100_000_000)) == (
        "EUR 1,000,000", "EUR 333,333.33", "EUR 1,000,000.00",
    )  # fmt: skip


def test_a_share_is_written_in_whole_percent() -> None:
    assert (percent("0.213687"), percent("1"), percent("0")) == ("21%", "100%", "0%")
