"""Waiting grows, has bounds, and is the same for the same seed; Retry-After is read in both of its forms."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.endpoints import Retries
from evaluation.endpoints.retrying import delay, is_tried_again, told_delay


def test_what_is_tried_again() -> None:
    again = {status for status in range(100, 600) if is_tried_again(status)}
    assert again == {408, 425, 429} | (set(range(500, 600)) - {501, 505})


@given(st.text(), st.integers(1, 60), st.integers(0, 2**64))
def test_waiting_grows_within_bounds(item: str, attempt: int, seed: int) -> None:
    retries = Retries(seed=seed)
    step = min(60.0, 2.0 ** (attempt - 1))
    found = delay(retries, item, attempt, None)
    assert step / 2 <= found <= step
    assert found == delay(retries, item, attempt, None)


def test_waiting_depends_on_seed_item_and_attempt() -> None:
    waits = {
        delay(Retries(seed=seed, first=10, longest=10), item, attempt, None)
        for seed in range(5)
        for item in "abcde"
        for attempt in range(1, 6)
    }
    assert len(waits) == 125


@given(st.floats(0, 1e12))
def test_the_server_is_waited_for_up_to_a_bound(told: float) -> None:
    own = delay(Retries(), "a", 1, None)
    assert delay(Retries(), "a", 1, told) == max(own, min(told, 300.0))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None), ("0", 0), ("17", 17), (" 5 ", 5), ("9" * 400, 999_999_999), ("-1", None), ("1.5", None), ("", None),
        ("soon", None), ("٣", None), ("Fri, 99 Foo 2026 00:00:00 GMT", None), (formatdate(1_000_060, usegmt=True), 60),
        (formatdate(999_000, usegmt=True), 0), ("Mon, 12 Jan 1970 13:46:40", 0), ("Mon, 12 Jan 1970 13:48:00 -0000", 80),
    ],
)  # fmt: skip
def test_retry_after_is_read(header: str | None, seconds: float | None) -> None:
    assert told_delay(header, 1_000_000.0) == seconds
