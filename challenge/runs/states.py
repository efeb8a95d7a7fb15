"""Two axes of a run, never mixed: where it is, and how it ended."""

from enum import StrEnum


class RunState(StrEnum):
    """Where it is."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


class Outcome(StrEnum):
    """How it ended."""

    SCORED = "scored"
    UNREADABLE = "unreadable"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CANCELLED = "cancelled"
    SUITE_BROKEN = "suite_broken"
    FILE_LOST = "file_lost"
    ENGINE_FAILED = "engine_failed"
    ABANDONED = "abandoned"
    MODEL_REFUSED = "model_refused"
    NOT_LOADABLE = "not_loadable"
    GATE_FAILED = "gate_failed"
    ENGINE_MISSING = "engine_missing"
    ENDPOINT_REFUSED = "endpoint_refused"
    ENDPOINT_SILENT = "endpoint_silent"
    ENDPOINT_UNREACHED = "endpoint_unreached"
    BUDGET_SPENT = "budget_spent"


MOVES = {
    RunState.WAITING: frozenset({RunState.RUNNING, RunState.ENDED}),
    RunState.RUNNING: frozenset({RunState.WAITING, RunState.RUNNING, RunState.ENDED}),
    RunState.ENDED: frozenset[RunState](),
}
