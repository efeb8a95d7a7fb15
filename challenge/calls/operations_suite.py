"""Checks a suite and packs it for the store; done outside any transaction, for it reads every label."""

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, TypeVar

from challenge.calls.states import EntryKind
from challenge.calls.suites import Asked, SuiteSummary, TaskSummary, write_summary
from challenge.foundation.files import FileStore, Stored, TooLarge
from challenge.foundation.permits import Invalid
from evaluation import (
    METRICS,
    Direction,
    Part,
    Suite,
    SuiteError,
    Task,
    demand_order,
    load_suite,
    pack_suite,
    write_starter,
)
from evaluation.tasks import BY_NUMBERS

T = TypeVar("T")

LARGEST_SUITE = 256 * 10**6
"""Bytes of a packed suite."""


@dataclass(frozen=True)
class PreparedSuite:
    """A suite that was checked: its content's digest, and the two files the store will keep."""

    title: str
    digest: str
    packed: bytes
    """Zip of the suite with its hidden labels, the same bytes for the same content."""
    starter: bytes
    """Zip of the part that teams may download."""
    summary: str
    """Canonical JSON, as `suites.read_summary` reads it."""
    takes: EntryKind
    """What entries it measures: predictions, or models that are run."""


def prepare_suite(path: Path) -> PreparedSuite:
    """Check, try and pack a suite, a folder or a zip; raise Invalid with the file, line or key that is wrong.

    Two entries whose order is known are scored before any phase may open with it: what they do not find out is found
    out when scores are published.
    """
    suite = _sound(lambda: load_suite(path))
    if not suite.starter_of:
        _sound(lambda: demand_order(suite))
    takes = what_it_takes(suite)
    with tempfile.TemporaryDirectory() as folder:
        starter = Path(folder) / "starter"
        _sound(lambda: write_starter(path, starter))
        return PreparedSuite(
            title=suite.title,
            digest=suite.digest,
            packed=_sound(lambda: pack_suite(path)),
            starter=_sound(lambda: pack_suite(starter)),
            summary=write_summary(summarise(suite)),
            takes=takes,
        )


def prepare_upload(stream: BinaryIO) -> PreparedSuite:
    """Check and pack a suite that arrives as a zip of at most LARGEST_SUITE bytes; raise Invalid as `prepare_suite`."""
    with tempfile.TemporaryDirectory() as folder:
        store = FileStore(Path(folder))
        try:
            kept = store.put(stream, limit=LARGEST_SUITE)
        except TooLarge as error:
            raise Invalid(f"{error} Leave out what the tasks do not need.", "archive") from error
        with store.open(kept.sha256) as file:
            if not file.read(4).startswith(b"PK"):
                raise Invalid("The file is not a zip archive. Pack the suite's folder as a zip.", "archive")
        return prepare_suite(store.path(kept.sha256))


def keep_suite(files: FileStore, prepared: PreparedSuite) -> tuple[Stored, Stored]:
    """Put the suite and its starter into the store; return both, before any transaction speaks of them."""
    file, starter = (
        files.put(io.BytesIO(content), limit=LARGEST_SUITE) for content in (prepared.packed, prepared.starter)
    )
    return file, starter


def what_it_takes(suite: Suite) -> EntryKind:
    """Return what entries a suite measures; raise Invalid where some of its tasks run models and others do not."""
    without = [task.name for task in suite.tasks if task.ask is None]
    if not without:
        return EntryKind.MODEL
    if len(without) < len(suite.tasks):
        raise Invalid(
            f"suite.yaml: some tasks say by ask how a model is asked, and {', '.join(without[:5])} do not. "
            "A suite takes models or predictions, not both: give every task its ask, or none.",
            "archive",
        )
    return EntryKind.PREDICTIONS


def summarise(suite: Suite) -> SuiteSummary:
    """Return what may be told of a suite, counts instead of labels."""
    return SuiteSummary(
        title=suite.title,
        version=suite.version,
        tasks=tuple(_summarise_task(suite, task) for task in suite.tasks),
        asked=_how_asked(suite),
    )


def _how_asked(suite: Suite) -> str:
    ways = {task.ask.by for task in suite.tasks if task.ask is not None}
    if not ways:
        return ""
    return Asked.NUMBERS if ways <= BY_NUMBERS else Asked.PROMPTS


def _summarise_task(suite: Suite, task: Task) -> TaskSummary:
    metric, parts = METRICS[task.metric], suite.truths[task.name].parts
    return TaskSummary(
        name=task.name,
        title=task.title,
        metric=task.metric,
        floor=_text(task.floor),
        ceiling=_text(task.ceiling),
        weight=_text(task.weight),
        higher_is_better=metric.direction is Direction.HIGHER,
        unit=task.unit,
        public=sum(part is Part.PUBLIC for part in parts),
        private=sum(part is Part.PRIVATE for part in parts),
        least=None if metric.least is None else _text(metric.least),
        most=None if metric.most is None else _text(metric.most),
        kind=task.kind.value,
        formula=metric.formula,
        description=task.description,
        source=task.source,
        licence=task.licence,
        languages=task.languages if task.parallel else (),
    )


def _text(number: Decimal) -> str:
    """Write a decimal without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sound(deed: Callable[[], T]) -> T:
    """Do what reads a suite; turn its complaint into one for the form."""
    try:
        return deed()
    except SuiteError as error:
        sentence = str(error)
        raise Invalid(sentence if sentence.endswith(".") else f"{sentence}.", "archive") from error
