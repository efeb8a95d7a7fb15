"""Writes a standing in the schema Every Eval Ever: a zip with one document an entry, in the folders of its store."""

import tempfile
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import BinaryIO, NamedTuple, cast

from challenge.calls.states import EntryKind
from challenge.calls.suites import TaskSummary
from challenge.foundation.files import FileStore
from challenge.foundation.permits import NotFound
from challenge.standings.operations_items import read_scores
from challenge.standings.queries_every_eval_ever import NOTHING_BEHIND, Behind, Origin
from challenge.standings.queries_shown import Shown
from challenge.standings.ranking import Entry, TaskScore
from evaluation import METRICS, Interval, interval, load_suite
from evaluation.every_eval_ever import Log, Measured, Model, Samples, Source, Suited, measured, model_id, samples_of
from evaluation.every_eval_ever.samples import reference
from evaluation.suites.packing import pack, pack_into
from leaderboards import ScoreTable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
POINTS = "large-ai-grand-challenge.points"
_TURN = threading.Lock()
"""One at a time in a process: the item scores of a board are in memory meanwhile."""


class Measure(NamedTuple):
    """What of a task decides its intervals."""

    task: str
    metric: str
    unit: int


def scores_zip(files: FileStore, origin: Origin, said: Shown) -> bytes:
    """Write the scores of every ranked entry; the same bytes for all who are told the same.

    Under pseudonyms the item scores have no say, as the intervals of single tasks would tell of them what the veil
    withholds. Raises ItemsDamaged where the item scores, from which intervals are computed, are no more.
    """
    return pack({log.path: log.to_json().encode() for _, log in _logs(files, origin, said)})


def samples_zip(files: FileStore, origin: Origin, said: Shown) -> BinaryIO:
    """Write the same with the samples of the public part, into a file that is gone once it is closed.

    Nothing but the starter is asked for texts and answers. Raises ItemsDamaged as `scores_zip`, and NotFound where the
    starter is no more.
    """
    samples = _samples(files, origin.starter_sha256)
    logs = sorted(_logs(files, origin, said), key=lambda one: one[1].stem)
    target = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - whoever sends it closes it
    with _TURN:
        table = read_scores(files, said.standing.scores_sha256)
        pack_into(target, _with_samples(logs, samples, table, said))
    target.seek(0)
    return target


def _with_samples(
    logs: list[tuple[Entry, Log]], samples: Samples, table: ScoreTable, said: Shown
) -> Iterator[tuple[str, bytes]]:
    rows = {reference_: row for row, reference_ in enumerate(table.entrants)}
    for entry, log in logs:
        row = rows[said.references[entry.entrant]]
        values = {
            block.task: {
                item: int(block.values[row, place])
                for place, item in enumerate(block.items)
                if block.present[row, place]
            }
            for block in table.tasks
        }
        named = {one.data["task"]: one.name for one in log.results if "task" in one.data}
        lines, path = samples.lines(log, values, named=named), f"{log.stem}_samples.jsonl"
        yield log.path, log.to_json(reference(path, lines) if lines else None).encode()
        if lines:
            yield path, lines.encode()


@lru_cache(maxsize=4)
def _samples(files: FileStore, starter_sha256: str) -> Samples:
    if not files.has(starter_sha256):
        raise NotFound
    return samples_of(load_suite(files.path(starter_sha256)))


def _logs(files: FileStore, origin: Origin, said: Shown) -> list[tuple[Entry, Log]]:
    tasks = {task.name: task for task in origin.tasks.tasks}
    confidence = str(said.policy["confidence"])
    found: Mapping[tuple[str, str], Interval] = {}
    if not said.veiled:
        units = {task["name"]: int(task["unit"]) for task in said.policy["tasks"]}
        measures = tuple(Measure(name, tasks[name].metric, unit) for name, unit in units.items() if name in tasks)
        found = _intervals(files, said.standing.scores_sha256, measures, confidence)
    return [
        (entry, _log(entry, origin, said, results=_results(entry, origin, tasks, found, said, confidence)))
        for entry in said.ranking.entries
    ]


def _log(entry: Entry, origin: Origin, said: Shown, *, results: tuple[Measured, ...]) -> Log:
    behind = origin.behind.get(entry.entrant, NOTHING_BEHIND)
    return Log(
        collection=origin.collection,
        entry=entry.entrant,
        state=f"v{said.version}-{_seconds(said.made_at).partition('.')[0]}",
        made=_seconds(said.made_at),
        source=Source(
            name=f"{origin.title}: {origin.suite_title}, {origin.part} part",
            organisation=origin.authority,
            # with predictions the team ran the model itself, and the platform only scored what it said
            relationship="collaborative" if origin.takes is EntryKind.PREDICTIONS else "third_party",
            details={"board": str(origin.board_id), "version": str(said.version), "call": origin.call},
        ),
        model=_model(entry, behind, origin, said),
        engine=behind.engine,
        suite=Suited(title=origin.suite_title, details={"suite": origin.suite, "suite_sha256": origin.suite_sha256}),
        results=results,
        evaluated=behind.evaluated_at,
    )


def _model(entry: Entry, behind: Behind, origin: Origin, said: Shown) -> Model:
    team, aside = said.names.get(entry.entrant, entry.entrant), said.aside(entry.entrant)
    told = {
        "entry": entry.entrant,
        "model_files_sha256": behind.model_sha256,
        "hub_commit": behind.hub_commit,
        "hardware": behind.hardware,
        "energy_wh": "" if aside.watt_hours is None else f"{aside.watt_hours:f}",
        "energy_method": aside.method,
        "cost_eur": "" if aside.euros is None else f"{aside.euros:f}",
    }
    return Model(
        # under pseudonyms there is no team, so the call stands in its place
        id=behind.hub_model or model_id(origin.call if said.veiled else team, behind.title or entry.entrant),
        name=behind.hub_model or behind.title or (team if said.veiled else entry.entrant),
        developer="" if said.veiled else team,
        deployment=behind.deployment,
        details={name: value for name, value in told.items() if value},
    )


def _results(
    entry: Entry,
    origin: Origin,
    tasks: Mapping[str, TaskSummary],
    found: Mapping[tuple[str, str], Interval],
    said: Shown,
    confidence: str,
) -> tuple[Measured, ...]:
    """Write every score of an entry, then its points; a task that counts as its floor has no score, and is left out."""
    reference_ = said.references[entry.entrant]
    scores = [
        measured(
            f"{origin.suite}.{one.task}.{origin.part}",
            metric=tasks[one.task].metric,
            score=one.score,
            items=one.items,
            found=found.get((reference_, one.task)),
            confidence=confidence,
            data=_data(tasks[one.task], origin),
            details={"utility": one.utility, "points": one.points},
        )
        for one in entry.tasks
        if one.score is not None
    ]
    return (*scores, _points(entry, origin, confidence, [one for one in entry.tasks if one.score is not None]))


def _data(task: TaskSummary, origin: Origin) -> dict[str, str]:
    told = {
        "task": task.name,
        "title": task.title,
        "part": origin.part.value,
        "floor": task.floor,
        "ceiling": task.ceiling,
        "weight": task.weight,
        "source": task.source,
        "licence": task.licence,
    }
    return {name: value for name, value in told.items() if value}


def _points(entry: Entry, origin: Origin, confidence: str, scored: list[TaskScore]) -> Measured:
    """Write the points, by which the board ranks; where no spread is known, neither is an interval."""
    uncertainty: dict[str, object] = {"num_samples": sum(one.items for one in scored)}
    if entry.se is not None:
        uncertainty["confidence_interval"] = {
            "lower": float(entry.low),
            "upper": float(entry.high),
            "confidence_level": float(confidence),
            "method": "Student's t over clusters, degrees of freedom by Welch and Satterthwaite",
        }
        if float(entry.se):
            uncertainty["standard_error"] = {"value": float(entry.se), "method": "analytic, by clusters of items"}
    return Measured(
        name=f"{origin.suite}.points.{origin.part}",
        data={"part": origin.part.value},
        metric={
            "evaluation_description": "100 times the weighted mean over all tasks of each score's share of the way "
            "from the task's floor to its ceiling, never below 0 nor above 1",
            "metric_id": POINTS,
            "metric_name": "points",
            "metric_kind": POINTS,
            "metric_unit": "points",
            "lower_is_better": False,
            "score_type": "continuous",
            "min_score": 0.0,
            "max_score": 100.0,
            "additional_details": {"level": "overall: the other results are its parts"},
        },
        score=entry.points,
        uncertainty=uncertainty,
        details={"rank": str(entry.rank), "rank_low": str(entry.rank_low), "rank_high": str(entry.rank_high)},
    )


@lru_cache(maxsize=8)
def _intervals(
    files: FileStore, scores_sha256: str, measures: tuple[Measure, ...], confidence: str
) -> Mapping[tuple[str, str], Interval]:
    """Compute the interval of every score of a board, by reference and task, as a report has it of one entry.

    Kept by the digest of the item scores. Raises ItemsDamaged where these are no more.
    """
    found = {}
    with _TURN:
        table = read_scores(files, scores_sha256, tasks={one.task for one in measures})
        for one in measures:
            block = table.task(one.task)
            if block is None:
                continue
            for row, reference_ in enumerate(table.entrants):
                if not block.present[row].all():
                    continue
                bounds = interval(
                    block.values[row].astype("int64"), block.clusters, unit=one.unit, metric=METRICS[one.metric],
                    confidence=float(confidence),
                )  # fmt: skip
                if bounds is not None:
                    found[reference_, one.task] = bounds
    return found


def _seconds(instant: datetime) -> str:
    """Write an instant in seconds of Unix time, to the microsecond and without floats."""
    whole, rest = divmod((instant.astimezone(UTC) - EPOCH) // timedelta(microseconds=1), 10**6)
    return f"{whole}.{rest:06d}"
