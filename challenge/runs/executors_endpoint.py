"""How the engine is asked to ask an endpoint, and what its endings mean.

This is the one evaluation that needs the network, and it runs no code of a team's: our own client asks the address that
was handed in, so it runs outside of the sandbox, in a process of its own. The key is in that process's environment
and nowhere else: not on its command line, not in its folder, and struck from whatever it says.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from challenge.runs.executors_folder import (
    LARGEST_PROBLEMS,
    BadOutput,
    kind_of_problems,
    problem_sentences,
    take_out,
)
from challenge.runs.executors_job import EndpointJob, Finished, Job, scored
from challenge.runs.executors_process import Bounds, Watched
from challenge.runs.states import Outcome
from challenge.submissions.endpoint import host_of

DONE, BAD_INPUT, ANSWERS_OWN, TRY_AGAIN = 0, 2, 3, 75
FILE, VARIABLE, ASKED, PROBLEMS = "endpoint.json", "ENDPOINT_KEY", "endpoint.json", "problems.json"
REST = 600
"""Seconds beyond the budget's for reading the suite, scoring, and letting go."""
PAPERS = {ASKED: 2**20, "outputs.public.jsonl": 256 * 2**20, "outputs.private.jsonl": 256 * 2**20}
"""What is kept beside the report, and how large each may be."""
NOT_AS_GIVEN = "The endpoint must not, or cannot, be asked as it was given."
SPENT = "The budget of {} was spent before every item was answered; nothing is scored."
ENDINGS = {
    "endpoint_refused": (Outcome.ENDPOINT_REFUSED, NOT_AS_GIVEN),
    "route_without_logprobs": (Outcome.ENDPOINT_REFUSED, NOT_AS_GIVEN),
    "endpoint_unresolved": (
        Outcome.ENDPOINT_UNREACHED,
        "The endpoint's host has no address just now: its name is wrong, or this platform reaches no name server.",
    ),
    "never_heard": (
        Outcome.ENDPOINT_UNREACHED,
        "Nothing ever came back from the endpoint: it is down, or this platform has no way out to it.",
    ),
    "shut_out": (
        Outcome.ENDPOINT_REFUSED,
        "The endpoint knows not the key, or not the model: it answered 401, 403 or 404.",
    ),
    "requests_spent": (Outcome.BUDGET_SPENT, SPENT.format("{requests:,} requests")),
    "tokens_spent": (Outcome.BUDGET_SPENT, SPENT.format("{tokens:,} tokens")),
    "time_spent": (Outcome.BUDGET_SPENT, SPENT.format("{seconds:,} seconds")),
    "incomplete": (Outcome.ENDPOINT_SILENT, "The endpoint did not answer every item; nothing is scored."),
    "gate_failed": (
        Outcome.GATE_FAILED,
        "The endpoint was asked, but its answers are no measure of a model; nothing is scored.",
    ),
    "suite_not_asked": (Outcome.SUITE_BROKEN, "The engine cannot put this suite to an endpoint."),
    "entry_unusable": (Outcome.ENGINE_FAILED, "The engine could not use what this platform told it of the endpoint."),
}
"""By the kind that problems.json names: the outcome, and what is told; a test holds the list against the engine's."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Spending:
    """What asking one endpoint may take in one attempt: requests, tokens, seconds."""

    requests: int = 20_000
    tokens: int = 5_000_000
    seconds: int = 3600

    def bounds(self, megabytes: int) -> Bounds:
        """Return the bounds of the process: its own client, and none of a model's code, but much time to wait."""
        return Bounds(seconds=self.seconds + REST, megabytes=megabytes)


def why_not_asked(endpoint: EndpointJob, hosts: frozenset[str]) -> Finished | None:
    """Return the ending of a run whose host the operator lets nobody ask by now; None where it may be asked."""
    host = host_of(endpoint.url)
    if host in hosts:
        return None
    sentence = f"The host {host} is not on this platform's list of hosts that may be asked."
    return Finished(Outcome.ENDPOINT_REFUSED, sentence, (sentence,))


def write_entry(work: Path, endpoint: EndpointJob, spending: Spending) -> None:
    """Write down for the engine which endpoint is asked within which budget; where the key lies, and not the key."""
    entry = {
        "url": endpoint.url,
        "model": endpoint.model,
        "route": endpoint.route,
        "key_variable": VARIABLE,
        "budget": {"requests": spending.requests, "tokens": spending.tokens, "seconds": spending.seconds},
    }
    (work / FILE).write_text(json.dumps(entry, indent=1, sort_keys=True) + "\n")


def arguments(job: Job, *, shards: Path, private: bool) -> tuple[str, ...]:
    """Return what the engine is told; `private` opens the guard of the address, for tests on one machine."""
    only = ("--only", "public") if job.only_public else ()
    guard = ("--private",) if private else ()
    return (
        "run", "suite.zip", "--endpoint", FILE, "--out", "out", "--shards", str(shards), *guard, *only,
        "--progress", "--quiet",
    )  # fmt: skip


def environment(endpoint: EndpointJob) -> Mapping[str, str]:
    """Return what comes on top of an engine's environment."""
    return {VARIABLE: endpoint.key}


def judge(watched: Watched, out: Path, endpoint: EndpointJob, spending: Spending) -> Finished:
    """Say what an exit code means; an endpoint that did not answer is to be tried again, which the worker decides."""
    words = tuple(line.replace(endpoint.key, "[key]") for line in watched.words)
    finished = _judged(watched, words, out, spending)
    hidden = tuple(line.replace(endpoint.key, "[key]") for line in finished.problems)
    return replace(finished, problems=hidden)


def _judged(watched: Watched, words: tuple[str, ...], out: Path, spending: Spending) -> Finished:
    code = watched.code
    if watched.stopped:
        return Finished(Outcome.CANCELLED)
    if watched.overdue:
        sentence = f"The engine did not end in time, not even {REST:,} seconds after it should have."
        return Finished(Outcome.ENGINE_FAILED, sentence, words)
    try:
        if code == DONE:
            return scored(out, PAPERS)
        if code in {BAD_INPUT, TRY_AGAIN, ANSWERS_OWN} and (out / PROBLEMS).exists():
            return _told(take_out(out, PROBLEMS, limit=LARGEST_PROBLEMS), spending)
    except BadOutput as error:
        return Finished(Outcome.ENGINE_FAILED, "The engine left no usable result.", (str(error), *words))
    if code == TRY_AGAIN:
        log.warning("the engine asks to be tried again: %s", " | ".join(words))
        return Finished(None, "The engine could not work just now.", words)
    if code == BAD_INPUT:  # without a word of the endpoint it never came to it
        return Finished(Outcome.SUITE_BROKEN, "The engine cannot use the suite.", words)
    told = (f"The engine ended with {code}.", *words)
    return Finished(Outcome.ENGINE_FAILED, "The engine broke off without a result.", told)


def _told(problems: bytes, spending: Spending) -> Finished:
    """Take the engine's word for why there is no report; raise BadOutput for a kind that is not known here."""
    outcome, sentence = ENDINGS.get(kind_of_problems(problems), (None, ""))
    if outcome is None:
        raise BadOutput("problems.json: names no kind of ending that is known here.")
    return Finished(outcome, sentence.format(**asdict(spending)), problem_sentences(problems))
