"""How the engine is asked to ask an endpoint, and what its endings mean.

This is the one evaluation that needs the network, and it runs no code of a team's: our own client asks the address that
was handed in, so it runs outside of the sandbox, in a process of its own. The key is in that process's environment
and nowhere else: not on its command line, not in its folder, and struck from whatever it says.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
FILE, VARIABLE, ASKED = "endpoint.json", "ENDPOINT_KEY", "endpoint.json"
REST = 600
"""Seconds beyond the budget's for reading the suite, scoring, and letting go."""
PAPERS = {ASKED: 2**20, "outputs.public.jsonl": 256 * 2**20, "outputs.private.jsonl": 256 * 2**20}
"""What is kept beside the report, and how large each may be."""
SPENT = {"requests_spent": "requests", "tokens_spent": "tokens", "time_spent": "time"}
"""How a run ends whose budget is spent, and of what."""
SHUT_OUT = "shut_out"
UNRESOLVED = "cannot be resolved"
SIGNS_OF_REFUSAL = (
    "the host ", "the address of the endpoint ", "the key must have", "the model needs a name", "the port in",
    "for which a chat gives no log-probabilities",
)  # fmt: skip
"""What the engine says before it asks anything, where address, key or route will not do."""

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
        if code == ANSWERS_OWN:
            problems = take_out(out, "problems.json", limit=LARGEST_PROBLEMS)
            if kind_of_problems(problems) != "gate_failed":
                raise BadOutput("problems.json: names no kind of ending that is known here.")
            sentence = "The endpoint was asked, but its answers are no measure of a model; nothing is scored."
            return Finished(Outcome.GATE_FAILED, sentence, problem_sentences(problems))
        if code == TRY_AGAIN:
            return _incomplete(words, out, spending)
    except BadOutput as error:
        return Finished(Outcome.ENGINE_FAILED, "The engine left no usable result.", (str(error), *words))
    if code == BAD_INPUT:
        return _not_begun(words)
    told = (f"The engine ended with {code}.", *words)
    return Finished(Outcome.ENGINE_FAILED, "The engine broke off without a result.", told)


def _incomplete(words: tuple[str, ...], out: Path, spending: Spending) -> Finished:
    """Say why items are without an answer; where the engine tells nothing of it, this machine could not work."""
    try:
        problems = take_out(out, "problems.json", limit=LARGEST_PROBLEMS)
        end = str(json.loads(take_out(out, ASKED, limit=PAPERS[ASKED]))["end"])
    except (BadOutput, ValueError, KeyError, TypeError, RecursionError):
        log.warning("the engine asks to be tried again: %s", " | ".join(words))
        return Finished(None, "The engine could not work just now.", words)
    sentences = problem_sentences(problems)
    if end == SHUT_OUT:
        sentence = "The endpoint knows not the key, or not the model: it answered 401, 403 or 404."
        return Finished(Outcome.ENDPOINT_REFUSED, sentence, sentences)
    if end in SPENT:
        most = {"requests": spending.requests, "tokens": spending.tokens, "time": spending.seconds}[SPENT[end]]
        of = f"{most:,} seconds" if SPENT[end] == "time" else f"{most:,} {SPENT[end]}"
        sentence = f"The budget of {of} was spent before every item was answered; nothing is scored."
        return Finished(Outcome.BUDGET_SPENT, sentence, sentences)
    return Finished(Outcome.ENDPOINT_SILENT, "The endpoint did not answer every item; nothing is scored.", sentences)


def _not_begun(words: tuple[str, ...]) -> Finished:
    """Tell apart by its words why the engine asked nothing: the endpoint will not do, or the suite."""
    said = " ".join(words)
    if UNRESOLVED in said:
        return Finished(Outcome.ENDPOINT_SILENT, "The endpoint's host has no address just now.", words)
    if any(sign in said for sign in SIGNS_OF_REFUSAL):
        return Finished(Outcome.ENDPOINT_REFUSED, "The endpoint must not, or cannot, be asked as it was given.", words)
    return Finished(Outcome.SUITE_BROKEN, "The engine cannot put this suite to an endpoint.", words)
