"""How asking an endpoint ends without a score: a closed list of words, which problems.json names as its `kind`."""

from enum import StrEnum

from evaluation.endpoints import End, EndpointRefused, HostUnknown
from evaluation.engines import GateFailed
from evaluation.remote.answering import Incomplete
from evaluation.remote.entry import EntryRefused, RouteWithoutLogprobs, SuiteNotAsked


class Ending(StrEnum):
    """Why there is no report."""

    ENDPOINT_REFUSED = "endpoint_refused"
    """Address, key or name of the model will not do; nothing was asked."""
    ENDPOINT_UNRESOLVED = "endpoint_unresolved"
    """The host has no address just now; nothing was asked."""
    ROUTE_WITHOUT_LOGPROBS = "route_without_logprobs"
    """Choices are to be scored, and the route gives no log-probabilities; nothing was asked."""
    SUITE_NOT_ASKED = "suite_not_asked"
    """The suite has a task that no endpoint is asked."""
    ENTRY_UNUSABLE = "entry_unusable"
    """The file that describes the endpoint is not as it should be."""
    NEVER_HEARD = "never_heard"
    """Nothing ever came back by HTTP: the endpoint is down, or there is no way out from here."""
    SHUT_OUT = "shut_out"
    """The server knows not the key, or not the model (HTTP 401, 403, 404)."""
    REQUESTS_SPENT = "requests_spent"
    TOKENS_SPENT = "tokens_spent"
    TIME_SPENT = "time_spent"
    INCOMPLETE = "incomplete"
    """Items are without an answer for another reason."""
    GATE_FAILED = "gate_failed"
    """Every item was answered, and the answers are no measure of a model."""


_BY_CLASS: tuple[tuple[type[Exception], Ending], ...] = (
    (HostUnknown, Ending.ENDPOINT_UNRESOLVED),  # a class before the one that it is made from
    (EndpointRefused, Ending.ENDPOINT_REFUSED),
    (RouteWithoutLogprobs, Ending.ROUTE_WITHOUT_LOGPROBS),
    (SuiteNotAsked, Ending.SUITE_NOT_ASKED),
    (EntryRefused, Ending.ENTRY_UNUSABLE),
    (GateFailed, Ending.GATE_FAILED),
)
_BY_END = {
    End.SHUT_OUT: Ending.SHUT_OUT,
    End.REQUESTS_SPENT: Ending.REQUESTS_SPENT,
    End.TOKENS_SPENT: Ending.TOKENS_SPENT,
    End.TIME_SPENT: Ending.TIME_SPENT,
}


def ending_of(error: Exception) -> Ending:
    """Name the ending that an error is; raise LookupError for an error that is none.

    Where nothing was heard, that goes before a budget that was spent on waiting for it.
    """
    if isinstance(error, Incomplete):
        if not error.remote.reached:
            return Ending.NEVER_HEARD
        if not error.remote.heard_now:
            return Ending.INCOMPLETE
        return _BY_END.get(error.remote.heard.end, Ending.INCOMPLETE)
    for kind, ending in _BY_CLASS:
        if isinstance(error, kind):
            return ending
    raise LookupError(f"{type(error).__name__} is no ending of an endpoint's.")
