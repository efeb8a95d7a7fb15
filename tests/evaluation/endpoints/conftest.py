"""A local endpoint and a clock that does not wait."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from evaluation.endpoints import Answers, Budget, Generation, Request, ask
from tests.evaluation.endpoints.serving import REACH, FakeClock, Served, served

AMPLE = Budget(requests=1_000, tokens=100_000, seconds=10_000)


@pytest.fixture
def server() -> Iterator[Served]:
    """Run an endpoint."""
    with served() as found:
        yield found


@pytest.fixture
def clock() -> FakeClock:
    """Make a clock."""
    return FakeClock()


@pytest.fixture
def put(server: Served, clock: FakeClock) -> Callable[..., Answers]:
    """Give a function that asks the endpoint, with what a test wants otherwise."""

    def asking(requests: list[Request] | int = 1, **changes: Any) -> Answers:
        asked = (
            [Generation(f"i{n}", f"question {n}") for n in range(requests)] if isinstance(requests, int) else requests
        )
        endpoint, budget = changes.pop("endpoint", server.endpoint), changes.pop("budget", AMPLE)
        given = {"reach": REACH, "clock": clock, "concurrency": 1, "timeout": 20.0} | changes
        return ask(endpoint, asked, budget, **given)

    return asking
