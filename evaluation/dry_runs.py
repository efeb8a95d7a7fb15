"""A suite is tried before anybody depends on it: two entries whose order is known must come out in that order.

The two are prediction files that the suite brings with it, `references/worse.csv` and `references/better.csv`, best
taken from two known models. Where it brings none, the truth itself is held against one answer that never changes.
Either finds what else is found out when scores are published: a metric that does not fit its labels, truth that never
changes, a misread column, anchors the wrong way round.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from evaluation.instructions import best_example, read_instructions
from evaluation.metrics import METRICS, Direction
from evaluation.numbers import quotient
from evaluation.predictions import PredictionsUnreadable, read_predictions
from evaluation.suites import Suite, SuiteError
from evaluation.tasks import Answer, Kind, Task

WORSE, BETTER = "worse", "better"
_COMPARED = {Kind.CLASSIFICATION, Kind.REGRESSION, Kind.PROBABILITY, Kind.DISTRIBUTION}
"""Kinds whose items have their truths from one set or scale, so that one answer may be right for all."""


@dataclass(frozen=True)
class Trial:
    """How the two reference entries came out on one task; `fault` is the empty text where they are in order."""

    task: str
    worse: str
    better: str
    fault: str = ""


def dry_run(suite: Suite) -> tuple[Trial, ...]:
    """Score the two reference entries on every task; raises SuiteError where they cannot be read.

    A starter cannot be tried, as it holds not all labels: SuiteError says so.
    """
    if suite.starter_of:
        raise SuiteError("suite.yaml: starter_of: a starter holds not all labels; try the full suite")
    if suite.references and suite.references.keys() != {WORSE, BETTER}:
        raise SuiteError("references: give both worse.csv and better.csv, or neither")
    entries = {name: _given(suite, name) for name in (WORSE, BETTER)} if suite.references else _derived(suite)
    return tuple(_trial(suite, task, entries) for task in suite.tasks)


def demand_order(suite: Suite) -> None:
    """Raise SuiteError with every task on which the reference entries come out in the wrong order."""
    faults = [f"{trial.task}: {trial.fault}" for trial in dry_run(suite) if trial.fault]
    if faults:
        raise SuiteError(f"The dry run failed. {' '.join(faults)}")


Entries = Mapping[str, Mapping[str, Sequence[Answer]]]


def _trial(suite: Suite, task: Task, entries: Entries) -> Trial:
    truth = [label for label in suite.truths[task.name].labels if label is not None]
    metric = METRICS[task.metric]
    sums = [int(metric.items(truth, entries[name][task.name], task=task).sum()) for name in (WORSE, BETTER)]
    worse, better = (quotient(total, len(truth) * task.unit) for total in sums)
    in_order = sums[0] < sums[1] if metric.direction is Direction.HIGHER else sums[0] > sums[1]
    if in_order:
        return Trial(task.name, worse, better)
    if len(set(truth)) == 1 and task.kind in _COMPARED:
        fault = "every item has the same label, so no entry can be better than one that always gives it."
    else:
        fault = f"the better reference entry scores {better} and the worse {worse}, by {task.metric}."
    return Trial(task.name, worse, better, fault)


def _given(suite: Suite, name: str) -> Mapping[str, Sequence[Answer]]:
    with tempfile.TemporaryDirectory(prefix="reference-") as folder:
        path = Path(folder) / f"{name}.csv"
        path.write_bytes(suite.references[name])
        try:
            return read_predictions(path, suite, measured_too=True).answers
        except PredictionsUnreadable as error:
            raise SuiteError(f"references/{name}.csv: {next(error.sentences())}") from error


def _derived(suite: Suite) -> Entries:
    """Hold the truth against one answer that never changes."""
    found: dict[str, dict[str, Sequence[Answer]]] = {WORSE: {}, BETTER: {}}
    for task in suite.tasks:
        truth = [label for label in suite.truths[task.name].labels if label is not None]
        found[BETTER][task.name] = [_best(label, task) for label in truth]
        found[WORSE][task.name] = _constant(truth, task)
    return found


def _best(label: Answer, task: Task) -> Answer:
    """Return the best answer to an item of this truth."""
    if task.kind is Kind.DISTRIBUTION:
        return tuple(Decimal(int(one == label)) for one in task.labels)
    if task.kind is Kind.TEXT:
        return str(label).split("\n")[0]
    if task.kind is Kind.INSTRUCTIONS:
        return best_example(read_instructions(str(label)))
    if task.kind is Kind.RANKING:
        return " ".join(name for name, _ in _graded(label, best_first=True))
    if task.kind is Kind.LIKELIHOOD:
        return Decimal(0)
    return Decimal(task.samples) if task.kind is Kind.CODE else label


def _constant(truth: Sequence[Answer], task: Task) -> list[Answer]:
    """Return an answer to every item that takes no notice of it; for rankings, the worst of each."""
    if task.kind is Kind.RANKING:
        return [" ".join(name for name, _ in _graded(label, best_first=False)) for label in truth]
    if task.kind is Kind.LIKELIHOOD:
        return [-Decimal(8) * label for label in truth if isinstance(label, Decimal)]
    answers: dict[Kind, Answer] = {
        Kind.CLASSIFICATION: Counter(truth).most_common(1)[0][0],
        Kind.DISTRIBUTION: tuple(Decimal(1) / len(task.labels) for _ in task.labels),
        Kind.TEXT: "",
        Kind.INSTRUCTIONS: "",
    }
    if task.kind in {Kind.REGRESSION, Kind.PROBABILITY}:
        numbers = [label for label in truth if isinstance(label, Decimal)]
        answers[task.kind] = (sum(numbers, Decimal(0)) / len(numbers)).quantize(Decimal("1e-12"))
    return [answers.get(task.kind, Decimal(0))] * len(truth)


def _graded(label: Answer, *, best_first: bool) -> list[tuple[str, int]]:
    pairs = [(name, int(grade)) for name, _, grade in (word.rpartition(":") for word in str(label).split())]
    return sorted(pairs, key=lambda pair: pair[1], reverse=best_first)
