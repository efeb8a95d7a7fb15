"""A model is looked at, run, passed through the gates, and scored like any other entry."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from evaluation.engines.answers import Answers, answers_of
from evaluation.engines.asking import Progress, ask
from evaluation.engines.coding import outcomes_of
from evaluation.engines.energy import Energy, Meter, Method
from evaluation.engines.engine import KITS, Engine, EngineMissing, FormatNotRun, engine_for
from evaluation.engines.gates import check_gates, notes_on_programs
from evaluation.engines.requests import Batch, Request, batches_of
from evaluation.engines.shards import Row, ShardStore
from evaluation.engines.spec import ROWS, Settings, Spec, plan
from evaluation.engines.testing import why_not_code
from evaluation.engines.unpacking import laid_out
from evaluation.models import ModelFacts, ModelFormat, inspect_model
from evaluation.predictions import Predictions
from evaluation.reports import Report
from evaluation.sandbox import Ended, LayerMissing, Limits
from evaluation.scoring import score
from evaluation.suites import Suite
from evaluation.tasks import By, Kind, Part

MEBIBYTE = 1 << 20
LIMITS = Limits(
    wall_seconds=3_600,
    cpu_seconds=7_200,
    memory=8_192 * MEBIBYTE,
    processes=256,
    open_files=1_024,
    scratch_bytes=512 * MEBIBYTE,
    files=20_000,
)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What an evaluation took: seconds on the wall and of processors, memory, energy, and on which device."""

    seconds: float
    cpu_seconds: float
    """Of asking all items, in whichever attempt."""
    attempt_cpu_seconds: float
    """Of this attempt alone, starting the engine and loading the model with it, and testing what programs it wrote."""
    peak_megabytes: int
    device: str
    energy: Energy

    def to_json(self) -> str:
        """Write it as one line of JSON."""
        found = {
            "attempt_cpu_seconds": round(self.attempt_cpu_seconds, 3),
            "cpu_seconds": round(self.cpu_seconds, 3),
            "device": self.device,
            "energy_joules": self.energy.joules,
            "energy_method": self.energy.method.value,
            "peak_megabytes": self.peak_megabytes,
            "seconds": round(self.seconds, 3),
        }
        return json.dumps(found, sort_keys=True) + "\n"


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """What came of evaluating a model."""

    facts: ModelFacts
    engine: Engine
    report: Report
    answers: Answers
    usage: Usage
    rows: dict[Batch, list[Row]]
    words: str
    """The end of what the engine said on standard error; it may speak of hidden items."""

    def outputs(self, part: Part) -> str:
        """Write what the model said to one part of the items, as JSON Lines."""
        return outputs_of(self.rows, part)


def evaluate_model(
    suite: Suite,
    model: Path,
    *,
    shards: Path,
    settings: Settings | None = None,
    limits: Limits = LIMITS,
    only: Part | None = None,
    progress: Progress | None = None,
    rows: Mapping[By, int] = ROWS,
    on_usage: Callable[[Usage], None] | None = None,
) -> Evaluated:
    """Evaluate a model, a folder or a zip of it, on a suite; finished shards are kept in the folder `shards`.

    `on_usage` hears once what it took, also where this raises after an engine ran or its answers were there.

    Raises ModelRefused, NotLoadable, GateFailed, TooMuchMemory or TooMuchTime where it is the model's affair,
    SuiteError where it is the suite's, and EngineMissing, EngineFailed, SandboxError or OSError where it is neither's.
    """
    facts = inspect_model(model)
    engine = engine_for(facts.format)
    batches = batches_of(suite, parts=list(Part) if only is None else [only])
    settings = settings or Settings()
    _check_asked(batches, engine, settings, facts.format)
    spec = plan(batches, model=facts.digest, engine=engine.identity, settings=settings, rows=rows)
    store = ShardStore(shards)
    spent = _Spent(spec, store, Meter.started(), on_usage or _nothing)
    with ExitStack() as stack:
        if store.missing(spec.shards):
            folder = stack.enter_context(laid_out(model, facts))
            stack.enter_context(spent.told_if_it_fails())
            ask(spec, engine=engine, model=folder, store=store, limits=limits, progress=progress, on_ended=spent.hear)
    with spent.told_if_it_fails():
        said = {
            batch: [row for shard in spec.shards if shard.batch is batch for row in store.rows(shard)]
            for batch in batches
        }
        notes = check_gates(said)
        coded = outcomes_of(suite, said, folder=shards, wall_seconds=limits.wall_seconds, progress=progress)
    spent.cpu_seconds += coded.cpu_seconds
    usage = spent.tell()
    notes = (*notes, *notes_on_programs(coded.outcomes))
    answers = answers_of(suite, said, coded.outcomes)
    report = score(suite, Predictions(answers, facts.digest), only=only)
    return Evaluated(
        facts=facts,
        engine=engine,
        report=replace(report, engine=f"{report.engine} with {engine.title}", notes=(*notes, *report.notes)),
        answers=answers,
        usage=usage,
        rows=said,
        words=spent.ended.stderr.decode(errors="replace") if spent.ended else "",
    )


def outputs_of(said: Mapping[Batch, Sequence[Row]], part: Part) -> str:
    """Write what was said to one part of the items, as JSON Lines."""
    lines = [
        {"task": batch.task.name, "item": row.item, "prompt": request.prompt, **_said(batch, request, row)}
        for batch, rows in said.items()
        if batch.part is part
        for request, row in zip(batch.requests, rows, strict=True)
    ]
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines)


def _said(batch: Batch, request: Request, row: Row) -> dict[str, object]:
    if row.logprobs:
        return {"choices": request.choices, "logprobs": row.logprobs}
    if not row.numbers:
        return {"texts": row.texts}
    return {"numbers": row.numbers} | ({"labels": batch.task.labels} if batch.task.labels else {})


def _check_asked(batches: Sequence[Batch], engine: Engine, settings: Settings, form: ModelFormat) -> None:
    """Say what an engine cannot do before it is started."""
    if settings.device not in engine.kit.devices:
        raise EngineMissing(f"The engine {engine.kit.name} does not run on {settings.device}.")
    for batch in batches:
        if batch.ask.by not in engine.kit.asks:
            sentence = f"cannot be asked by {batch.ask.by.value}, which task {batch.task.name} needs"
            others = ", ".join(kit.runs.value for kit in KITS if kit.runs and batch.ask.by in kit.asks)
            raise FormatNotRun(f"Models of the format {form.value} {sentence}; those of {others} can.")
        why_not = why_not_code() if batch.task.kind is Kind.CODE else None
        if why_not:
            raise LayerMissing(f"Task {batch.task.name} has programs tested. {why_not}")


def _nothing(usage: Usage) -> None:
    """Keep no usage."""


@dataclass
class _Spent:
    """Adds up what an evaluation takes, and tells it whichever way that ends."""

    spec: Spec
    store: ShardStore
    meter: Meter
    on_usage: Callable[[Usage], None]
    ended: Ended | None = None
    cpu_seconds: float = 0.0
    """Of this attempt."""

    def hear(self, ended: Ended) -> None:
        """Take in how the engine ended."""
        self.ended, self.cpu_seconds = ended, ended.cpu

    @contextmanager
    def told_if_it_fails(self) -> Iterator[None]:
        """Tell the usage where what is done here raises, unless no engine ever ran."""
        try:
            yield
        except BaseException:
            if self.ended is not None or not self.store.missing(self.spec.shards):
                self.tell()
            raise

    def tell(self) -> Usage:
        """Sum up, and say it to whoever asked.

        Where all shards are finished it counts what they took, in whichever attempt; of an attempt that broke off, all
        of it, loading included, and nothing of earlier ones. Energy is that of this attempt, or none if
        nothing ran.
        """
        missing = {shard.key for shard in self.store.missing(self.spec.shards)}
        costs = [self.store.cost(shard) for shard in self.spec.shards if shard.key not in missing]
        ended, peak = self.ended, self.ended.peak_memory // 10**6 if self.ended else 0
        broke_off = ended if missing else None
        usage = Usage(
            seconds=broke_off.wall if broke_off else sum(cost.seconds for cost in costs),
            cpu_seconds=broke_off.cpu if broke_off else sum(cost.cpu_seconds for cost in costs),
            attempt_cpu_seconds=self.cpu_seconds,
            peak_megabytes=max([peak, *(cost.peak_megabytes for cost in costs)]),
            device=", ".join(sorted({cost.device for cost in costs} or {self.spec.settings.device})),
            energy=self.meter.energy(cpu_seconds=self.cpu_seconds) if ended else Energy(0, Method.NONE),
        )
        self.on_usage(usage)
        return usage
