"""The command `run` runs a model on a suite, or asks an endpoint, and writes its report and what it said."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from pathlib import Path

from evaluation.commands.exits import Exit
from evaluation.commands.files import answers_file, write_problem
from evaluation.commands.run_endpoint import run_endpoint
from evaluation.commands.score import progress_line, table
from evaluation.engines import (
    LIMITS,
    EngineFailed,
    EngineMissing,
    Evaluated,
    FormatNotRun,
    GateFailed,
    NotLoadable,
    Settings,
    TooMuchMemory,
    TooMuchTime,
    TryAgain,
    Usage,
    evaluate_model,
)
from evaluation.models import ModelRefused
from evaluation.reports import write_report, write_whole
from evaluation.sandbox import SandboxError
from evaluation.suites import Suite, load_suite
from evaluation.tasks import Part

USAGE = "usage.json"
MODELS_OWN: tuple[tuple[type[Exception], str, Exit], ...] = (
    (ModelRefused, "model_refused", Exit.UNREADABLE),
    (FormatNotRun, "format_not_run", Exit.UNREADABLE),
    (NotLoadable, "not_loadable", Exit.UNREADABLE),
    (GateFailed, "gate_failed", Exit.UNREADABLE),
    (TooMuchTime, "timed_out", Exit.UNREADABLE),
    (TooMuchMemory, "out_of_memory", Exit.OUT_OF_MEMORY),
)
"""What is the model's own affair: the class of the error, its name in problems.json, the exit code."""


def run_entry(options: Namespace) -> Exit:
    """Run a model or ask an endpoint; raises SuiteError for a bad suite and OSError for files out of reach."""
    if (options.model is None) is (options.endpoint is None):
        return _failed("Name either a model or --endpoint with the file of one.", Exit.BAD_INPUT)
    suite = load_suite(options.suite)
    if options.endpoint is not None:
        return run_endpoint(options, suite)
    seconds = options.seconds
    limits = replace(LIMITS, wall_seconds=seconds, cpu_seconds=ceil(2 * seconds), memory=options.megabytes * 10**6)
    (options.out / USAGE).unlink(missing_ok=True)  # it would be another run's
    settings = Settings(dtype=options.dtype, device=options.device, batch_size=options.batch_size)
    try:
        evaluated = evaluate_model(
            suite,
            options.model,
            shards=options.shards or options.out / "shards",
            settings=settings,
            limits=limits,
            only=options.only,
            progress=progress_line if options.progress else None,
            on_usage=lambda usage: _keep_usage(usage, options.out),
        )
    except tuple(kind for kind, _, _ in MODELS_OWN) as error:
        return _models_own(error, options.out)
    except EngineMissing as error:
        return _failed(str(error), Exit.ENGINE_MISSING)
    except (TryAgain, SandboxError) as error:
        return _failed(str(error), Exit.TRY_AGAIN)
    except EngineFailed as error:
        sys.stderr.write(error.words)
        return _failed(str(error), Exit.ENGINE_FAILED)
    _write(evaluated, suite, options.out)
    if not options.quiet:
        sys.stdout.write(table(evaluated.report))
    return Exit.DONE


def _write(evaluated: Evaluated, suite: Suite, folder: Path) -> None:
    """Write what came of it; the report last, as whoever finds it takes the rest for whole."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Callable[[], str]] = {
        "model.json": lambda: json.dumps(evaluated.facts.to_data(), sort_keys=True) + "\n",
        "outputs.public.jsonl": lambda: evaluated.outputs(Part.PUBLIC),
        "outputs.private.jsonl": lambda: evaluated.outputs(Part.PRIVATE),
        "answers.csv": lambda: answers_file(suite, evaluated.answers),
        "engine.log": lambda: evaluated.words,
    }
    for name, content in files.items():
        write_whole(folder / name, content().encode())
    write_report(evaluated.report, folder)


def _keep_usage(usage: Usage, folder: Path) -> None:
    """Write what it took, which is there also where there is no report."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / USAGE, usage.to_json().encode())


def _models_own(error: Exception, folder: Path) -> Exit:
    name, code = next((name, code) for kind, name, code in MODELS_OWN if isinstance(error, kind))
    write_problem(folder, name, error)
    return _failed(str(error), code)


def _failed(sentence: str, code: Exit) -> Exit:
    sys.stderr.write(f"{sentence}\n")
    return code
