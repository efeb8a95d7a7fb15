"""A run ends with its budget: no request more, no time beyond, and tokens as they are told."""

from collections.abc import Callable

from evaluation.endpoints import (
    Answers,
    Budget,
    End,
    Finding,
    Generation,
    Outcome,
    SystemClock,
    enquiry_for,
)
from tests.evaluation.endpoints.serving import (
    Call,
    FakeClock,
    Served,
    chat,
    hangs,
    says,
    status,
    well,
)

Put = Callable[..., Answers]


def test_the_budget_of_requests_is_never_overrun(put: Put, server: Served) -> None:
    asked: set[bytes] = set()

    def fails_once(call: Call) -> None:
        """Fail on the third, sixth, … call where it is a first try: an enquiry might else fail on each of its tries."""
        first = call.seen.body not in asked and call.number % 3 == 0
        asked.add(call.seen.body)
        (status(500) if first else well)(call)

    server.behave = fails_once
    found = put(40, budget=Budget(requests=25, tokens=10**6, seconds=10**6), concurrency=6)
    assert (found.end, found.requests, len(server.seen)) == (End.REQUESTS_SPENT, 25, 25)
    assert found.outcomes[Outcome.ANSWERED] + found.outcomes[Outcome.NOT_ASKED] == 40


def test_the_budget_of_tokens_ends_the_run(put: Put) -> None:
    found = put(40, budget=Budget(requests=1_000, tokens=23, seconds=10**6))
    assert (found.end, found.tokens, found.requests) == (End.TOKENS_SPENT, 25, 5)
    assert found.outcomes == {Outcome.ANSWERED: 5, Outcome.NOT_ASKED: 35}


def test_tokens_that_are_not_told_are_counted_by_bytes(put: Put, server: Served) -> None:
    server.behave = says(chat("abc", usage=None))
    found = put(2)
    enquiries = [enquiry_for(Generation(f"i{n}", f"question {n}"), server.endpoint) for n in range(2)]
    assert found.tokens == sum(len(enquiry.body) + 3 for enquiry in enquiries)
    assert found.findings == (Finding.USAGE_UNTOLD,)


def test_the_budget_of_time_ends_the_run(put: Put, server: Served, clock: FakeClock) -> None:
    def slow(call: Call) -> None:
        clock.now += 10
        well(call)

    server.behave = slow
    found = put(40, budget=Budget(requests=1_000, tokens=10**6, seconds=35))
    assert (found.end, found.requests, found.seconds) == (End.TIME_SPENT, 4, 40)


def test_nobody_waits_beyond_the_budget_of_time(put: Put, server: Served, clock: FakeClock) -> None:
    server.behave = status(429, Retry_After="100")
    found = put(3, budget=Budget(requests=1_000, tokens=10**6, seconds=99))
    assert (found.end, clock.waits, found.requests) == (End.TIME_SPENT, [], 1)
    assert found.outcomes == {Outcome.NOT_ASKED: 3}


def test_what_is_under_way_is_dropped_when_the_time_is_over(put: Put, server: Served) -> None:
    server.behave = hangs
    found = put(5, budget=Budget(requests=10, tokens=100, seconds=0.3), concurrency=5, clock=SystemClock())
    assert (found.end, found.outcomes) == (End.TIME_SPENT, {Outcome.NOT_ASKED: 5})
