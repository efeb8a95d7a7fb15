"""What a run may take: requests, tokens, time. Each has its own end, and none is overrun without being seen."""

from dataclasses import dataclass

from evaluation.endpoints.answers import End
from evaluation.endpoints.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Budget:
    """At most so many requests (each try counts), tokens (of prompts and completions together) and seconds.

    Requests are never more. Tokens are known only when an answer is there, so those that are under way when the budget
    is spent come on top: at most as many answers as are asked at once. When the time is over, what is under way is
    dropped.
    """

    requests: int
    tokens: int
    seconds: float

    def __post_init__(self) -> None:
        """Refuse a budget with which nothing could be asked."""
        if self.requests < 1 or self.tokens < 1 or not 0 < self.seconds < float("inf"):
            raise ValueError("a budget needs at least one request, one token and some seconds.")


class Account:
    """What has been spent of a budget."""

    def __init__(self, budget: Budget, clock: Clock) -> None:
        """Begin to count; the time runs from now."""
        self._budget = budget
        self._clock = clock
        self._begun = clock.passed()
        self.requests = 0
        self.tokens = 0

    @property
    def seconds(self) -> float:
        """How many seconds have passed."""
        return self._clock.passed() - self._begun

    @property
    def seconds_left(self) -> float:
        """How many seconds are left; less than nought where more have passed."""
        return self._budget.seconds - self.seconds

    def spent(self) -> End | None:
        """Say which part of the budget is spent, `None` where a further request may be sent."""
        if self.seconds_left <= 0:
            return End.TIME_SPENT
        if self.tokens >= self._budget.tokens:
            return End.TOKENS_SPENT
        if self.requests >= self._budget.requests:
            return End.REQUESTS_SPENT
        return None
