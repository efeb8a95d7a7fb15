"""Months are counted as a person in the call's zone counts them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from challenge.awards.months import add_months, is_month, month_of, months_of

BRUSSELS = "Europe/Brussels"


def at(*parts: int, zone: str = BRUSSELS) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (at(2027, 1, 31), 12, at(2028, 1, 31)),
        (at(2027, 1, 31), 1, at(2027, 2, 28)),
        (at(2028, 1, 31), 1, at(2028, 2, 29)),
        (at(2028, 2, 29), 12, at(2029, 2, 28)),
        (at(2027, 12, 15, 9, 30), 1, at(2028, 1, 15, 9, 30)),
        (at(2027, 3, 10), 0, at(2027, 3, 10)),
        (at(2027, 11, 30), 27, at(2030, 2, 28)),
    ],
)
def test_a_day_that_a_month_lacks_becomes_its_last(start: datetime, months: int, expected: datetime) -> None:
    assert add_months(start, months, BRUSSELS) == expected


def test_the_time_of_day_stays_across_a_clock_change() -> None:
    start = datetime(2027, 1, 10, 8, 0, tzinfo=UTC)  # 09:00 in Brussels, in winter
    due = add_months(start, 6, BRUSSELS)
    assert due == datetime(2027, 7, 10, 7, 0, tzinfo=UTC)
    assert due.astimezone(ZoneInfo(BRUSSELS)).hour == 9


def test_a_time_that_the_clock_change_skips_moves_on_by_its_length() -> None:
    skipped = add_months(at(2027, 2, 28, 2, 30), 1, BRUSSELS)  # 28 March 2027 has no 02:30
    assert skipped.astimezone(ZoneInfo(BRUSSELS)) == datetime(2027, 3, 28, 3, 30, tzinfo=ZoneInfo(BRUSSELS))


def test_the_zone_decides_which_day_it_is() -> None:
    start = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)  # 1 February in Brussels
    assert add_months(start, 1, BRUSSELS) == datetime(2027, 2, 28, 23, 30, tzinfo=UTC)
    assert month_of(start, BRUSSELS) == "2027-02"
    assert month_of(start, "UTC") == "2027-01"


def test_the_months_of_a_time_leave_out_one_that_only_its_end_touches() -> None:
    assert months_of(at(2027, 11, 20), at(2028, 2, 1), BRUSSELS) == ("2027-11", "2027-12", "2028-01")
    assert months_of(at(2027, 11, 1), at(2027, 11, 2), BRUSSELS) == ("2027-11",)


@pytest.mark.parametrize("text", ["2027-13", "2027-00", "27-01", "2027-1", "2027-01-01", "", "２０２７-01"])
def test_what_is_no_month_is_told_apart(text: str) -> None:
    assert is_month("2027-01")
    assert not is_month(text)
