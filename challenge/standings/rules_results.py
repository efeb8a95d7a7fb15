"""Whether a result may be ranked: a clause for each way in which it can be missing."""

from challenge.foundation.permits import WhyNot
from challenge.runs.states import Outcome, RunState
from challenge.submissions.states import FetchOutcome

NO_RUN = "evaluation not yet asked for"
FETCHING = "its model is being fetched from the hub"
NOT_FETCHED = "its model could not be fetched from the hub"
DAMAGED = "its item scores cannot be read; the organiser is looking into it"

UNFINISHED = {
    RunState.WAITING: "waiting for evaluation",
    RunState.RUNNING: "being evaluated",
}

FAILED = {
    Outcome.UNREADABLE: "predictions unreadable",
    Outcome.TIMED_OUT: "evaluation took too long",
    Outcome.OUT_OF_MEMORY: "evaluation ran out of memory",
    Outcome.CANCELLED: "evaluation cancelled",
    Outcome.SUITE_BROKEN: "the suite could not be read; the organiser is looking into it",
    Outcome.FILE_LOST: "a file is missing in the store; the organiser is looking into it",
    Outcome.ENGINE_FAILED: "the evaluation broke down; the organiser is looking into it",
    Outcome.MODEL_REFUSED: "model refused",
    Outcome.NOT_LOADABLE: "model not loadable",
    Outcome.GATE_FAILED: "answers that are no measure of the model",
    Outcome.ENDPOINT_REFUSED: "endpoint refused",
    Outcome.ENDPOINT_SILENT: "endpoint without an answer",
    Outcome.ENDPOINT_UNREACHED: "endpoint never reached; the organiser is looking into it",
    Outcome.BUDGET_SPENT: "budget of the endpoint spent",
    Outcome.ENGINE_MISSING: "no engine for models is installed; the organiser is looking into it",
    Outcome.ABANDONED: "the evaluation was given up after several attempts; the organiser is looking into it",
}


def why_not_ranked(
    outcome: Outcome | None, state: RunState | None, *, from_hub: bool = False, fetch: FetchOutcome | None = None
) -> WhyNot:
    """Only a run that ended with scores may be ranked; without a run there is no state, before its end no outcome.

    `from_hub` tells that the model is fetched from a hub, and `fetch` how that ended.
    """
    if outcome is Outcome.SCORED:
        return None
    if outcome is not None:
        return FAILED[outcome]
    if state is None and from_hub and fetch is not FetchOutcome.FETCHED:
        return FETCHING if fetch is None else NOT_FETCHED
    return NO_RUN if state is None else UNFINISHED[state]


def why_not_the_later(outcome: Outcome | None) -> str:
    """Say how a newer run ended that takes nothing away from an earlier result; empty where there is none."""
    return "" if outcome is None else FAILED[outcome]


def why_not_complete(task: str, *, found: int, wanted: int) -> WhyNot:
    """A result covers every item of a task, or it is not ranked."""
    return None if found == wanted else f"no score for {wanted - found} of {wanted} items of task {task}"
