"""Scoring turns a suite and a team's predictions into a report, the same bytes on every machine."""

from collections.abc import Callable
from itertools import compress

import pyarrow as pa

from evaluation.instructions import read_instructions, tally
from evaluation.metrics import METRICS, READ_LOOSELY, Direction
from evaluation.numbers import plain
from evaluation.predictions import Predictions
from evaluation.reports import ITEM_SCHEMA, Note, Report, TaskReport
from evaluation.suites import Suite, SuiteError
from evaluation.tasks import Answer, Kind, Part, Task, written
from evaluation.version import ENGINE_VERSION

KINDS_NAMED = 3
"""How many kinds of instruction a note names."""
Progress = Callable[[int, int, str], None]


def score(
    suite: Suite, predictions: Predictions, *, only: Part | None = None, progress: Progress | None = None
) -> Report:
    """Score predictions on the public and private part of every task, or on one part only.

    `progress` is called with items done, items in all and the task just done. Raises SuiteError when labels that
    are needed are not in the suite.
    """
    parts = list(Part) if only is None else [only]
    tables: list[pa.Table] = []
    reports: list[TaskReport] = []
    notes: list[Note] = []
    done = 0
    for task in suite.tasks:
        for part in parts:
            found = _score_part(suite, task, part, predictions.answers[task.name])
            if found is not None:
                table, report = found
                tables.append(table)
                reports.append(report)
                notes.extend(_notes(task, report, predictions))
                if task.kind is Kind.INSTRUCTIONS:
                    notes.append(_instructions_note(suite, task, part, predictions))
        done += len(suite.truths[task.name].items)
        if progress:
            progress(done, suite.size, task.name)
    return Report(
        suite=suite.digest,
        predictions=predictions.sha256,
        engine=ENGINE_VERSION,
        tasks=tuple(reports),
        notes=tuple(notes),
        items=pa.concat_tables(tables).combine_chunks() if tables else ITEM_SCHEMA.empty_table(),
    )


def _score_part(
    suite: Suite, task: Task, part: Part, answers: tuple[Answer, ...]
) -> tuple[pa.Table, TaskReport] | None:
    truth = suite.truths[task.name]
    chosen = [found is part for found in truth.parts]
    items = list(compress(truth.items, chosen))
    if not items:
        return None
    labels = [label for label in compress(truth.labels, chosen) if label is not None]
    if len(labels) < len(items):
        raise SuiteError(f"{task.name}: this is a starter suite, which holds no {part.value} labels; add --only public")
    values = METRICS[task.metric].items(labels, list(compress(answers, chosen)), task=task)
    columns = {
        "task": [task.name] * len(items),
        "item": items,
        "cluster": list(compress(truth.clusters, chosen)),
        "part": [part.value] * len(items),
        "value": values,
    }
    report = TaskReport(
        task=task.name,
        part=part,
        metric=task.metric,
        items=len(items),
        sum=sum(values.tolist()),  # Python's integers, which cannot overflow
        unit=task.unit,
    )
    return pa.table(columns, schema=ITEM_SCHEMA), report


def _notes(task: Task, report: TaskReport, predictions: Predictions) -> list[Note]:
    """Note an answer that never changes, and a score no better than the floor, which is the level of chance."""
    notes = []
    given = predictions.answers[task.name]
    if all(answer == given[0] for answer in given):
        text = f"Every prediction for task {task.name} is the same: {written(given[0])[:80]}."
        notes.append(Note(task.name, report.part, "constant_predictor", text))
    # Compared exactly: sum against floor · items · unit.
    floor = task.floor * report.items * report.unit
    better = report.sum > floor if METRICS[task.metric].direction is Direction.HIGHER else report.sum < floor
    if not better:
        text = (
            f"The score {report.score} on the {report.part} part of task {task.name} "
            f"is no better than chance, {plain(task.floor)}."
        )
        notes.append(Note(task.name, report.part, "no_better_than_chance", text))
    return notes


def _instructions_note(suite: Suite, task: Task, part: Part, predictions: Predictions) -> Note:
    """Note how many instructions are followed beside how many items are, read as the metric reads, and which least."""
    truth = suite.truths[task.name]
    own = [found is part for found in truth.parts]
    pairs = zip(compress(truth.labels, own), compress(predictions.answers[task.name], own), strict=True)
    loosely = task.metric in READ_LOOSELY
    found = tally(((read_instructions(str(label)), str(given)) for label, given in pairs), loosely=loosely)
    followed, given = found.followed.total(), found.given.total()
    text = f"On the {part.value} part of task {task.name} {followed:,} of {given:,} instructions are followed"
    if loosely:
        text += ", read loosely"
    least = [f"{found.followed[kind]:,} of {found.given[kind]:,} of {kind}" for kind in found.least(KINDS_NAMED)]
    return Note(
        task.name, part, "instructions_followed", f"{text}; least, {', '.join(least)}." if least else f"{text}."
    )
