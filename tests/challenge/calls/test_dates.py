"""A date text in a call names one instant, or is refused with a sentence that says what to write."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from challenge.calls.dates import DateError, instant_words, read_instant, read_time, read_zone, zones

BRUSSELS = "Europe/Brussels"
FIVE_PM_IN_NOVEMBER = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02 17:00",
        "2026-11-02T17:00",
        "2026-11-02 17:00 CET",
        "2 November 2026, 17:00 CET",
        "02 Nov 2026 17:00",
        "  2 november 2026,  17:00:00   CET ",
        "2026-11-02T17:00:00+01:00",
        "2026-11-02 17:00 +01",
        "2026-11-02T16:00:00Z",
        "2026-11-02T16:00:00.000000Z",
        "2026-11-02 16:00 UTC",
        "2 November 2026, 17:00 Europe/Brussels",
        "2 November 2026, 17:00 Brussels time",
        "2 November 2026, 17:00 (Brussels time)",
        "2 November 2026, 18:00 Helsinki time",
        "2 November 2026, 11:00 America/New_York",
        "2 November 2026, 11:00 New York time",
        "2026-11-02T21:30+0530",
    ],
)
def test_the_ways_of_writing_one_instant(text: str) -> None:
    assert read_instant(text, zone=BRUSSELS) == FIVE_PM_IN_NOVEMBER


def test_an_offset_is_kept_as_written() -> None:
    assert read_instant("2026-04-13T17:00:00+02:00", zone=BRUSSELS) == datetime(2026, 4, 13, 15, 0, tzinfo=UTC)
    assert read_instant("2026-04-13T17:00:00+02:00", zone="Asia/Tokyo") == datetime(2026, 4, 13, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "13 April 2026, 17:00 CET",
            "Europe/Brussels is not on CET at that time: on 13 April 2026 it is on CEST. "
            "Write 17:00 CEST if the clocks there are meant, else an offset such as 17:00 +01:00.",
        ),
        (
            "2 November 2026, 17:00 CEST",
            "Europe/Brussels is not on CEST at that time: on 2 November 2026 it is on CET. "
            "Write 17:00 CET if the clocks there are meant, else an offset such as 17:00 +01:00.",
        ),
        (
            "2026-11-02 17:00 EST",
            "Europe/Brussels is not on EST at that time: on 2 November 2026 it is on CET. "
            "Write 17:00 CET if the clocks there are meant, else an offset such as 17:00 +01:00.",
        ),
        (
            "29 March 2026, 02:30",
            "On 29 March 2026 the clocks of Europe/Brussels are put forward over 02:30: that time does not exist. "
            "Write an hour before or after.",
        ),
        (
            "29 March 2026, 02:30 CET",
            "On 29 March 2026 the clocks of Europe/Brussels are put forward over 02:30: that time does not exist. "
            "Write an hour before or after.",
        ),
        (
            "25 October 2026, 02:30",
            "On 25 October 2026 the clocks of Europe/Brussels show 02:30 twice. Write 02:30 CEST or 02:30 CET.",
        ),
        (
            "25 October 2026, 02:30 Brussels time",
            "On 25 October 2026 the clocks of Europe/Brussels show 02:30 twice. Write 02:30 CEST or 02:30 CET.",
        ),
        ("2 November 2026", "'2 November 2026' has no time of day. Write a date such as 2 November 2026, 17:00 or 2026-11-02 17:00."),
        ("2026-11-02", "'2026-11-02' has no time of day. Write a date such as 2 November 2026, 17:00 or 2026-11-02 17:00."),
        ("02/11/2026 17:00", "'02/11/2026 17:00' is not a date that can be read. Write a date such as 2 November 2026, 17:00 or 2026-11-02 17:00."),
        ("2 Novembre 2026, 17:00", "'2 Novembre 2026, 17:00' names no month. Write a date such as 2 November 2026, 17:00 or 2026-11-02 17:00."),
        ("31 November 2026, 17:00", "There is no such day or time as '31 November 2026, 17:00'. Correct it; hours run from 00 to 23."),
        ("2026-11-02 24:00", "There is no such day or time as '2026-11-02 24:00'. Correct it; hours run from 00 to 23."),
        ("1926-11-02 17:00", "'1926-11-02 17:00' lies outside the years 2000 to 2100. Correct the year."),
        ("2026-11-02 17:00 +19:00", "'2026-11-02 17:00 +19:00' has an offset that no clock keeps. Write one such as +01:00."),
        (
            "2026-11-02 17:00 Atlantis time",
            "'Atlantis time' is not a time zone. Write nothing for the call's own (Europe/Brussels), or a name such as "
            "Europe/Brussels, an offset such as +01:00, or UTC.",
        ),
        (
            "2026-11-02 17:00 pm",
            "'pm' is not a time zone. Write nothing for the call's own (Europe/Brussels), or a name such as "
            "Europe/Brussels, an offset such as +01:00, or UTC.",
        ),
    ],
)  # fmt: skip
def test_a_date_that_will_not_do_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(DateError) as refused:
        read_instant(text, zone=BRUSSELS)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("25 October 2026, 02:30 CEST", 0),
        ("25 October 2026, 02:30 CET", 1),
        ("2026-10-25T02:30+02:00", 0),
        ("2026-10-25T02:30+01:00", 1),
    ],
)
def test_at_the_clock_change_an_abbreviation_or_an_offset_decides(text: str, hour: int) -> None:
    assert read_instant(text, zone=BRUSSELS) == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_an_abbreviation_that_holds_twice_decides_nothing() -> None:
    # Moscow went from one MSK (+04:00) to another (+03:00)
    with pytest.raises(DateError, match=r"show 01:30 MSK twice\. Write 01:30 \+04:00 or 01:30 \+03:00\."):
        read_instant("26 October 2014, 01:30 MSK", zone="Europe/Moscow")


def test_a_zone_is_a_place_or_utc() -> None:
    assert read_zone(BRUSSELS) == BRUSSELS
    with pytest.raises(DateError, match="'CET' is not the name of a time zone"):
        read_zone("CET")


@given(
    st.sampled_from(sorted(zones())),
    st.datetimes(datetime(2000, 1, 2), datetime(2100, 12, 30)),  # noqa: DTZ001 (Hypothesis adds the zone)
)
@example(BRUSSELS, datetime(2026, 10, 25, 0, 30))  # noqa: DTZ001 (the same)
@example("Europe/Moscow", datetime(2014, 10, 25, 21, 30))  # noqa: DTZ001 (the same)
def test_every_instant_comes_back_from_its_words(zone: str, moment: datetime) -> None:
    instant = moment.replace(tzinfo=UTC)
    assert read_instant(instant_words(instant, zone=zone), zone=zone) == instant


@given(st.text(max_size=60), st.sampled_from(sorted(zones())))
def test_no_text_breaks_the_reader(text: str, zone: str) -> None:
    try:
        found = read_instant(text, zone=zone)
    except DateError as error:
        sentence = str(error)
    else:
        sentence = instant_words(found, zone=zone) + "."
    assert sentence.endswith(".")


@pytest.mark.parametrize("text", ["00:00", "23:59", "23:59:59"])
def test_a_time_of_day_is_taken_as_it_is(text: str) -> None:
    assert read_time(text) == text


@pytest.mark.parametrize("text", ["24:00", "9:00", "23:60", "noon", "23:59 Z", "23:59\n"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(DateError, match=r"is no time of day\. Write one such as 23:59\."):
        read_time(text)
