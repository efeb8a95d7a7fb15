"""How the engine is asked to run a model, and what its endings mean; what is in doubt is never the team's fault."""

import logging
from dataclasses import replace
from pathlib import Path

from challenge.runs.executors_folder import (
    LARGEST_PROBLEMS,
    BadOutput,
    kind_of_problems,
    problem_sentences,
    take_out,
)
from challenge.runs.executors_job import Finished, Job, papers_in, scored
from challenge.runs.executors_process import Bounds, Watched
from challenge.runs.states import Outcome

DONE, BAD_SUITE, MODELS_OWN, OUT_OF_MEMORY, ENGINE_MISSING, TRY_AGAIN = 0, 2, 3, 4, 6, 75
ENDINGS = {
    "model_refused": (Outcome.MODEL_REFUSED, "The model was refused before anything loaded it."),
    "format_not_run": (Outcome.MODEL_REFUSED, "No engine here runs a model of this format on this suite."),
    "not_loadable": (Outcome.NOT_LOADABLE, "The model's files are sound, but the engine cannot load it."),
    "gate_failed": (Outcome.GATE_FAILED, "The model was run, but its answers are no measure of it; nothing is scored."),
    "timed_out": (Outcome.TIMED_OUT, "The model was not done in time and was stopped."),
    "out_of_memory": (Outcome.OUT_OF_MEMORY, "The model needed more memory than a run is given, and was stopped."),
}
"""By the kind that problems.json names: the outcome, and what the team is told."""
USAGE = "usage.json"
PAPERS = {
    USAGE: 64 * 2**10,
    "model.json": 4 * 2**20,
    "outputs.public.jsonl": 256 * 2**20,
    "outputs.private.jsonl": 256 * 2**20,
    "engine.log": 2**20,
}
"""What is kept beside the report, and how large each may be."""

log = logging.getLogger(__name__)


def arguments(job: Job, bounds: Bounds, *, shards: Path) -> tuple[str, ...]:
    """Return what the engine is told: the files by their names in its folder, its bounds, where shards are kept."""
    only = ("--only", "public") if job.only_public else ()
    return (
        "run", "suite.zip", "model.zip", "--out", "out", "--shards", str(shards), "--seconds", str(bounds.seconds),
        "--megabytes", str(bounds.megabytes), *only, "--progress", "--quiet",
    )  # fmt: skip


def judge(watched: Watched, out: Path, bounds: Bounds) -> Finished:
    """Say what an exit code means; what running the model took is kept whichever way it ended."""
    finished = _judged(watched, out, bounds)
    if finished.outcome is Outcome.SCORED or not (out / USAGE).exists():
        return finished
    return replace(finished, papers=papers_in(out, {USAGE: PAPERS[USAGE]}))


def _judged(watched: Watched, out: Path, bounds: Bounds) -> Finished:
    code, words = watched.code, watched.words
    if watched.stopped:
        return Finished(Outcome.CANCELLED)
    if watched.overdue:
        sentence = f"The engine did not end in time, not even {bounds.rest:,} seconds after it should have."
        return Finished(Outcome.ENGINE_FAILED, sentence, words)
    if code == TRY_AGAIN:
        log.warning("the engine asks to be tried again: %s", " | ".join(words))
        return Finished(None, "The engine could not work just now.", words)
    try:
        if code == DONE:
            return scored(out, PAPERS)
        if code in {MODELS_OWN, OUT_OF_MEMORY}:
            problems = take_out(out, "problems.json", limit=LARGEST_PROBLEMS)
            outcome, sentence = ENDINGS.get(kind_of_problems(problems), (None, ""))
            if outcome is None:
                raise BadOutput("problems.json: names no kind of ending that is known here.")
            return Finished(outcome, sentence, problem_sentences(problems))
    except BadOutput as error:
        return Finished(Outcome.ENGINE_FAILED, "The engine left no usable result.", (str(error), *words))
    if code == BAD_SUITE:
        return Finished(Outcome.SUITE_BROKEN, "The engine cannot use the suite.", words)
    if code == ENGINE_MISSING:
        return Finished(Outcome.ENGINE_MISSING, "This platform has no engine installed that runs this model.", words)
    told = (f"The engine ended with {code}.", *words)
    return Finished(Outcome.ENGINE_FAILED, "The engine broke off without a result.", told)
